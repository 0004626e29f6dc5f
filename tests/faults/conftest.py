from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parents[1] / "server"))
sys.path.insert(0, str(Path(__file__).parents[1] / "together"))
sys.path.insert(0, str(Path(__file__).parent))

from jupyterserver import JupyterServer
from measuredserver import measured_server


@pytest.fixture
def start_server(tmp_path: Path, unused_tcp_port: int) -> Iterator[Callable[..., JupyterServer]]:
    """Starts a Jupyter server that measures its loop, with lines of configuration."""
    with ExitStack() as stack:
        yield lambda *lines: stack.enter_context(measured_server(tmp_path, unused_tcp_port, *lines))


@pytest.fixture
def server(start_server: Callable[..., JupyterServer]) -> JupyterServer:
    """One without any."""
    return start_server()
