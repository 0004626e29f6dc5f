"""State of a connection, as the panel shows it."""

from __future__ import annotations

import time
from dataclasses import dataclass, field
from typing import Literal

StateName = Literal["absent", "idle", "starting", "ready", "unavailable", "refused", "schema", "forbidden"]


def now_ms() -> int:
    """Now, in milliseconds since 1970."""
    return int(time.time() * 1000)


@dataclass
class State:
    """A state, what is wrong in words, and since when it is so."""

    name: StateName = "idle"
    message: str | None = None
    since_ms: int = field(default_factory=now_ms)

    def become(self, name: StateName, message: str | None = None) -> None:
        """Change it; the time changes only when the name does."""
        if name != self.name:
            self.since_ms = now_ms()
        self.name, self.message = name, message
