from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parent))

from jupyterserver import JupyterServer, ServedKernel, second_python


@pytest.fixture(scope="module")
def server(
    tmp_path_factory: pytest.TempPathFactory, unused_tcp_port_factory: Callable[[], int]
) -> Iterator[JupyterServer]:
    made = JupyterServer(tmp_path_factory.mktemp("server"), unused_tcp_port_factory())
    yield made.wait()
    made.stop()


@pytest.fixture(scope="module", params=["second", "python3"])
def kernel(request: pytest.FixtureRequest, server: JupyterServer) -> Iterator[ServedKernel]:
    """A kernel of each environment, told; the one with the older MLflow comes first, to an empty folder."""
    if request.param == "second" and second_python() is None:
        pytest.skip("no interpreter with another MLflow is named")
    made = ServedKernel(server, request.param)
    made.tell(notebook_path=f"{made.name}.ipynb")
    yield made
    made.stop()
