"""No process of ours outlives the Jupyter server that started it."""

from __future__ import annotations

import os
import threading
from collections.abc import Callable


def end_with_stdin(before: Callable[[], None]) -> None:
    """Whoever started us holds the other end of stdin: when that process is gone, so are we."""

    def wait() -> None:
        while os.read(0, 4096):
            continue
        before()
        os._exit(0)

    threading.Thread(target=wait, name="stdin", daemon=True).start()
