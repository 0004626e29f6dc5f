"""Our routes beside MLflow's on a team's own server: `mlflow server --app-name jupyterlab-experiments`.

MLflow takes one app name only. With `JUPYTERLAB_EXPERIMENTS_AUTH=basic-auth`, or the name of any other
`mlflow.app`, that app is the one beside which ours stand, and it is asked for permission.
"""

from __future__ import annotations

import importlib
import importlib.metadata
import os
import types
from typing import Any

from starlette.types import ASGIApp, Receive, Scope, Send

from .app import PREFIX, Routes, our_app
from .artifactroots import ArtifactRoots
from .database import Database
from .memory import GivingBack, Memory
from .permits import AsMlflow
from .settings import Settings
from .storefaults import StoreFaults

#: Name of the `mlflow.app` to stand beside; empty: MLflow's own, without users.
AUTH_VARIABLE = "JUPYTERLAB_EXPERIMENTS_AUTH"
_OWN_NAME = "jupyterlab-experiments"


class PluginError(Exception):
    """The server cannot be started so, and what to do."""


def create_app() -> ASGIApp:
    """An ASGI app; raises PluginError. It is a factory: MLflow calls it without arguments."""
    from mlflow.server import constants

    if os.environ.get(constants.ARTIFACTS_ONLY_ENV_VAR):
        raise PluginError("A server of artifacts alone has no runs: start it without --app-name.")
    settings = _settings(constants)
    mlflow_app = _app_beside(os.environ.get(AUTH_VARIABLE, "").strip())
    database, memory = Database(settings.tracking_uri), Memory()
    roots = ArtifactRoots(settings, database, is_confined=True)
    ours = our_app(Routes(database, roots, memory, AsMlflow(mlflow_app, database)))
    return Beside(GivingBack(StoreFaults(ours, "of this server"), memory), mlflow_app)


class Beside:
    """Ours by prefix, all else to MLflow."""

    def __init__(self, ours: ASGIApp, theirs: ASGIApp) -> None:
        self._ours = ours
        self._theirs = theirs

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """One ASGI connection."""
        is_ours = scope["type"] == "http" and scope["path"].startswith(f"{PREFIX}/")
        await (self._ours if is_ours else self._theirs)(scope, receive, send)


def _settings(constants: Any) -> Settings:
    """What `mlflow server` was started with; `artifact_root` is where it keeps what it proxies."""
    environ = os.environ
    tracking_uri = environ.get(constants.BACKEND_STORE_URI_ENV_VAR, "")
    root = environ.get(constants.ARTIFACTS_DESTINATION_ENV_VAR) or environ.get(
        constants.ARTIFACT_ROOT_ENV_VAR, ""
    )
    return Settings(tracking_uri, root, environ.get(constants.REGISTRY_STORE_URI_ENV_VAR))


def _app_beside(name: str) -> ASGIApp:
    if not name:
        from mlflow.server import fastapi_app

        own: ASGIApp = fastapi_app.app
        return own
    if name == _OWN_NAME:
        raise PluginError(f"{AUTH_VARIABLE} must name another app than this one, such as basic-auth.")
    found = [entry for entry in importlib.metadata.entry_points(group="mlflow.app") if entry.name == name]
    if not found:
        raise PluginError(f"{AUTH_VARIABLE}={name}: there is no such mlflow.app; basic-auth is MLflow's own.")
    made: Any = found[0].load()
    made = made() if isinstance(made, types.FunctionType) else made
    if not callable(made) or hasattr(made, "wsgi_app"):
        raise PluginError(f"The app {name} is none for uvicorn: start the server without it.")
    app: ASGIApp = made
    return app
