"""Who may read and write what: everybody in a child of ours, on a team's server whom MLflow's app lets."""

from __future__ import annotations

import asyncio
import dataclasses
import json
import urllib.parse
from collections.abc import Sequence
from typing import Any, Protocol

import anyio.to_thread
import pyarrow as pa
from starlette.requests import Request
from starlette.types import ASGIApp

from .database import Database
from .errors import NotFoundError, RouteError
from .inprocess import Answer, ask
from .requests import Selection

_API = "/api/2.0/mlflow"
_ID = pa.schema([("run_id", pa.string())])
# Each question costs one check of a password.
_QUESTIONS_AT_A_TIME = 8
_A_PAGE = 1_000


class RefusedError(Exception):
    """MLflow's own answer to somebody who may not."""

    def __init__(self, answer: Answer) -> None:
        super().__init__(f"refused with {answer.status}")
        self.answer = answer


class ForbiddenError(RouteError):
    """Somebody who is known may not do this."""

    error_code = "PERMISSION_DENIED"
    status = 403


class Permits(Protocol):
    """Asked by each route before it reads or writes; raises RefusedError or a RouteError."""

    async def anybody(self, request: Request) -> None:
        """May they ask this server anything?"""

    async def selection(self, request: Request, selection: Selection) -> Selection:
        """The runs of a selection that they may read; named experiments must all be theirs to read."""

    async def runs(self, request: Request, run_ids: Sequence[str]) -> None:
        """May they read all these runs?"""

    async def artifacts(self, request: Request, owner: str) -> None:
        """May they read, or by PUT write, the artifacts of `runs/<id>` or `models/<id>`?"""

    async def changes(self, request: Request) -> Sequence[int] | None:
        """Of which experiments they may hear that something changed; None: of all."""


class Everybody:
    """Whoever reaches a child of ours: its socket lies in a private folder."""

    async def anybody(self, request: Request) -> None:
        """Yes."""

    async def selection(self, request: Request, selection: Selection) -> Selection:  # noqa: ARG002 as asked
        """As asked."""
        return selection

    async def runs(self, request: Request, run_ids: Sequence[str]) -> None:
        """Yes."""

    async def artifacts(self, request: Request, owner: str) -> None:
        """Yes."""

    async def changes(self, request: Request) -> Sequence[int] | None:  # noqa: ARG002 of all
        """Of all."""
        return None


class AsMlflow:
    """Asks MLflow's app in this process, with the caller's own headers: its host check comes along."""

    def __init__(self, mlflow_app: ASGIApp, database: Database) -> None:
        self._mlflow_app = mlflow_app
        self._database = database

    async def anybody(self, request: Request) -> None:
        """Who may search for experiments, though they may find none."""
        await self._must(request, ("GET", f"{_API}/experiments/search?max_results=1"))

    async def selection(self, request: Request, selection: Selection) -> Selection:
        """Without experiments: those that MLflow tells them of."""
        ids = selection.experiment_ids
        if ids is None:
            ids = tuple(await self._readable(request, "ALL" if selection.notebook else "ACTIVE_ONLY"))
            ids = tuple(await self._with_readable_runs(request, ids))
            return dataclasses.replace(selection, experiment_ids=ids)
        if not ids:
            await self.anybody(request)
        await self._all(request, [_question("experiments/get", experiment_id=id_) for id_ in ids])
        # Who may read an experiment may still not read its runs: it is the same for all of them.
        await self._all(request, [_of_run(run_id) for run_id in (await self._samples(ids)).values()])
        return selection

    async def runs(self, request: Request, run_ids: Sequence[str]) -> None:
        """Each must be one of theirs; one that is not there is refused as MLflow refuses it."""
        if not run_ids:
            await self.anybody(request)
        await self._all(request, [_of_run(run_id) for run_id in run_ids])

    async def artifacts(self, request: Request, owner: str) -> None:
        """To write needs the right to change the run or model: a change of nothing is tried."""
        kind, _, id_ = owner.partition("/")
        if kind == "models":
            model = f"{_API}/logged-models/{urllib.parse.quote(id_, safe='')}"
            await self._must(request, ("GET", model))
            if request.method == "PUT":
                await self._must(request, ("PATCH", f"{model}/tags"), {"tags": []})
            return
        await self._must(request, _of_run(id_))
        if request.method == "PUT":
            nothing: dict[str, Any] = {"run_id": id_, "metrics": [], "params": [], "tags": []}
            await self._must(request, ("POST", f"{_API}/runs/log-batch"), nothing)

    async def changes(self, request: Request) -> Sequence[int] | None:
        """Of the experiments that are named, or of those that they may read now."""
        asked = tuple(request.query_params.getlist("experiment_ids"))
        selection = await self.selection(request, Selection(asked or None))
        ids = [int(id_) for id_ in selection.experiment_ids or () if id_.isascii() and id_.isdigit()]
        if not ids:
            raise ForbiddenError("You may read no experiment of this server.")
        return ids

    async def _readable(self, request: Request, view_type: str) -> list[str]:
        found: list[str] = []
        token = ""
        while True:
            body = {"max_results": _A_PAGE, "view_type": view_type, "page_token": token}
            answer = await self._must(request, ("POST", f"{_API}/experiments/search"), body)
            page = json.loads(answer.body)
            found += [experiment["experiment_id"] for experiment in page.get("experiments", [])]
            token = page.get("next_page_token", "")
            if not token:
                return found

    async def _with_readable_runs(self, request: Request, ids: Sequence[str]) -> list[str]:
        samples = await self._samples(ids)
        answers = await self._answers(request, list(map(_of_run, samples.values())))
        refused = {id_ for id_, answer in zip(samples, answers, strict=True) if answer.status != 200}
        return [id_ for id_ in ids if id_ not in refused]

    async def _samples(self, ids: Sequence[str]) -> dict[str, str]:
        """A run of each experiment that has any."""
        return await anyio.to_thread.run_sync(self._read_samples, ids)

    def _read_samples(self, ids: Sequence[str]) -> dict[str, str]:
        found: dict[str, str] = {}
        if self._database.dialect is None or not self._database.exists():
            return found
        with self._database.reader() as reader:
            for id_ in ids:
                if id_.isascii() and id_.isdigit():
                    sql = "select min(run_uuid) from runs where experiment_id = ?"
                    run_id = reader.read(sql, [int(id_)], _ID)["run_id"][0].as_py()
                    if run_id:
                        found[id_] = str(run_id)
        return found

    async def _all(self, request: Request, questions: Sequence[tuple[str, str]]) -> None:
        for answer in await self._answers(request, questions):
            if answer.status != 200:
                raise RefusedError(answer)

    async def _answers(self, request: Request, questions: Sequence[tuple[str, str]]) -> list[Answer]:
        limit = asyncio.Semaphore(_QUESTIONS_AT_A_TIME)

        async def one(question: tuple[str, str]) -> Answer:
            async with limit:
                return await ask(self._mlflow_app, request.scope, question)

        return list(await asyncio.gather(*map(one, questions)))

    async def _must(self, request: Request, line: tuple[str, str], body: Any = None) -> Answer:
        answer = await ask(self._mlflow_app, request.scope, line, body)
        if answer.status != 200:
            raise RefusedError(answer)
        return answer


def _of_run(run_id: str) -> tuple[str, str]:
    if not run_id:
        raise NotFoundError("There is no run without an id.")
    return _question("runs/get", run_id=run_id)


def _question(route: str, **query: str) -> tuple[str, str]:
    return "GET", f"{_API}/{route}?{urllib.parse.urlencode(query)}"
