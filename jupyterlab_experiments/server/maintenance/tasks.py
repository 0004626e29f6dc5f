"""Upgrading and copying stores: when asked for, one task at a time, its tracking server stopped meanwhile."""

from __future__ import annotations

import asyncio
import contextlib
import json
import logging
import os
import secrets
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from typing import Literal

from ... import tracking_uri as uris
from ..connections.catalogue import Spec
from ..errors import BadRequest, ExperimentsError, TrackingServerUnavailable
from ..processes.process import Launch, Process

What = Literal["upgrade", "copy"]
StateName = Literal["running", "done", "failed"]
_KEPT_TASKS = 100


@dataclass
class Task:
    """One piece of work: how it stands, its last words, and the connection that it made, if any."""

    id: str
    what: What
    connection_id: str
    place: str
    state: StateName = "running"
    message: str = "Starting…"
    made: Spec | None = None


@dataclass(frozen=True)
class Workshop:
    """What a task needs of the server around it; each by the connection."""

    #: How to start the process, with these arguments. May block.
    launch: Callable[[Spec, Sequence[str]], Launch]
    #: End the tracking servers that have this file or folder open.
    stop: Callable[[str], Awaitable[None]]
    #: Start the connection's tracking server again, and wait for it.
    start: Callable[[Spec], Awaitable[None]]
    #: Offer the store in a new file. Raises an ExperimentsError before any work when it would be refused.
    check_offer: Callable[[str], None]
    offer: Callable[[str], Awaitable[Spec]]


class Maintenance:
    """Begins tasks and knows how they stand."""

    def __init__(self, workshop: Workshop, log: logging.Logger) -> None:
        self._workshop = workshop
        self._log = log
        self._tasks: dict[str, Task] = {}
        self._work: dict[str, asyncio.Task[None]] = {}

    def begin(self, spec: Spec, what: str) -> Task:
        """Begin it, or answer the same one under way. Raises BadRequest or ForbiddenConnection."""
        place = _place_of(spec, what)
        running = self._running(place)
        if running is not None:
            if (running.what, running.connection_id) == (what, spec.id):
                return running
            raise BadRequest(f"{os.path.basename(place)} is being worked on already.")
        arguments = ["upgrade", place] if what == "upgrade" else ["copy", place, _free_name(place)]
        if what == "copy":
            self._workshop.check_offer(uris.sqlite_uri(arguments[-1]))
        task = Task(secrets.token_hex(8), "copy" if what == "copy" else "upgrade", spec.id, place)
        self._keep(task)
        self._work[task.id] = asyncio.ensure_future(self._run(task, spec, arguments))
        return task

    def task(self, task_id: str) -> Task:
        """How a task stands. Raises BadRequest."""
        if task_id not in self._tasks:
            raise BadRequest("There is no such task.")
        return self._tasks[task_id]

    def check_free(self, spec: Spec) -> None:
        """Raises TrackingServerUnavailable while a store of the connection is worked on."""
        for place in places_of(spec):
            task = self._running(place)
            if task is not None:
                doing = "upgraded" if task.what == "upgrade" else "copied"
                raise TrackingServerUnavailable(f"{os.path.basename(task.place)} is being {doing}.")

    async def close(self) -> None:
        """End the work; what is not finished leaves the stores as they were."""
        for work in self._work.values():
            work.cancel()
        await asyncio.gather(*self._work.values(), return_exceptions=True)

    def _running(self, place: str) -> Task | None:
        # A copy of them: tracking servers ask from other threads.
        return next((task for task in list(self._tasks.values()) if _is_running(task, place)), None)

    def _keep(self, task: Task) -> None:
        self._tasks[task.id] = task
        for task_id in [key for key, one in self._tasks.items() if one.state != "running"][:-_KEPT_TASKS]:
            del self._tasks[task_id]
            self._work.pop(task_id, None)

    async def _run(self, task: Task, spec: Spec, arguments: Sequence[str]) -> None:
        self._log.info("%s of %s begins", task.what, task.place)
        state: StateName = "failed"
        try:
            await self._workshop.stop(task.place)
            launch = await asyncio.to_thread(self._workshop.launch, spec, arguments)
            is_done = await self._work_in_process(task, launch)
            if is_done and task.what == "copy":
                task.made = await self._workshop.offer(uris.sqlite_uri(arguments[-1]))
            state = "done" if is_done else "failed"
        except (ExperimentsError, OSError) as error:
            task.message = str(error)
        finally:
            # Only now may its tracking server start again.
            task.state = state
            self._log.info("%s of %s: %s. %s", task.what, task.place, state, task.message)
        await self._restart(spec)

    async def _work_in_process(self, task: Task, launch: Launch) -> bool:
        done: list[str] = []

        def hear(line: str) -> None:
            self._log.debug("maintenance: %s", line)
            said = _decode(line)
            task.message = said.get("progress") or said.get("done") or task.message
            done.extend([said["done"]] if said.get("done") else [])

        process = await Process.start(launch, hear)
        try:
            code = await asyncio.shield(process.exited)
        except asyncio.CancelledError:
            await process.stop()
            task.message = "It was stopped with the Jupyter server. Nothing was changed."
            raise
        if code != 0:
            task.message = process.told or f"It ended before it was done (code {code}). Nothing was changed."
        return code == 0 and bool(done)

    async def _restart(self, spec: Spec) -> None:
        try:
            await self._workshop.start(spec)
        except ExperimentsError as error:
            # Its state tells the panel.
            self._log.info("After maintenance: %s", error)


def _is_running(task: Task, place: str) -> bool:
    return task.state == "running" and task.place == place


def _decode(line: str) -> dict[str, str]:
    with contextlib.suppress(ValueError):
        found = json.loads(line)
        if isinstance(found, dict):
            return {str(key): str(value) for key, value in found.items()}
    return {}


def _path_of(uri: str) -> str | None:
    path = uris.sqlite_path(uri)
    if path is None and uris.kind_of(uri) == "file":
        path = uris.file_path(uri)
    return os.path.realpath(path) if path else None


def places_of(spec: Spec) -> list[str]:
    """The files and folders of this machine that a connection opens."""
    return [path for path in map(_path_of, spec.uris) if path]


def _place_of(spec: Spec, what: str) -> str:
    """The file or folder to work on. Raises BadRequest, with what to do instead."""
    kind, path = uris.kind_of(spec.tracking_uri), _path_of(spec.tracking_uri)
    if what not in ("upgrade", "copy"):
        raise BadRequest("What is to be done is either “upgrade” or “copy”.")
    if what == "copy":
        if kind != "file" or path is None:
            raise BadRequest("Only a folder of files can be copied.")
        return path
    if kind == "sql":
        place = uris.without_credentials(spec.tracking_uri)
        raise BadRequest(
            "Only its operator can upgrade this database, after a backup, and with its user and password: "
            f"`mlflow db upgrade {place}`."
        )
    if kind != "sqlite" or path is None:
        raise BadRequest("Only the schema of an SQLite file can be upgraded.")
    return path


def _free_name(folder: str) -> str:
    """Where the copy of a folder goes: beside it, under a name that nothing has."""
    parent, name = os.path.split(folder.rstrip(os.sep))
    names = ["mlflow.db", f"{name}.db", *(f"{name}-{number}.db" for number in range(2, 1000))]
    return next(path for path in (os.path.join(parent, one) for one in names) if not os.path.lexists(path))
