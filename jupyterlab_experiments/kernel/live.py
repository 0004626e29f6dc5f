"""What is written to the store, as messages to the browser: at once, then ten a second a run."""

from __future__ import annotations

import os
import threading
import time
from collections.abc import Callable
from typing import Any

from . import publish, tracking
from .guard import quietly
from .newest import Newest
from .runwrites import changes_of
from .storewrap import Write

_INTERVAL_S = 0.1
_MAX_POINTS = 100
_KEPT_RUNS = 500
_MAPPINGS = ("info", "metrics", "params", "tags")
_RANK = {"updated": 0, "created": 1, "restored": 2, "deleted": 3, "ended": 4}


class _Pending:
    def __init__(self) -> None:
        self.message: dict[str, Any] | None = None
        self.next_s = 0.0
        self._newest = Newest()

    def merge(self, change: dict[str, Any]) -> None:
        """Adds a change; memory is bounded by the number of keys."""
        if self.message is None:
            self.message = {"run_id": change["run_id"], "event": "updated"}
        message = self.message
        if _RANK[change["event"]] >= _RANK[message["event"]]:
            message["event"] = change["event"]
        metrics, fresh = self._newest.take(change)
        for part, values in {**change, "metrics": metrics}.items():
            if part in _MAPPINGS and values:
                message.setdefault(part, {}).update(values)
        for part in ("deleted_tags", "models"):
            if change.get(part):
                message.setdefault(part, []).extend(change[part])
        for key, points in fresh.items():
            kept = message.setdefault("points", {}).setdefault(key, [])
            kept.extend(points)
            del kept[:-_MAX_POINTS]


class Live:
    """Coalesces the changes of runs; owns one daemon thread, started when first needed."""

    def __init__(self, send: Callable[[dict[str, Any]], None]) -> None:
        self._send = send
        self._runs: dict[str, _Pending] = {}
        self._changed = threading.Condition()
        self._thread: threading.Thread | None = None
        self._process = os.getpid()

    def add(self, change: dict[str, Any]) -> bool:
        """Takes one change of a run; answers whether it was sent in this call."""
        if os.getpid() != self._process:
            return False
        with self._changed:
            pending = self._runs.setdefault(change["run_id"], _Pending())
            pending.merge(change)
            now = time.monotonic()
            if now >= pending.next_s or change["event"] == "ended":
                self._flush(pending, now)
                self._forget_idle(now)
                return True
            self._start()
            self._changed.notify()
        return False

    def flush(self) -> None:
        """Sends all that waits."""
        if os.getpid() == self._process:
            with self._changed:
                for pending in self._runs.values():
                    self._flush(pending, time.monotonic())

    def _flush(self, pending: _Pending, now: float) -> None:
        message, pending.message = pending.message, None
        pending.next_s = now + _INTERVAL_S
        if message is not None:
            uri = tracking.effective_uri()
            self._send({"kind": "run", "connection_id": tracking.connection_of(uri), **message})

    def _forget_idle(self, now: float) -> None:
        if len(self._runs) > _KEPT_RUNS:
            for run_id in [r for r, p in self._runs.items() if p.message is None and p.next_s < now]:
                del self._runs[run_id]

    def _start(self) -> None:
        if self._thread is None:
            self._thread = threading.Thread(target=self._work, name="experiments-live", daemon=True)
            self._thread.start()

    def _work(self) -> None:
        while True:
            with self._changed:
                waiting = [pending for pending in self._runs.values() if pending.message is not None]
                if not waiting:
                    self._changed.wait()
                    continue
                now = time.monotonic()
                rest = min(pending.next_s for pending in waiting) - now
                if rest > 0:
                    self._changed.wait(rest)
                    continue
                with quietly("sending live values"):
                    for pending in waiting:
                        if pending.next_s <= now:
                            self._flush(pending, now)


live = Live(publish.send)
_on_sent: list[Callable[[], None]] = []


def on_sent(call: Callable[[], None]) -> None:
    """Calls after each message that a write sent at once: at most ten times a second a run."""
    _on_sent.append(call)


def sink(write: Write) -> None:
    """Publishes a write of the store."""
    sent = False
    for kind, content in changes_of(write):
        if kind == "run":
            sent = live.add(content) or sent
        else:
            publish.send({"kind": kind, **content})
            sent = True
    if sent:
        for call in _on_sent:
            call()
