"""Whether a remote MLflow server has our columnar routes beside its own."""

from __future__ import annotations

import asyncio
import json
import time
from collections.abc import Awaitable, Callable

import httpx

from ..contract import BASE

INFO_PATH = f"/{BASE}/info"
_PROTOCOL = 1
_LIVE_S = 300.0


class TheirRoutes:
    """Asked for when columns are, and again after five minutes: the server may have been started anew."""

    def __init__(self, ask: Callable[[], Awaitable[httpx.Response]]) -> None:
        self._ask = ask
        self._asking = asyncio.Lock()
        self._are_there = False
        self._asked_at = float("-inf")

    async def are_there(self) -> bool:
        """What the server says, or said; False while it says nothing."""
        async with self._asking:
            if time.monotonic() - self._asked_at >= _LIVE_S:
                await self._find()
        return self._are_there

    async def _find(self) -> None:
        try:
            answer = await self._ask()
        except (httpx.HTTPError, asyncio.TimeoutError):
            return
        self._are_there = answer.status_code == 200 and _is_ours(answer.content)
        if answer.status_code in (200, 404):
            self._asked_at = time.monotonic()


def _is_ours(content: bytes) -> bool:
    try:
        info = json.loads(content)
    except (ValueError, RecursionError):
        return False
    return isinstance(info, dict) and info.get("package") == BASE and info.get("protocol") == _PROTOCOL
