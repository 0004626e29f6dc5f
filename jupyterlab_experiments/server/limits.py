"""How much this server takes and how long it waits."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Limits:
    """Bounds of a forwarded request: bytes of its body, seconds until the first byte of its answer."""

    max_body_bytes: int = 1 << 40
    request_timeout_s: float = 60.0
