"""The first call that needs the store makes an SQLite file; no other call opens the store beside it."""

from __future__ import annotations

import anyio
import anyio.to_thread
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from .firstcall import is_of_registry, make_missing
from .settings import Settings


class NewStore:
    """MLflow's app, whose first requests come one by one.

    MLflow opens its store with the first request, without a lock: two of them would both make its tables.
    """

    def __init__(self, mlflow_app: ASGIApp, settings: Settings) -> None:
        self._mlflow_app = mlflow_app
        self._settings = settings
        self._tracking = anyio.Lock()
        self._registry = anyio.Lock()
        self._is_open: set[anyio.Lock] = set()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """One request that needs the store."""
        gate = self._registry if is_of_registry(scope["path"]) else self._tracking
        if gate in self._is_open:
            await self._mlflow_app(scope, receive, send)
            return

        async def watch(message: Message) -> None:
            if message["type"] == "http.response.start" and message["status"] < 500:
                self._is_open.add(gate)
            await send(message)

        async with self._tracking:
            await anyio.to_thread.run_sync(make_missing, self._settings)
        async with gate:
            if gate not in self._is_open:
                await self._mlflow_app(scope, receive, watch)
                return
        await self._mlflow_app(scope, receive, send)
