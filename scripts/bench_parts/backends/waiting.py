"""A kernel's round trips, and the event loop, while the tracking server answers its heaviest query."""

from __future__ import annotations

import json
import socket
import statistics
import subprocess
import sys
import time
import uuid
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any

import httpx
import websocket

from tests.support.ports import free_port
from tests.together.jupyterserver import JupyterServer

from . import loopprobe
from .figures import Claim, Figure, milliseconds
from .stores import ALL_COLUMNS, EXPERIMENT, Size, make_sqlite, table_request

ROUNDS = 4
#: Of Linux alone; elsewhere harmless.
QUICK = getattr(socket, "TCP_QUICKACK", socket.TCP_NODELAY)
# In a process of its own: what it does with the bytes must not slow the measuring one.
LOAD = """
import json, sys, httpx
address, path, body, headers = json.loads(sys.argv[1])
with httpx.Client(base_url=address, headers=headers, timeout=1800) as client:
    while True:
        with client.stream("POST", path, json=body) as answer:
            answer.raise_for_status()
            for _ in answer.iter_raw():
                pass
        print("one", flush=True)
"""
QUERIES: dict[str, tuple[str, dict[str, Any]]] = {
    "tables of 20 columns": ("runs-table", table_request(ALL_COLUMNS)),
    "searches sorted by a metric": (
        "api/2.0/mlflow/runs/search",
        {"experiment_ids": [str(EXPERIMENT)], "max_results": 1_000, "order_by": ["metrics.metric_0 DESC"]},
    ),
}


class Channel:
    """A kernel through the Jupyter server's websocket, as a browser has it."""

    def __init__(self, server: JupyterServer) -> None:
        answer = httpx.post(f"{server.origin}/api/kernels", json={}, headers=server.headers, timeout=60)
        address = server.origin.replace("http", "ws", 1)
        path = f"api/kernels/{answer.json()['id']}/channels"
        self._session = uuid.uuid4().hex
        header = [f"{name}: {value}" for name, value in server.headers.items()]
        self._socket = websocket.create_connection(f"{address}/{path}", header=header, timeout=120)

    def close(self) -> None:
        """End the websocket; the kernel ends with its server."""
        self._socket.close()

    def round_trip(self) -> float:
        """Seconds from the request of `1 + 1` to its reply and the idle kernel."""
        message_id = uuid.uuid4().hex
        header = {
            "msg_id": message_id,
            "msg_type": "execute_request",
            "username": "",
            "session": self._session,
        }
        content = {"code": "1 + 1", "silent": False, "store_history": False, "allow_stdin": False}
        message = {"header": {**header, "version": "5.3"}, "parent_header": {}, "metadata": {}}
        start = time.perf_counter()
        self._socket.send(json.dumps({**message, "content": content, "channel": "shell", "buffers": []}))
        wanted = {"execute_reply", "idle"}
        while wanted:
            # Or each message would wait for a delayed acknowledgement, and 40 ms would hide what is measured.
            self._socket.sock.setsockopt(socket.IPPROTO_TCP, QUICK, 1)
            answer = json.loads(self._socket.recv())
            if answer["parent_header"].get("msg_id") == message_id:
                wanted -= {answer["msg_type"], answer["content"].get("execution_state")}
        return time.perf_counter() - start


def measure(folder: Path, runs: int, seconds: float) -> Iterator[Figure]:
    """Quiet and busy phases in turns, for each kind of query."""
    server = _server_on(folder, Size(runs))
    try:
        with closing(Channel(server)) as channel:
            _round_trips(channel, 2)
            for name, (path, body) in QUERIES.items():
                yield from _phases(server, channel, (f"{name} of {runs:,} runs", path, body), seconds / 2)
    finally:
        server.stop()


def _server_on(folder: Path, size: Size) -> JupyterServer:
    (folder / "filled").mkdir(parents=True)
    make_sqlite(folder / "filled" / "mlflow.db", size)
    enabled = folder / "config" / "jupyter_server_config.d"
    enabled.mkdir(parents=True)
    (enabled / "loopprobe.json").write_text(
        json.dumps({"ServerApp": {"jpserver_extensions": {"loopprobe": True}}})
    )
    (folder / "site").mkdir()
    (folder / "site" / "loopprobe.py").symlink_to(loopprobe.__file__)
    server = JupyterServer(folder, free_port())
    (folder / "filled" / "mlflow.db").rename(server.root / "mlflow.db")
    server.wait()
    server.post("experiments/search", {"max_results": 1}).raise_for_status()
    return server


def _phases(
    server: JupyterServer, channel: Channel, query: tuple[str, str, dict[str, Any]], seconds: float
) -> Iterator[Figure]:
    name, path, body = query
    quiet: list[float] = []
    busy: list[float] = []
    answered = 0
    lags: dict[str, list[dict[str, float]]] = {"quiet": [], "busy": []}
    for _ in range(ROUNDS):
        _lags(server)
        quiet += _round_trips(channel, seconds)
        lags["quiet"] += _lags(server)
        with _load(server, path, body) as answers:
            busy += _round_trips(channel, seconds)
            lags["busy"] += _lags(server)
        answered += len(answers)
    slower_ms = (statistics.median(busy) - statistics.median(quiet)) * 1000
    made_from = {"quiet": milliseconds(quiet), "busy": milliseconds(busy), "answers": answered}
    trip = f"a kernel's execute round trip during {name} is slower by"
    yield Figure(trip, slower_ms, "ms in the median", Claim("at most", 10), made_from)
    worst = {phase: max(found, key=lambda lag: lag["wall_ms"]) for phase, found in lags.items()}
    rounded = {phase: {key: round(ms, 1) for key, ms in lag.items()} for phase, lag in worst.items()}
    stood_still = f"the event loop stood still during {name} for at most"
    yield Figure(stood_still, worst["busy"]["wall_ms"], "ms", Claim("less than", 100), rounded)


def _round_trips(channel: Channel, seconds: float) -> list[float]:
    times = []
    end = time.perf_counter() + seconds
    while time.perf_counter() < end:
        times.append(channel.round_trip())
        time.sleep(0.01)
    return times


def _lags(server: JupyterServer) -> list[dict[str, float]]:
    answer = httpx.get(f"{server.origin}/bench/loop", headers=server.headers, timeout=60).raise_for_status()
    return list(answer.json()["lags"])


@contextmanager
def _load(server: JupyterServer, path: str, body: dict[str, Any]) -> Iterator[list[str]]:
    """Asks again and again; gives a list that has a word for each answer once it is over."""
    headers = {**server.headers, "Accept-Encoding": "zstd"}
    what = json.dumps([f"{server.address}/connections/default/", path, body, headers])
    answers: list[str] = []
    process = subprocess.Popen([sys.executable, "-c", LOAD, what], stdout=subprocess.PIPE, text=True)
    try:
        yield answers
        assert process.poll() is None, "the load ended"
    finally:
        process.kill()
        answers += process.communicate()[0].split()
