"""The first call that needs the store makes an SQLite file; no other call opens the store beside it."""

from __future__ import annotations

import os

import anyio
import anyio.to_thread
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from ..newsqlite import make_whole
from .settings import Settings

_REGISTRY = ("/registered-models", "/model-versions")


class NewStore:
    """MLflow's app, whose first requests come one by one.

    MLflow opens its store with the first request, without a lock: two of them would both make its tables.
    """

    def __init__(self, mlflow_app: ASGIApp, settings: Settings, path: str | None) -> None:
        self._mlflow_app = mlflow_app
        self._settings = settings
        self._path = path
        self._tracking = anyio.Lock()
        self._registry = anyio.Lock()
        self._is_open: set[anyio.Lock] = set()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """One request that needs the store."""
        gate = self._registry if any(part in scope["path"] for part in _REGISTRY) else self._tracking
        if gate in self._is_open:
            await self._mlflow_app(scope, receive, send)
            return

        async def watch(message: Message) -> None:
            if message["type"] == "http.response.start" and message["status"] < 500:
                self._is_open.add(gate)
            await send(message)

        async with self._tracking:
            await anyio.to_thread.run_sync(self._make)
        async with gate:
            if gate not in self._is_open:
                await self._mlflow_app(scope, receive, watch)
                return
        await self._mlflow_app(scope, receive, send)

    def _make(self) -> None:
        if self._path is None or os.path.exists(self._path) or not os.path.isdir(os.path.dirname(self._path)):
            return
        make_whole(self._settings.tracking_uri, self._path, self._build)

    def _build(self, uri: str) -> None:
        from mlflow.store.tracking.sqlalchemy_store import SqlAlchemyStore

        store = SqlAlchemyStore(uri, self._settings.artifact_root)  # type: ignore[no-untyped-call]
        store.engine.dispose()
