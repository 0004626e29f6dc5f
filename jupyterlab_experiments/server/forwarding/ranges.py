"""A part of a file, cut here where the server behind sends only whole ones."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator
from dataclasses import dataclass

_ONE = re.compile(r"^bytes=(?:(\d{1,18})-(\d{0,18})|-(\d{1,18}))$")


@dataclass(frozen=True)
class Span:
    """Bytes from `start` to before `end` of a file of `total` bytes; empty: none of them are there."""

    start: int
    end: int
    total: int

    @property
    def is_empty(self) -> bool:
        """Whether what was asked for lies behind the end."""
        return self.start >= self.end

    def headers(self) -> list[tuple[str, str]]:
        """How the part is told to the client."""
        if self.is_empty:
            return [("Content-Range", f"bytes */{self.total}"), ("Content-Length", "0")]
        told = f"bytes {self.start}-{self.end - 1}/{self.total}"
        return [("Content-Range", told), ("Content-Length", str(self.end - self.start))]


def span_of(header: str | None, total: int) -> Span | None:
    """The one range that a `Range` header asks for; None where it asks for none, or for several."""
    found = _ONE.match((header or "").strip())
    if found is None:
        return None
    first, last, final = found.groups()
    if final is not None:
        return Span(max(0, total - int(final)), total, total)
    end = min(int(last) + 1, total) if last else total
    return Span(int(first), end, total) if not last or int(first) <= int(last) else None


async def cut(chunks: AsyncIterator[bytes], span: Span) -> AsyncIterator[bytes]:
    """That part of a whole file; what comes after it is not read."""
    at = 0
    async for chunk in chunks:
        part = chunk[max(0, span.start - at) : max(0, span.end - at)]
        at += len(chunk)
        if part:
            yield part
        if at >= span.end:
            return
