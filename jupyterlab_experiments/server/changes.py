"""Something was committed: one stream for each running child, told to all tabs as Jupyter events."""

from __future__ import annotations

import asyncio
import contextlib
import json
import logging
from collections.abc import Callable, Sequence
from typing import Any

import httpx

from .contract import BASE, EVENT_SCHEMA_ID

EVENT_SCHEMA: dict[str, Any] = {
    "$id": EVENT_SCHEMA_ID,
    "version": "1",
    "title": "Experiments store changed",
    "description": "Something was committed to the store of a connection.",
    "personal-data": False,
    "type": "object",
    "required": ["connection_id", "sequence"],
    "properties": {
        "connection_id": {"type": "string", "description": "Id of the connection."},
        "sequence": {"type": "integer", "description": "Grows with each change while this server runs."},
    },
}

Emit = Callable[[dict[str, Any]], object]


class Changes:
    """Listens to one child, across its restarts, and emits for the connections that it serves."""

    def __init__(self, connection_ids: Callable[[], Sequence[str]], emit: Emit, log: logging.Logger) -> None:
        self._connection_ids = connection_ids
        self._emit = emit
        self._log = log
        self._sequence = 0
        self._task: asyncio.Task[None] | None = None

    def listen(self, client: httpx.AsyncClient) -> None:
        """Follow the process behind this client until it ends."""
        self.close()
        self._task = asyncio.ensure_future(self._follow(client))

    def close(self) -> None:
        """Follow nobody."""
        if self._task is not None:
            self._task.cancel()

    async def _follow(self, client: httpx.AsyncClient) -> None:
        # The stream ends with the process: then there is nothing more to hear.
        with contextlib.suppress(httpx.HTTPError, httpx.StreamError, RuntimeError):
            async with client.stream("GET", f"/{BASE}/changes") as answer:
                if answer.status_code != 200:
                    self._log.debug("experiments: this store has no change stream (%s)", answer.status_code)
                    return
                async for line in answer.aiter_lines():
                    if line.startswith("data:"):
                        self._heard(line[5:])

    def _heard(self, text: str) -> None:
        try:
            is_change = isinstance(json.loads(text), dict)
        except ValueError:
            is_change = False
        if not is_change:
            return
        # Our own count: the child's begins again with each of its processes.
        self._sequence += 1
        for connection_id in self._connection_ids():
            self._emit({"connection_id": connection_id, "sequence": self._sequence})
