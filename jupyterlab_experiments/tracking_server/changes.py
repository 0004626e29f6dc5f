"""“Something was committed”, as server-sent events."""

from __future__ import annotations

import asyncio
import json
import os
import sqlite3
import time
from collections.abc import AsyncIterator
from contextlib import suppress
from typing import Any

import anyio.to_thread
import pyarrow as pa
from starlette.requests import Request
from starlette.responses import Response, StreamingResponse
from starlette.routing import Route

from .database import Database, quoted
from .errors import StoreBusyError, StoreNotReadableError
from .sqlite import connect_sqlite

SQLITE_INTERVAL_S = 0.1
OTHER_INTERVAL_S = 2.0
KEEP_ALIVE_S = 15.0

_LIVE = "where run_uuid in (select run_uuid from runs where status = 'RUNNING')"
_DELETED = "(select count(*) from runs where lifecycle_stage = 'deleted')"
_FOUR = (
    ("count(*)", "coalesce(max(start_time), 0)", "coalesce(max(end_time), 0)", "from runs"),
    ("count(*)", "coalesce(max(creation_time), 0)", "coalesce(max(last_update_time), 0)", "from experiments"),
    ("count(*)", "coalesce(max({timestamp}), 0)", "coalesce(max({step}), 0)", f"from latest_metrics {_LIVE}"),
    ("count(*)", _DELETED, "0", f"from tags {_LIVE}"),
)
_NUMBERS = pa.schema([("a", pa.int64()), ("b", pa.int64()), ("c", pa.int64())])


class SqliteMark:
    """Differs after every commit of another connection, and when the file appears or is replaced."""

    def __init__(self, path: str) -> None:
        self._path = path
        self._connection: sqlite3.Connection | None = None
        self._file: tuple[int, int] | None = None
        self._version: Any = None

    def read(self) -> Any:
        """Microseconds; never makes the file."""
        file = self._identity()
        if file != self._file:
            self.close()
            self._file = file
        if file is None:
            return None
        try:
            if self._connection is None:
                self._connection = connect_sqlite(self._path, timeout_s=0)
            self._version = self._connection.execute("PRAGMA data_version").fetchone()[0]
        except sqlite3.Error:
            # Locked in this instant: what is being committed is seen the next time.
            return (file, self._version)
        return (file, self._version)

    def close(self) -> None:
        """End the connection."""
        if self._connection is not None:
            self._connection.close()
            self._connection = None

    def _identity(self) -> tuple[int, int] | None:
        try:
            found = os.stat(self._path)
        except OSError:
            return None
        return (found.st_dev, found.st_ino) if found.st_size else None


class QueriedMark:
    """The same for other databases, by four cheap queries; misses edits of tags of ended runs."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._last: Any = None

    def read(self) -> Any:
        """Blocks for some tens of milliseconds; a database that is away has not changed."""
        with suppress(StoreBusyError), self._database.reader() as reader:
            names = {name: quoted(reader.dialect, name) for name in ("timestamp", "step")}
            self._last = [
                reader.read(f"select {a}, {b}, {c} {rest}".format(**names), (), _NUMBERS).to_pylist()
                for a, b, c, rest in _FOUR
            ]
        return self._last

    def close(self) -> None:
        """Nothing is held."""


class ChangeRoutes:
    """`changes`: one number, counted up while anybody listens."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._sequence = 0

    def routes(self) -> list[Route]:
        """Relative to our prefix."""
        return [Route("/changes", self._changes, methods=["GET"])]

    async def _changes(self, _request: Request) -> Response:
        if self._database.dialect is None:
            raise StoreNotReadableError("This store does not say when it changes.")
        headers = {"Cache-Control": "no-store", "X-Accel-Buffering": "no"}
        return StreamingResponse(self._events(), media_type="text/event-stream", headers=headers)

    async def _events(self) -> AsyncIterator[str]:
        path = self._database.path
        mark: SqliteMark | QueriedMark = SqliteMark(path) if path else QueriedMark(self._database)
        try:
            seen, said = await anyio.to_thread.run_sync(mark.read), time.monotonic()
            yield ": open\n\n"
            while True:
                await asyncio.sleep(SQLITE_INTERVAL_S if path else OTHER_INTERVAL_S)
                now = mark.read() if path else await anyio.to_thread.run_sync(mark.read)
                if now != seen:
                    seen, said = now, time.monotonic()
                    self._sequence += 1
                    yield f"data: {json.dumps({'sequence': self._sequence})}\n\n"
                elif time.monotonic() - said > KEEP_ALIVE_S:
                    said = time.monotonic()
                    yield ": still here\n\n"
        finally:
            mark.close()
