"""The administrator's command that prints credentials: asked for a host, its answer kept, never shown."""

from __future__ import annotations

import asyncio
import json
import math
import subprocess
import time
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timezone
from typing import Any

from ... import tracking_uri as uris
from ..errors import LoginRefused
from .credentials import basic

_TIMEOUT_S = 30.0
#: For an answer that does not say when it expires.
_LIVES_S = 300.0
#: Asked again so long before it expires, that a request under way is still answered.
_EARLY_S = 10.0
_FAILURE_LIVES_S = 10.0


@dataclass(frozen=True)
class _Kept:
    authorization: str | None
    failure: str | None
    until: float


class CredentialsCommand:
    """Runs it without a shell, in a thread, at most once at a time for each host."""

    def __init__(self, words: Sequence[str], timeout_s: float = _TIMEOUT_S) -> None:
        self._words = list(words)
        self._timeout_s = timeout_s
        self._kept: dict[str, _Kept] = {}
        self._asking: dict[str, asyncio.Lock] = {}

    async def authorization(self, uri: str) -> str:
        """Value of the Authorization header for a URI. Raises LoginRefused when the command gives none."""
        address = uris.without_credentials(uri)
        async with self._asking.setdefault(address, asyncio.Lock()):
            kept = self._kept.get(address)
            if kept is None or time.time() >= kept.until:
                kept = await asyncio.to_thread(self._ask, address)
                self._kept[address] = kept
        if kept.authorization is None:
            raise LoginRefused(kept.failure or "")
        return kept.authorization

    def forget(self, uri: str) -> None:
        """Ask anew next time; a failure is remembered for some seconds all the same."""
        address = uris.without_credentials(uri)
        kept = self._kept.get(address)
        if kept is not None and kept.failure is None:
            del self._kept[address]

    def _ask(self, address: str) -> _Kept:
        try:
            authorization, until = _decode(self._run(address))
        except _FailedError as failure:
            return _Kept(None, f"The credentials command failed ({failure}).", time.time() + _FAILURE_LIVES_S)
        return _Kept(authorization, None, until)

    def _run(self, address: str) -> bytes:
        question = json.dumps({"host": uris.host_of(address), "tracking_uri": address})
        try:
            # What it writes to stderr may hold a secret: it is read by nobody.
            done = subprocess.run(
                self._words,
                input=question.encode(),
                stdout=subprocess.PIPE,
                stderr=subprocess.DEVNULL,
                timeout=self._timeout_s,
                check=False,
            )
        except subprocess.TimeoutExpired:
            # Its cause would hold what it printed so far.
            raise _FailedError(f"no answer in {self._timeout_s:g} s") from None
        except OSError as error:
            raise _FailedError(type(error).__name__) from None
        if done.returncode != 0:
            raise _FailedError(f"exit code {done.returncode}")
        return done.stdout


class _FailedError(Exception):
    """Why there are no credentials, without a word of what was printed."""


def _decode(printed: bytes) -> tuple[str, float]:
    try:
        given = json.loads(printed)
    except (ValueError, RecursionError):
        raise _FailedError("its answer is not JSON") from None
    if not isinstance(given, dict):
        raise _FailedError("its answer is no JSON object")
    return _authorization(given), _expiry(given.get("expires_at"))


def _authorization(given: dict[str, Any]) -> str:
    user, password, token = (given.get(key) for key in ("username", "password", "token"))
    if isinstance(user, str) and isinstance(password, str):
        return basic(user, password)
    if isinstance(token, str) and token and token.isprintable() and token.isascii():
        return f"Bearer {token}"
    raise _FailedError("its answer holds neither username and password nor a token")


def _expiry(given: object) -> float:
    if given is None:
        return time.time() + _LIVES_S
    if isinstance(given, (int, float)) and not isinstance(given, bool) and math.isfinite(given):
        return float(given) - _EARLY_S
    try:
        moment = datetime.fromisoformat(str(given).replace("Z", "+00:00"))
    except ValueError:
        raise _FailedError("its expires_at is no time") from None
    if moment.tzinfo is None:
        moment = moment.replace(tzinfo=timezone.utc)
    return moment.timestamp() - _EARLY_S
