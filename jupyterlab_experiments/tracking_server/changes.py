"""“Something was committed”, as server-sent events."""

from __future__ import annotations

import asyncio
import json
import math
import os
import sqlite3
import time
from collections.abc import AsyncIterator, Sequence
from contextlib import suppress
from typing import Any

import anyio.to_thread
import pyarrow as pa
from starlette.requests import Request
from starlette.responses import Response, StreamingResponse
from starlette.routing import Route

from .database import Database, quoted
from .errors import StoreBusyError, StoreNotReadableError
from .permits import Permits
from .sqlite import connect_sqlite

SQLITE_INTERVAL_S = 0.1
OTHER_INTERVAL_S = 2.0
KEEP_ALIVE_S = 15.0
#: Seconds that a stream lasts whose listener may hear of some experiments only.
LIFE_S = 300.0

_FOUR = (
    "select count(*), coalesce(max(start_time), 0), coalesce(max(end_time), 0) from runs{where_mine}",
    "select count(*), coalesce(max(creation_time), 0), coalesce(max(last_update_time), 0)"
    " from experiments{where_mine}",
    "select count(*), coalesce(max({timestamp}), 0), coalesce(max({step}), 0) from latest_metrics {of_live}",
    "select count(*), (select count(*) from runs where lifecycle_stage = 'deleted'{and_mine}), 0"
    " from tags {of_live}",
)
_OF_LIVE = "where run_uuid in (select run_uuid from runs where status = 'RUNNING'{and_mine})"
_NUMBERS = pa.schema([("a", pa.int64()), ("b", pa.int64()), ("c", pa.int64())])


def _statements(experiment_ids: Sequence[int] | None) -> list[str]:
    mine = "" if experiment_ids is None else f"experiment_id in ({', '.join(map(str, experiment_ids))})"
    and_mine = f" and {mine}" if mine else ""
    parts = {
        "where_mine": f" where {mine}" if mine else "",
        "and_mine": and_mine,
        "of_live": _OF_LIVE.format(and_mine=and_mine),
    }
    # The names of columns are filled in by whoever knows the database.
    return [sql.format(timestamp="{timestamp}", step="{step}", **parts) for sql in _FOUR]


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
    """The same for other databases, by four cheap queries; misses edits of tags of ended runs.

    With experiments, of those alone.
    """

    def __init__(self, database: Database, experiment_ids: Sequence[int] | None = None) -> None:
        self._database = database
        self._last: Any = None
        self._statements = _statements(experiment_ids)

    def read(self) -> Any:
        """Blocks for some tens of milliseconds; a database that is away has not changed."""
        with suppress(StoreBusyError), self._database.reader() as reader:
            names = {name: quoted(reader.dialect, name) for name in ("timestamp", "step")}
            self._last = [
                reader.read(statement.format(**names), (), _NUMBERS).to_pylist()
                for statement in self._statements
            ]
        return self._last

    def close(self) -> None:
        """Nothing is held."""


class ChangeRoutes:
    """`changes`: one number for each listener, counted up while it listens."""

    def __init__(self, database: Database, permits: Permits) -> None:
        self._database = database
        self._permits = permits

    def routes(self) -> list[Route]:
        """Relative to our prefix."""
        return [Route("/changes", self._changes, methods=["GET"])]

    async def _changes(self, request: Request) -> Response:
        experiment_ids = await self._permits.changes(request)
        if self._database.dialect is None:
            raise StoreNotReadableError("This store does not say when it changes.")
        headers = {"Cache-Control": "no-store", "X-Accel-Buffering": "no"}
        events = self._events(experiment_ids)
        return StreamingResponse(events, media_type="text/event-stream", headers=headers)

    async def _events(self, experiment_ids: Sequence[int] | None) -> AsyncIterator[str]:
        path = self._database.path if experiment_ids is None else None
        mark = SqliteMark(path) if path else QueriedMark(self._database, experiment_ids)
        # Who may hear of what is asked anew with each stream.
        end = time.monotonic() + (math.inf if experiment_ids is None else LIFE_S)
        sequence = 0
        try:
            seen, said = await anyio.to_thread.run_sync(mark.read), time.monotonic()
            yield ": open\n\n"
            while time.monotonic() < end:
                await asyncio.sleep(SQLITE_INTERVAL_S if path else OTHER_INTERVAL_S)
                now = mark.read() if path else await anyio.to_thread.run_sync(mark.read)
                if now != seen:
                    seen, said = now, time.monotonic()
                    sequence += 1
                    yield f"data: {json.dumps({'sequence': sequence})}\n\n"
                elif time.monotonic() - said > KEEP_ALIVE_S:
                    said = time.monotonic()
                    yield ": still here\n\n"
        finally:
            mark.close()
