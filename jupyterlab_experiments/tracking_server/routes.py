"""HTTP of the columnar routes: JSON checked, one read in a thread, Arrow encoded."""

from __future__ import annotations

import dataclasses
import json
import platform
from collections.abc import Callable
from typing import Any, TypeVar

import anyio
import anyio.to_thread
import pyarrow as pa
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from .._version import __version__
from .database import Database, Reader
from .encoding import ARROW, arrow_bytes, encoded_response, error_response, json_response
from .errors import BadRequestError, RouteError, StoreNotReadableError
from .history import empty_history, read_history
from .memory import Memory
from .permits import Permits, RefusedError
from .requests import decode_history_request, decode_selection, decode_table_request
from .runtable import empty_table, read_keys, read_table
from .structure import Structure

# A table of 100,000 runs takes 400 MB at its peak: no more than two at a time.
_READS_AT_A_TIME = 2
_MOST_BYTES = 4 * 1024 * 1024

Answer = TypeVar("Answer")


class ColumnRoutes:
    """`runs-table`, `keys`, `metric-history` and `info` of one store."""

    def __init__(self, database: Database, memory: Memory, permits: Permits) -> None:
        self._database = database
        self._memory = memory
        self._permits = permits
        self._structure = Structure(database)
        self._limiter: anyio.CapacityLimiter | None = None

    def routes(self) -> list[Route]:
        """Relative to our prefix."""
        return [
            Route("/runs-table", self._runs_table, methods=["POST"]),
            Route("/keys", self._keys, methods=["POST"]),
            Route("/metric-history", self._metric_history, methods=["POST"]),
            Route("/info", self._info, methods=["GET"]),
        ]

    async def _runs_table(self, request: Request) -> Response:
        asked = decode_table_request(await _json(request))
        allowed = await self._permits.selection(request, asked.selection)
        asked = dataclasses.replace(asked, selection=allowed)
        return await self._answer(
            request, lambda reader: read_table(reader, asked) if reader else empty_table(asked), _arrow
        )

    async def _keys(self, request: Request) -> Response:
        asked = decode_selection(await _json(request))
        selection = await self._permits.selection(request, asked)
        nothing: dict[str, Any] = {"metrics": [], "params": [], "tags": []}
        return await self._answer(
            request, lambda reader: read_keys(reader, selection) if reader else nothing, json_response
        )

    async def _metric_history(self, request: Request) -> Response:
        asked = decode_history_request(await _json(request))
        await self._permits.runs(request, asked.run_ids)
        return await self._answer(
            request, lambda reader: read_history(reader, asked) if reader else empty_history(), _arrow
        )

    async def _info(self, request: Request) -> Response:
        from mlflow.version import VERSION

        await self._permits.anybody(request)
        return JSONResponse(
            {
                "package": "jupyterlab-experiments",
                "version": __version__,
                "protocol": 1,
                "mlflow_version": VERSION,
                "python": platform.python_version(),
                "dialect": self._database.dialect,
                "columns": await anyio.to_thread.run_sync(self._structure.is_readable),
            }
        )

    async def _answer(
        self,
        request: Request,
        read: Callable[[Reader | None], Answer],
        encode: Callable[[Request, Answer], Response],
    ) -> Response:
        self._limiter = self._limiter or anyio.CapacityLimiter(_READS_AT_A_TIME)

        def work() -> Response:
            response = encode(request, self._read(read))
            # Before the answer is sent: its client may be slow.
            self._memory.give_back()
            return response

        return await anyio.to_thread.run_sync(work, limiter=self._limiter)

    def _read(self, read: Callable[[Reader | None], Answer]) -> Answer:
        if self._database.dialect is None:
            raise StoreNotReadableError("This store cannot be read as columns.")
        # An SQLite file that nobody has written yet is not made by asking for its runs.
        if not self._database.exists():
            return read(None)
        with self._database.reader() as reader:
            return read(reader if self._structure.check(reader) else None)


async def answer_error(_request: Request, error: Exception) -> Response:
    """A RouteError in MLflow's words."""
    assert isinstance(error, RouteError)
    return error_response(error.error_code, str(error), error.status)


async def answer_refusal(_request: Request, error: Exception) -> Response:
    """What MLflow answered, in its own words."""
    assert isinstance(error, RefusedError)
    kept = {
        name.decode("latin-1"): value.decode("latin-1")
        for name, value in error.answer.headers
        if name.lower() in (b"content-type", b"www-authenticate")
    }
    return Response(error.answer.body, error.answer.status, headers=kept)


async def answer_http_error(_request: Request, error: Exception) -> Response:
    """An unknown path or method of ours."""
    assert isinstance(error, HTTPException)
    return error_response("ENDPOINT_NOT_FOUND", error.detail, error.status_code)


async def answer_fault(_request: Request, error: Exception) -> Response:
    """A fault of ours; uvicorn logs it."""
    return error_response("INTERNAL_ERROR", f"{type(error).__name__}: {error}", 500)


HANDLERS: dict[Any, Any] = {
    RouteError: answer_error,
    RefusedError: answer_refusal,
    HTTPException: answer_http_error,
    Exception: answer_fault,
}


async def _json(request: Request) -> Any:
    body = b""
    async for chunk in request.stream():
        body += chunk
        if len(body) > _MOST_BYTES:
            raise BadRequestError("The request is too long.")
    try:
        return json.loads(body or b"{}")
    except (ValueError, RecursionError) as error:
        raise BadRequestError(f"The request is not JSON: {error}") from error


def _arrow(request: Request, table: pa.Table) -> Response:
    return encoded_response(request, arrow_bytes(table), ARROW)
