"""MLflow's ASGI app, unchanged, with our routes dispatched before it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from starlette.applications import Starlette
from starlette.routing import Mount
from starlette.types import ASGIApp, Receive, Scope, Send

from .artifactroots import ArtifactRoots
from .artifacts import ArtifactRoutes
from .changes import ChangeRoutes
from .database import Database
from .firstcall import WITHOUT_STORE
from .frozen import let_mlflow_read
from .memory import GivingBack, Memory
from .newstore import NewStore
from .permits import Everybody, Permits
from .routes import HANDLERS, ColumnRoutes
from .settings import Settings
from .sortedsearch import SortedSearch
from .storefaults import StoreFaults
from .takeover import Takeover
from .watchdog import Watchdog

PREFIX = "/jupyterlab-experiments"


def make_app(settings: Settings, mlflow_app: ASGIApp) -> ASGIApp:
    """Everything that one tracking server answers."""
    database, memory = Database(settings.tracking_uri), Memory()
    roots = ArtifactRoots(settings, database)
    ours = our_app(Routes(database, roots, memory, Everybody()))
    theirs = SortedSearch(Takeover(roots, mlflow_app), database)
    dispatch = Dispatch(ours, mlflow_app, NewStore(theirs, settings))
    if database.path:
        let_mlflow_read(database.path)
    place = database.path or "database"
    return Watchdog(GivingBack(StoreFaults(dispatch, place), memory))


@dataclass(frozen=True)
class Routes:
    """What our routes need."""

    database: Database
    roots: ArtifactRoots
    memory: Memory
    permits: Permits


def our_app(needs: Routes) -> Starlette:
    """Our own routes, below their prefix."""
    routes: list[Any] = [
        *ColumnRoutes(needs.database, needs.memory, needs.permits).routes(),
        *ArtifactRoutes(needs.roots, needs.permits).routes(),
        *ChangeRoutes(needs.database, needs.permits).routes(),
    ]
    return Starlette(routes=[Mount(PREFIX, routes=routes)], exception_handlers=HANDLERS)


class Dispatch:
    """Ours by prefix, all else to MLflow.

    Outside MLflow's app, which ends its routes with a mount at `/`: what is added after that is never
    reached, and its middleware would buffer our streams.
    """

    def __init__(self, ours: ASGIApp, theirs: ASGIApp, with_store: ASGIApp) -> None:
        self._ours = ours
        self._theirs = theirs
        self._with_store = with_store

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """One ASGI connection."""
        path = scope.get("path", "")
        app = self._with_store
        if scope["type"] != "http" or path.startswith(WITHOUT_STORE):
            app = self._theirs
        elif path.startswith(f"{PREFIX}/"):
            app = self._ours
        await app(scope, receive, send)
