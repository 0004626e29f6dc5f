"""What is wrong with a database, in words for people instead of MLflow's page or SQL."""

from __future__ import annotations

import contextvars
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from .encoding import error_response

_raised: contextvars.ContextVar[list[BaseException] | None] = contextvars.ContextVar("raised", default=None)


@dataclass(frozen=True)
class Fault:
    """Signs of it in a driver's text, and what to answer; 4xx where trying again cannot help."""

    signs: Sequence[str]
    status: int
    error_code: str
    message: str


FAULTS = (
    Fault(
        ("readonly database", "read-only file system", "read-only transaction"),
        403,
        "PERMISSION_DENIED",
        "The store {place} is read-only here: nothing can be logged to it.",
    ),
    Fault(
        ("disk is full", "no space left"),
        503,
        "TEMPORARILY_UNAVAILABLE",
        "The disk of the store {place} is full. Nothing was written; free some room and try again.",
    ),
    Fault(
        ("disk i/o error",),
        503,
        "TEMPORARILY_UNAVAILABLE",
        "The disk of the store {place} refused to read or write. Look whether it is full or failing.",
    ),
    Fault(
        ("database is locked", "database table is locked"),
        503,
        "TEMPORARILY_UNAVAILABLE",
        "The store {place} is locked by another program that writes to it. Try again when it has finished.",
    ),
    Fault(
        ("disk image is malformed", "malformed database schema", "file is not a database"),
        409,
        "INVALID_STATE",
        "The file {place} is damaged. Nothing in it was changed or deleted: put a copy of it back, or save "
        "what can be read with the command “sqlite3 {place} .recover”.",
    ),
    Fault(
        ("unable to open database file",),
        503,
        "TEMPORARILY_UNAVAILABLE",
        "The store {place} cannot be opened here: look at the rights on the file and on its folder, in which "
        "SQLite keeps its journal.",
    ),
)


def fault_of(text: str) -> Fault | None:
    """Pure: the fault that a driver's text tells of."""
    lower = text.lower()
    return next((fault for fault in FAULTS if any(sign in lower for sign in fault.signs)), None)


class StoreFaults:
    """An ASGI app around another; only its answers from 500 on are held back and read."""

    def __init__(self, app: ASGIApp, place: str) -> None:
        self._app = app
        self._place = place
        _listen_to_flask()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """One ASGI connection."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        raised: list[BaseException] = []
        # Threads that work for this request get this list with their context.
        _raised.set(raised)
        held: list[Message] = []

        async def watch(message: Message) -> None:
            if held or (message["type"] == "http.response.start" and message["status"] >= 500):
                held.append(message)
                return
            await send(message)

        try:
            await self._app(scope, receive, watch)
        except Exception as error:
            raised.append(error)
            await self._tell(scope, (receive, send), (held, raised))
            raise
        await self._tell(scope, (receive, send), (held, raised))

    async def _tell(
        self, scope: Scope, way: tuple[Receive, Send], found: tuple[list[Message], list[BaseException]]
    ) -> None:
        (receive, send), (held, raised) = way, found
        if not held:
            return
        body = b"".join(message.get("body", b"") for message in held)
        fault = fault_of("\n".join([body.decode(errors="replace"), *map(str, raised)]))
        if fault is not None:
            text = fault.message.format(place=self._place)
            answer = error_response(fault.error_code, text, fault.status)
            await answer(scope, receive, send)
            return
        for message in held:
            await send(message)


def _listen_to_flask() -> None:
    """MLflow answers what it did not expect with a page that does not say what it was."""
    try:
        from flask import got_request_exception
    except ImportError:
        return
    got_request_exception.connect(_keep)


def _keep(_sender: Any, exception: BaseException, **_extra: Any) -> None:
    raised = _raised.get()
    if raised is not None:
        raised.append(exception)
