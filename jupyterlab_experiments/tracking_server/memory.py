"""Gives memory back: allocators keep what a large answer took, for as long as the process lives."""

from __future__ import annotations

import ctypes
import functools
import os
import sys
import threading
from typing import Any

import anyio
import anyio.to_thread
import pyarrow as pa
from starlette.types import ASGIApp, Receive, Scope, Send

_GROWTH_BYTES = 48 * 1024 * 1024


def resident_bytes() -> int | None:
    """What this process takes of the machine's memory; None where the system does not tell."""
    try:
        with open("/proc/self/statm", encoding="ascii") as file:
            return int(file.read().split()[1]) * os.sysconf("SC_PAGE_SIZE")
    except (OSError, ValueError, IndexError):
        return None


class Memory:
    """Remembers how much this process takes when nothing can be given back."""

    def __init__(self) -> None:
        self._least = resident_bytes()
        self._lock = threading.Lock()

    def has_grown(self) -> bool:
        """Whether giving back is worth its milliseconds; some microseconds itself."""
        now = resident_bytes()
        if now is None or self._least is None:
            return True
        self._least = min(now, self._least)
        return now - self._least > _GROWTH_BYTES

    def give_back(self) -> None:
        """Give back what is free, if the process has grown. Blocks for some milliseconds."""
        if self.has_grown() and self._lock.acquire(blocking=False):
            try:
                pa.default_memory_pool().release_unused()
                trim = _malloc_trim()
                if trim is not None:
                    trim(0)
                self._least = resident_bytes()
            finally:
                self._lock.release()


class GivingBack:
    """An ASGI app around another, after whose answers memory is given back."""

    def __init__(self, app: ASGIApp, memory: Memory) -> None:
        self._app = app
        self._memory = memory

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """One ASGI connection."""
        await self._app(scope, receive, send)
        if scope["type"] == "http" and self._memory.has_grown():
            await anyio.to_thread.run_sync(self._memory.give_back)


@functools.cache
def _malloc_trim() -> Any:
    if not sys.platform.startswith("linux"):
        return None
    return getattr(ctypes.CDLL(None), "malloc_trim", None)
