"""A small request through the Jupyter server, against the same one on the tracking server's socket."""

from __future__ import annotations

import statistics
from collections.abc import Iterator
from pathlib import Path

import httpx

from tests.support.ports import free_port
from tests.together.jupyterserver import JupyterServer

from .figures import Claim, Figure, milliseconds, seconds_of

ROUNDS = 400
PATH = "/api/2.0/mlflow/experiments/search?max_results=100"


def measure(folder: Path) -> Iterator[Figure]:
    """Medians of requests that alternate between the two ways."""
    folder.mkdir()
    server = JupyterServer(folder, free_port())
    try:
        server.wait().get("connections/default/version").raise_for_status()
        socket = str(next(server.runtime_folder().glob("child-*.sock")))
        transport = httpx.HTTPTransport(uds=socket)
        with (
            httpx.Client(transport=transport, base_url="http://localhost") as directly,
            httpx.Client(base_url=f"{server.address}/connections/default", headers=server.headers) as through,
        ):
            yield _compare(directly, through)
    finally:
        server.stop()


def _compare(directly: httpx.Client, through: httpx.Client) -> Figure:
    for client in (directly, through) * 20:
        client.get(PATH).raise_for_status()
    pairs = [
        (seconds_of(lambda: directly.get(PATH)), seconds_of(lambda: through.get(PATH))) for _ in range(ROUNDS)
    ]
    socket, gateway = ([pair[way] for pair in pairs] for way in (0, 1))
    added_ms = (statistics.median(gateway) - statistics.median(socket)) * 1000
    made_from = {"socket": milliseconds(socket), "through": milliseconds(gateway)}
    return Figure(
        "a small request through the gateway costs", added_ms, "ms more", Claim("less than", 5), made_from
    )
