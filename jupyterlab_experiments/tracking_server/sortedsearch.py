"""`runs/search` by a metric, param or tag on a large SQLite store: sorted here, its runs told by MLflow."""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import anyio
import anyio.to_thread
import pyarrow as pa
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.types import ASGIApp, Receive, Scope, Send

from .database import Database
from .encoding import error_response
from .errors import BadRequestError, RouteError
from .inprocess import Answer, ask, replayed
from .mlflowsearch import Search, decode_search, filtered_run_ids, next_page_token
from .requests import Selection
from .runorder import has_more_runs, is_costly, ordered_run_ids
from .selection import condition_of

#: Up to so many runs MLflow's own query takes a fraction of a second.
MOST_RUNS_OF_MLFLOW = 2_000
_SEARCH = re.compile(r"^/(?:ajax-)?api/[23]\.0/mlflow/runs/search$")
_RUNS_A_QUESTION = 200
_SORTS_AT_A_TIME = 1


@dataclass(frozen=True)
class Page:
    """Ids of one page in their order, and the token of the next one."""

    run_ids: Sequence[str]
    next_page_token: str | None


class SortedSearch:
    """An ASGI app before MLflow's."""

    def __init__(self, mlflow_app: ASGIApp, database: Database) -> None:
        self._mlflow_app = mlflow_app
        self._database = database
        self._limiter: anyio.CapacityLimiter | None = None

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """The sorted page, or MLflow's answer, its errors included."""
        if not self._may_be_ours(scope):
            await self._mlflow_app(scope, receive, send)
            return
        body = await Request(scope, receive).body()
        ours = await self._answer(scope, body)
        if ours is None:
            await self._mlflow_app(scope, replayed(body, receive), send)
        else:
            await ours(scope, receive, send)

    def _may_be_ours(self, scope: Scope) -> bool:
        if scope["type"] != "http" or scope["method"] != "POST" or self._database.path is None:
            return False
        return _SEARCH.match(scope["path"]) is not None

    async def _answer(self, scope: Scope, body: bytes) -> Response | None:
        try:
            search = decode_search(body)
            if search is None or not is_costly(search.clauses):
                return None
            self._limiter = self._limiter or anyio.CapacityLimiter(_SORTS_AT_A_TIME)
            page = await anyio.to_thread.run_sync(self._page, search, limiter=self._limiter)
            return None if page is None else await self._told(scope, search, page)
        except RouteError as error:
            return error_response(error.error_code, str(error), error.status)

    def _page(self, search: Search) -> Page | None:
        """The page's run ids; None for experiments that MLflow may sort itself."""
        if not self._database.exists():
            return None
        with self._database.reader() as reader:
            if not has_more_runs(reader, search.experiment_ids, MOST_RUNS_OF_MLFLOW):
                return None
            condition = condition_of(
                Selection(tuple(map(str, search.experiment_ids)), view_type=search.view_type)
            )
            only = pa.array(filtered_run_ids(search), pa.string()) if search.filter else None
            ordered = ordered_run_ids(reader, condition, search.clauses, only)
        end = search.offset + search.max_results
        token = next_page_token(end) if len(ordered) > end else None
        return Page(ordered.slice(search.offset, search.max_results).to_pylist(), token)

    async def _told(self, scope: Scope, search: Search, page: Page) -> Response:
        """MLflow's own JSON of the runs, in the page's order; runs that went meanwhile are left out."""
        found: dict[str, Any] = {}
        for start in range(0, len(page.run_ids), _RUNS_A_QUESTION):
            answer = await self._ask(scope, search, page.run_ids[start : start + _RUNS_A_QUESTION])
            if answer.status != 200:
                return Response(answer.body, answer.status, media_type="application/json")
            for run in json.loads(answer.body).get("runs", []):
                found[run["info"]["run_id"]] = run
        told: dict[str, Any] = {}
        if found:
            told["runs"] = [found[run_id] for run_id in page.run_ids if run_id in found]
        if page.next_page_token:
            told["next_page_token"] = page.next_page_token
        return JSONResponse(told)

    async def _ask(self, scope: Scope, search: Search, run_ids: Sequence[str]) -> Answer:
        if not all(re.fullmatch(r"[\w-]+", run_id) for run_id in run_ids):
            raise BadRequestError("This store has run ids that cannot be asked for together.")
        names = ", ".join(f"'{run_id}'" for run_id in run_ids)
        question = {
            "experiment_ids": list(map(str, search.experiment_ids)),
            "filter": f"attributes.run_id IN ({names})",
            "run_view_type": "ALL",
            "max_results": len(run_ids),
        }
        return await ask(self._mlflow_app, scope, (scope["method"], scope["path"]), question)
