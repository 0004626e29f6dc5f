"""A large artifact up and down through the Jupyter server: how much memory both processes take."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import psutil

from tests.support.ports import free_port
from tests.together.jupyterserver import JupyterServer

from .figures import Claim, Figure, seconds_of

CHUNK = bytes(range(256)) * 4096
MEGABYTE = 1 << 20


class Growth:
    """The most that processes grew between `with` and its end, in MB, by name."""

    def __init__(self, processes: dict[str, psutil.Process]) -> None:
        self._processes = processes
        self._is_over = threading.Event()
        self._thread = threading.Thread(target=self._watch)
        self.megabytes = dict.fromkeys(processes, 0.0)

    def __enter__(self) -> Growth:
        self._before = {name: process.memory_info().rss for name, process in self._processes.items()}
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._is_over.set()
        self._thread.join()

    def _watch(self) -> None:
        while not self._is_over.wait(0.02):
            for name, process in self._processes.items():
                grown = (process.memory_info().rss - self._before[name]) / MEGABYTE
                self.megabytes[name] = max(self.megabytes[name], grown)


def measure(folder: Path, megabytes: int) -> Iterator[Figure]:
    """PUT, then GET, of the same artifact."""
    folder.mkdir()
    server = JupyterServer(folder, free_port())
    try:
        run_id = _make_run(server.wait())
        with httpx.Client(base_url=server.address, headers=server.headers, timeout=600) as client:
            path = f"connections/default/artifacts/{run_id}/data/large.bin"
            _up(client, path, 8)
            _down(client, path)
            child = server.child()
            assert child is not None
            processes = {"Jupyter server": psutil.Process(server.process.pid), "tracking server": child}
            for way, work in {
                "up": lambda: _up(client, path, megabytes),
                "down": lambda: _down(client, path),
            }.items():
                with Growth(processes) as growth:
                    seconds = seconds_of(work)
                rate = {"MB_a_second": round(megabytes / seconds)}
                for name, grown in growth.megabytes.items():
                    what = f"{name} grows during {megabytes:,} MB {way} by"
                    yield Figure(what, grown, "MB", Claim("less than", 64), rate)
    finally:
        server.stop()


def _make_run(server: JupyterServer) -> str:
    body: dict[str, Any] = {"name": "bench"}
    experiment_id = server.post("experiments/create", body).json()["experiment_id"]
    run: dict[str, Any] = server.post("runs/create", {"experiment_id": experiment_id, "start_time": 1}).json()
    return str(run["run"]["info"]["run_id"])


def _up(client: httpx.Client, path: str, megabytes: int) -> None:
    client.put(path, content=(CHUNK for _ in range(megabytes))).raise_for_status()


def _down(client: httpx.Client, path: str) -> None:
    with client.stream("GET", path) as answer:
        answer.raise_for_status()
        received = sum(len(chunk) for chunk in answer.iter_raw())
    assert received % MEGABYTE == 0 and received > 0
