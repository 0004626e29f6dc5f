"""A Jupyter server that measures how long its event loop is held up."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from jupyterserver import JupyterServer

ENABLED = {"ServerApp": {"jpserver_extensions": {"loopprobe": True}}}


@contextmanager
def measured_server(folder: Path, port: int, *lines: str) -> Iterator[JupyterServer]:
    """It runs, with lines of configuration of its own."""
    (folder / "config" / "jupyter_server_config.d").mkdir(parents=True)
    (folder / "config" / "jupyter_server_config.d" / "probe.json").write_text(json.dumps(ENABLED))
    text = "\n".join(["import sys", f"sys.path.insert(0, {str(Path(__file__).parent)!r})", *lines])
    (folder / "config" / "jupyter_server_config.py").write_text(text)
    server = JupyterServer(folder, port)
    try:
        yield server.wait()
    finally:
        server.stop()
