"""Server extension for the bench: how long the Jupyter server's event loop stood still.

`GET /bench/loop` answers the longest lags since the last question, each with the processor time that the
loop's thread spent in it: one without processor time was the machine's, not the loop's.
"""

from __future__ import annotations

import asyncio
import time
from typing import Any

from jupyter_server.base.handlers import JupyterHandler
from tornado.web import authenticated

TICK_S = 0.005
MOST = 5

_lags: list[tuple[float, float]] = []


async def watch() -> None:
    """Sleep a tick again and again; what is more than a tick is a lag."""
    while True:
        wall, processor = time.perf_counter(), time.thread_time()
        await asyncio.sleep(TICK_S)
        _lags.append((time.perf_counter() - wall - TICK_S, time.thread_time() - processor))
        if len(_lags) > 10_000:
            _lags.sort(reverse=True)
            del _lags[MOST:]


class LoopHandler(JupyterHandler):
    """The longest lags, in milliseconds."""

    @authenticated
    def get(self) -> None:
        """Answer, and forget."""
        longest = sorted(_lags, reverse=True)[:MOST]
        _lags.clear()
        self.finish(
            {"lags": [{"wall_ms": wall * 1000, "processor_ms": used * 1000} for wall, used in longest]}
        )


def _load_jupyter_server_extension(app: Any) -> None:
    app.web_app.add_handlers(".*$", [(rf"{app.base_url}bench/loop", LoopHandler)])
    app.io_loop.add_callback(watch)
