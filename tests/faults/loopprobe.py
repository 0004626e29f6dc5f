"""A server extension that measures how long the event loop of its server was held up."""

from __future__ import annotations

import asyncio
import json
import time
from typing import Any

from jupyter_server.base.handlers import APIHandler
from jupyter_server.utils import url_path_join
from tornado import web

_TICK_S = 0.01


class Probe:
    """The longest hold-ups since the last look: in wall time, and in the loop's own processor time."""

    def __init__(self) -> None:
        self.worst_ms = self.worst_cpu_ms = 0.0
        self._task: asyncio.Task[None] | None = None

    def start(self) -> None:
        """Measure from now on."""
        self._task = asyncio.ensure_future(self._run())

    async def _run(self) -> None:
        while True:
            wall, cpu = time.monotonic(), time.thread_time()
            await asyncio.sleep(_TICK_S)
            self.worst_ms = max(self.worst_ms, 1000 * (time.monotonic() - wall - _TICK_S))
            self.worst_cpu_ms = max(self.worst_cpu_ms, 1000 * (time.thread_time() - cpu))

    def take(self) -> dict[str, float]:
        """What was measured; it begins anew."""
        taken = {"worst_ms": self.worst_ms, "worst_cpu_ms": self.worst_cpu_ms}
        self.worst_ms = self.worst_cpu_ms = 0.0
        return taken


class ProbeHandler(APIHandler):
    """`GET /loop-probe`."""

    def initialize(self, probe: Probe) -> None:
        """The probe to ask."""
        self._probe = probe

    @web.authenticated
    async def get(self) -> None:
        """Answers, and begins anew."""
        self.finish(json.dumps(self._probe.take()))


def _jupyter_server_extension_points() -> list[dict[str, str]]:
    return [{"module": "loopprobe"}]


def _load_jupyter_server_extension(serverapp: Any) -> None:
    probe = Probe()
    serverapp.io_loop.add_callback(probe.start)
    path = url_path_join(serverapp.web_app.settings["base_url"], "loop-probe")
    serverapp.web_app.add_handlers(".*$", [(path, ProbeHandler, {"probe": probe})])
