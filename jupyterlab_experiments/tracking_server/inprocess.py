"""Questions to an ASGI app of this process, on behalf of a request that it has not seen."""

from __future__ import annotations

import json
import urllib.parse
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from starlette.types import ASGIApp, Message, Receive, Scope

# They belong to the body of the request itself, which is not passed on.
_OF_BODY = (
    b"content-length",
    b"content-type",
    b"content-encoding",
    b"transfer-encoding",
    b"accept-encoding",
    b"expect",
    b"range",
    b"if-none-match",
)
# What routing has written into the scope by then.
_OF_ROUTING = ("app", "router", "endpoint", "path_params", "route", "state", "extensions")


@dataclass(frozen=True)
class Answer:
    """A whole answer."""

    status: int
    headers: Sequence[tuple[bytes, bytes]]
    body: bytes


async def ask(app: ASGIApp, scope: Scope, line: tuple[str, str], body: Any = None) -> Answer:
    """One request (method, path with query) with JSON, with the headers of the request that `scope` is of."""
    sent = b"" if body is None else json.dumps(body).encode()
    messages: list[Message] = []

    async def send(message: Message) -> None:
        messages.append(message)

    await app(_scope(scope, line, len(sent)), replayed(sent), send)
    start = next(message for message in messages if message["type"] == "http.response.start")
    parts = [message.get("body", b"") for message in messages if message["type"] == "http.response.body"]
    return Answer(start["status"], start.get("headers", []), b"".join(parts))


def replayed(body: bytes, receive: Receive | None = None) -> Receive:
    """A `receive` that gives a body that was read before, then whatever else comes."""
    told = False

    async def again() -> Message:
        nonlocal told
        if told:
            return {"type": "http.disconnect"} if receive is None else await receive()
        told = True
        return {"type": "http.request", "body": body, "more_body": False}

    return again


def _scope(scope: Scope, line: tuple[str, str], length: int) -> Scope:
    method, target = line
    path, _, query = target.partition("?")
    kept = [(name, value) for name, value in scope["headers"] if name.lower() not in _OF_BODY]
    described = [(b"content-type", b"application/json"), (b"content-length", str(length).encode())]
    return {
        **{key: value for key, value in scope.items() if key not in _OF_ROUTING},
        "method": method,
        "path": urllib.parse.unquote(path),
        "raw_path": path.encode(),
        "root_path": "",
        "query_string": query.encode(),
        "headers": [*kept, *described] if length else kept,
    }
