"""The handler that forwards: guarded before the body is read, streaming both ways, with back-pressure."""

from __future__ import annotations

import asyncio
import contextlib
import hmac
import re
import sys
from collections.abc import AsyncGenerator, AsyncIterator
from typing import Any

import httpx
from jupyter_server.auth import User
from tornado import web
from tornado.iostream import StreamClosedError

from .base import Action, ExperimentsHandler
from .contract import BASE, ROUTES
from .errors import BodyTooLarge, ExperimentsError, NotAuthorized
from .forwarding.exchange import Answer, Outgoing
from .forwarding.headers import request_headers
from .forwarding.target import Target, target_of

_QUEUED_CHUNKS = 4
_SCHEME = re.compile(r"(?:token|bearer)\s+(\S+)\s*$", re.IGNORECASE)


@web.stream_request_body
class ForwardHandler(ExperimentsHandler):
    """`connections/<id>/…`: MLflow's REST API of a connection, and our routes beside it."""

    def initialize(self, name: str, *args: Any, **kwargs: Any) -> None:
        """Nothing is under way yet."""
        super().initialize(name, *args, **kwargs)
        self._queue: asyncio.Queue[bytes | None] = asyncio.Queue(_QUEUED_CHUNKS)
        self._exchange: asyncio.Task[None] | None = None
        self._body_taken = asyncio.Event()
        self._received_bytes = 0
        self._target: Target | None = None

    async def prepare(self) -> None:  # type: ignore[override]  # its result is not used
        """Refuses or begins to forward, before a byte of the body is read."""
        if self.request.method == "OPTIONS":
            await super().prepare()
            return
        if self._is_kernels_token():
            self._admit_kernel()
        else:
            await super().prepare()
            if self._finished:
                return
            # A cookie alone is not enough to read either: another site's page could ask.
            self.check_xsrf_cookie()
        self._bound_body()
        self._exchange = asyncio.ensure_future(self._forward(self._where()))
        self._exchange.add_done_callback(_look_at)

    def _bound_body(self) -> None:
        # Counted in `data_received`: over its own limit tornado would leave without a word to this handler.
        self.request.connection.set_max_body_size(sys.maxsize)  # type: ignore[union-attr, attr-defined]
        most = self.services.limits.max_body_bytes
        length = self.request.headers.get("Content-Length", "0")
        if length.isdecimal() and int(length) > most:
            raise BodyTooLarge(f"The body is larger than the {most} bytes that are taken here.")

    def action(self) -> Action:
        """By the path: searches read, though they are POSTs."""
        return self._where().action

    def _where(self) -> Target:
        if self._target is None:
            self._target = target_of(self.request.method or "", self._raw_path(), self.request.query)
        return self._target

    def _raw_path(self) -> str:
        marker = f"{BASE}/{ROUTES['connections']}/{self.path_args[0]}/"
        return self.request.path[len(self.base_url) :].removeprefix(marker)

    def _is_kernels_token(self) -> bool:
        found = _SCHEME.match(self.request.headers.get("Authorization", ""))
        return bool(found) and hmac.compare_digest(
            found.group(1).encode("utf-8", "surrogateescape"),  # type: ignore[union-attr]
            self.services.kernel_token.encode(),
        )

    def _admit_kernel(self) -> None:
        if not self.check_host():
            raise web.HTTPError(403, "This host name is not served.")
        if self._where().service != "rest":
            raise NotAuthorized("A kernel's token is for MLflow's REST API only.")
        self._token_authenticated = True
        self.current_user = self._jupyter_current_user = User(username="experiments-kernel", name="Kernel")

    async def data_received(self, chunk: bytes) -> None:
        """Waits until the upstream takes it, or has no use for it; over the limit the connection ends."""
        self._received_bytes += len(chunk)
        if self._received_bytes > self.services.limits.max_body_bytes:
            self._cut()
            return
        await self._offer(chunk)

    async def _offer(self, chunk: bytes | None) -> None:
        assert self._exchange is not None
        if self._exchange.done() or self._body_taken.is_set():
            return
        if not self._queue.full():
            self._queue.put_nowait(chunk)
            return
        put = asyncio.ensure_future(self._queue.put(chunk))
        taken = asyncio.ensure_future(self._body_taken.wait())
        await asyncio.wait([put, taken, self._exchange], return_when=asyncio.FIRST_COMPLETED)
        put.cancel()
        taken.cancel()

    @web.authenticated
    async def get(self, _connection_id: str, _path: str) -> None:
        """Forwards, whatever the method."""
        assert self._exchange is not None
        await self._offer(None)
        with contextlib.suppress(asyncio.CancelledError):
            await self._exchange

    head = post = put = patch = delete = get  # type: ignore[assignment]

    async def _body(self) -> AsyncIterator[bytes]:
        while (chunk := await self._queue.get()) is not None:
            yield chunk

    def _has_body(self) -> bool:
        headers = self.request.headers
        return headers.get("Content-Length", "0") != "0" or "Transfer-Encoding" in headers

    async def _forward(self, target: Target) -> None:
        body = self._body() if self._has_body() else None
        headers = request_headers(self.request.headers, body is not None)
        outgoing = Outgoing(self.request.method or "GET", target, headers, body)
        async with self.services.gateway.answer(self.path_args[0], outgoing) as answer:
            # It has answered: what is still to come of the body is of no use.
            self._body_taken.set()
            await self._relay(answer)

    async def _relay(self, answer: Answer) -> None:
        self.set_status(answer.status, answer.reason or "Unknown")
        self.clear_header("Content-Type")
        for name, value in answer.headers:
            self.set_header(name, value)
        try:
            await self.flush()
            if self.request.method != "HEAD":
                await self._relay_body(answer.body)
        except (httpx.HTTPError, ExperimentsError) as error:
            self.log.warning("experiments: an answer was cut: %s", type(error).__name__)
            self._cut()
        except StreamClosedError:
            # The client left; leaving this block closes the upstream's answer.
            return

    async def _relay_body(self, chunks: AsyncIterator[bytes]) -> None:
        try:
            async for chunk in chunks:
                self.write(chunk)
                await self.flush()
        finally:
            # At once, also when the client leaves: what it was made from is closed with it.
            if isinstance(chunks, AsyncGenerator):
                await chunks.aclose()

    def _cut(self) -> None:
        """End the connection: finishing a chunked body would make half an answer look whole."""
        self._auto_finish = False
        self.request.connection.stream.close()  # type: ignore[union-attr, attr-defined]

    def on_connection_close(self) -> None:
        """The client left: nobody waits for the answer."""
        super().on_connection_close()
        if self._exchange is not None:
            self._exchange.cancel()

    def compute_etag(self) -> None:
        """The upstream's answers bring their own."""


def _look_at(exchange: asyncio.Task[None]) -> None:
    """An error of an exchange that nobody awaits any more, because the client left, is no news."""
    if not exchange.cancelled():
        exchange.exception()
