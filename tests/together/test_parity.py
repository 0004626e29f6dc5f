"""MLflow's client at a connection's address does whatever it does at `mlflow server` itself."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from clientcalls import Calls
from jupyterserver import TOKEN, JupyterServer

from tests.support.mlflowserver import mlflow_server


@pytest.fixture(scope="module")
def addresses(
    tmp_path_factory: pytest.TempPathFactory, unused_tcp_port_factory: Callable[[], int]
) -> Iterator[dict[str, str]]:
    """`mlflow server` itself, a child connection, and a remote one to that server."""
    folder = tmp_path_factory.mktemp("parity")
    folders = [folder / name for name in ("itself", "jupyter", "jupyter/config")]
    for each in folders:
        each.mkdir()
    with mlflow_server(folders[0], unused_tcp_port_factory()) as itself:
        config = f"c.ExperimentsApp.connections = {{'far': {{'tracking_uri': '{itself.uri}'}}}}\n"
        (folders[2] / "jupyter_server_config.py").write_text(config)
        server = JupyterServer(folders[1], unused_tcp_port_factory()).wait()
        connections = f"{server.address}/connections"
        yield {"itself": itself.uri, "child": f"{connections}/default", "remote": f"{connections}/far"}
        server.stop()


@pytest.fixture(scope="module")
def outcomes(
    addresses: dict[str, str], tmp_path_factory: pytest.TempPathFactory
) -> Iterator[dict[str, dict[str, Any]]]:
    """What came of each call, by address and name."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("MLFLOW_TRACKING_TOKEN", TOKEN)
        patch.setenv("MLFLOW_HTTP_REQUEST_MAX_RETRIES", "2")
        patch.setenv("MLFLOW_ENABLE_ASYNC_TRACE_LOGGING", "false")
        patch.delenv("MLFLOW_TRACKING_URI", raising=False)
        yield {
            each: Calls(uri, each, tmp_path_factory.mktemp(each)).make() for each, uri in addresses.items()
        }


@pytest.mark.parametrize("kind", ["child", "remote"])
def test_every_call_has_the_outcome_that_it_has_there(outcomes: dict[str, Any], kind: str) -> None:
    expected, found = outcomes["itself"], outcomes[kind]
    assert len(expected) > 60
    assert {name: found.get(name) for name in expected} == expected
