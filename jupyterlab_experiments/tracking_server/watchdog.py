"""Ends this process when it works on for nobody.

Neither MLflow's queries nor the threads that wait for them can be cancelled; what a client that has left
asked for may hold SQLite's read lock for minutes, and nobody can log meanwhile.
"""

from __future__ import annotations

import asyncio
import json
import os
import sys
from collections.abc import Callable

from starlette.types import ASGIApp, Message, Receive, Scope, Send

#: Seconds for which a request whose client has left may still be at work.
GRACE_S = 10.0
#: Exit code: nothing was wrong, the next request may start another process.
EXIT_ABANDONED = 5
_AGAIN_S = 0.5
# It lives as long as its client, and holds nothing.
_ENDLESS = ("/jupyterlab-experiments/changes",)


def end_process() -> None:
    """Leave at once, with a word for the log."""
    message = "A request whose client had left was still at work: the tracking server ended itself."
    sys.stderr.write(json.dumps({"error": "abandoned", "message": message}) + "\n")
    sys.stderr.flush()
    os._exit(EXIT_ABANDONED)


class Watchdog:
    """An ASGI app around all others; never ends the process while a client waits for an answer."""

    def __init__(self, app: ASGIApp, end: Callable[[], None] = end_process) -> None:
        self._app = app
        self._end = end
        self._open: set[_Exchange] = set()
        self._timer: asyncio.TimerHandle | None = None

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """One ASGI connection."""
        if scope["type"] != "http" or scope["path"] in _ENDLESS:
            await self._app(scope, receive, send)
            return
        exchange = _Exchange(receive, send, self._look_in)
        self._open.add(exchange)
        try:
            if not _has_body(scope):
                await exchange.fetch()
            await self._app(scope, exchange.receive, exchange.send)
        finally:
            self._open.discard(exchange)
            exchange.close()

    def _look_in(self, delay_s: float) -> None:
        if self._timer is None:
            self._timer = asyncio.get_running_loop().call_later(delay_s, self._look)

    def _look(self) -> None:
        self._timer = None
        abandoned = [exchange.left_at for exchange in self._open if exchange.left_at is not None]
        if not abandoned:
            return
        is_alone = all(exchange.left_at is not None or exchange.is_answered for exchange in self._open)
        remaining = min(abandoned) + GRACE_S - asyncio.get_running_loop().time()
        if is_alone and remaining <= 0:
            self._end()
        self._look_in(max(_AGAIN_S, remaining))


class _Exchange:
    """A request and its answer; knows since when its client has left.

    Once the body is read, the server has one more message: that the client left. It is awaited here, since
    MLflow, at work in a thread, does not.
    """

    def __init__(self, receive: Receive, send: Send, on_left: Callable[[float], None]) -> None:
        self._receive = receive
        self._send = send
        self._on_left = on_left
        self._fetched: list[Message] = []
        self._end: asyncio.Future[Message] | None = None
        self.left_at: float | None = None
        self.is_answered = False

    async def fetch(self) -> None:
        """Take the first message already, for apps that never ask for an empty body."""
        self._fetched.append(await self._next())

    async def receive(self) -> Message:
        """For the app."""
        return self._fetched.pop() if self._fetched else await self._next()

    async def send(self, message: Message) -> None:
        """For the app."""
        if message["type"] == "http.response.body" and not message.get("more_body", False):
            self.is_answered = True
        await self._send(message)

    def close(self) -> None:
        """Wait no longer."""
        if self._end is not None:
            self._end.cancel()

    async def _next(self) -> Message:
        if self._end is not None:
            return await asyncio.shield(self._end)
        message = await self._receive()
        if not message.get("more_body", False):
            self._end = asyncio.ensure_future(self._until_left(message))
        return message

    async def _until_left(self, message: Message) -> Message:
        if message["type"] != "http.disconnect":
            message = await self._receive()
        # The server says so too when the answer is complete.
        if not self.is_answered:
            self.left_at = asyncio.get_running_loop().time()
            self._on_left(GRACE_S)
        return message


def _has_body(scope: Scope) -> bool:
    headers = {name.lower(): value for name, value in scope["headers"]}
    return headers.get(b"content-length", b"0") != b"0" or b"transfer-encoding" in headers
