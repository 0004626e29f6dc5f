"""What is sent behind this server, what comes back, and the body on its way."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator, Callable, Coroutine, Mapping, Sequence
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass
from typing import Any

import httpx

from .target import Target


@dataclass(frozen=True)
class Outgoing:
    """A request to forward; its body is taken from the iterator once a connection is made."""

    method: str
    target: Target
    headers: Mapping[str, str]
    body: AsyncIterator[bytes] | None


#: Sends a request to the upstream of a connection, by its id.
Exchange = Callable[[str, Outgoing], AbstractAsyncContextManager[httpx.Response]]


@dataclass(frozen=True)
class Answer:
    """What the client gets; its body is read while it is sent."""

    status: int
    reason: str
    headers: Sequence[tuple[str, str]]
    body: AsyncIterator[bytes]


class WatchedBody:
    """A body that tells how long the upstream has left a part of it lying."""

    def __init__(self, chunks: AsyncIterator[bytes] | None) -> None:
        self._chunks = chunks
        self._since: float | None = time.monotonic()

    @property
    def content(self) -> AsyncIterator[bytes] | None:
        """What to send; None where there is no body."""
        return None if self._chunks is None else self._watched(self._chunks)

    @property
    def idle_s(self) -> float:
        """Seconds since it was the upstream's turn; 0 while the client is to send more."""
        return 0.0 if self._since is None else time.monotonic() - self._since

    async def _watched(self, chunks: AsyncIterator[bytes]) -> AsyncIterator[bytes]:
        self._since = None
        async for chunk in chunks:
            self._since = time.monotonic()
            yield chunk
            self._since = None
        self._since = time.monotonic()


async def first_byte(
    sending: Coroutine[Any, Any, httpx.Response], body: WatchedBody, patience_s: float
) -> httpx.Response:
    """The answer once its head is there. Raises httpx.ReadTimeout, and what sending raises."""
    task = asyncio.ensure_future(sending)
    try:
        while not task.done():
            if body.idle_s >= patience_s:
                raise httpx.ReadTimeout("The head of the answer did not come in time.")
            await asyncio.wait([task], timeout=patience_s - body.idle_s)
        return task.result()
    except (asyncio.CancelledError, httpx.ReadTimeout):
        await _drop(task)
        raise


async def _drop(task: asyncio.Task[httpx.Response]) -> None:
    """The client left, or it took too long: nobody will read this answer."""
    task.cancel()
    await asyncio.wait([task])
    if not task.cancelled() and task.exception() is None:
        await task.result().aclose()
