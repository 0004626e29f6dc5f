"""A tracking server as its Jupyter server sees it: its log, its limit of memory, its pauses after crashes."""

from __future__ import annotations

import asyncio
import logging
import os
import signal
import sys
import tempfile
import time
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
import pytest_asyncio

from jupyterlab_experiments.server.errors import TrackingServerUnavailable
from jupyterlab_experiments.server.processes.child import Child, ChildOptions
from jupyterlab_experiments.server.processes.process import Launch, Process

from .conftest import until

SECRET = "hunter2hunter2"
# As a tracking server, but ready at once: it answers 200 on its socket, and says some things first.
SERVER = """
import socket, sys, threading, os
for number in range(300):
    print(f"line {number} hunter2hunter2", file=sys.stderr, flush=True)
listener = socket.socket(socket.AF_UNIX); listener.bind(sys.argv[1]); listener.listen()
threading.Thread(target=lambda: (sys.stdin.read(), os._exit(0)), daemon=True).start()
ballast = bytearray(os.urandom(1) * int(sys.argv[2]) * 2**20)
while True:
    connection, _ = listener.accept()
    while connection.recv(65536):
        connection.sendall(b"HTTP/1.1 200 OK\\r\\ncontent-length: 0\\r\\n\\r\\n")
"""
CRASH = "import sys; open(sys.argv[1], 'a').write('x'); sys.exit('out of luck')"


class Folder:
    """A short path, as sockets need one."""

    def __init__(self) -> None:
        self._folder = tempfile.TemporaryDirectory(prefix="cl-")
        self.path = Path(self._folder.name)
        self.children: list[Child] = []

    def child(self, *arguments: str, **options: float) -> Child:
        launch = Launch([sys.executable, "-c", *arguments], dict(os.environ), str(self.path), [SECRET])
        socket_path = str(self.path / "s")
        child = Child(
            ChildOptions("mlflow.db", socket_path, lambda: launch, **options),  # type: ignore[arg-type]
            logging.getLogger("test"),
        )
        self.children.append(child)
        return child

    async def close(self) -> None:
        for child in self.children:
            await child.close()
        self._folder.cleanup()


@pytest_asyncio.fixture
async def folder() -> AsyncIterator[Folder]:
    made = Folder()
    yield made
    await made.close()


async def test_its_last_words_are_kept_without_secrets_after_its_end(folder: Folder) -> None:
    child = folder.child(SERVER, str(folder.path / "s"), "0")
    assert child.log_text == ""
    await child.ready()
    assert child.pid is not None
    os.kill(child.pid, signal.SIGKILL)
    await until(lambda: child.pid is None)
    lines = child.log_text.splitlines()
    assert len(lines) == 200
    assert lines[-2:] == ["line 299 ***", "The tracking server ended (code -9)."]
    assert SECRET not in child.log_text


async def test_one_over_its_limit_of_memory_is_replaced_when_it_is_idle(folder: Folder) -> None:
    child = folder.child(SERVER, str(folder.path / "s"), "80", memory_limit_mb=60, memory_quiet_s=0.2)
    client = await child.ready()
    first = child.pid
    with child.used():
        # Longer than it takes to be noticed.
        end = time.monotonic() + 0.8
        while time.monotonic() < end:
            assert (await client.get("/health")).status_code == 200
        assert child.pid == first
    await until(lambda: child.pid is None)
    assert child.state.name == "idle"
    assert "more than the limit of 60 MB" in child.log_text
    await child.ready()
    assert child.pid not in (None, first)


async def test_one_below_its_limit_of_memory_stays(folder: Folder) -> None:
    child = folder.child(SERVER, str(folder.path / "s"), "0", memory_limit_mb=500, memory_quiet_s=0.05)
    await child.ready()
    first = child.pid
    looks = []
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Process, "resident_mb", property(lambda process: looks.append(process.pid) or 499.0))
        await until(lambda: len(looks) > 3)
    assert child.pid == first


async def test_each_crash_makes_the_next_pause_longer_and_is_told(folder: Folder) -> None:
    starts = folder.path / "starts"
    child = folder.child(CRASH, str(starts))
    waits = []
    for number in range(1, 4):
        child.retry_now()
        for _ in range(2):
            with pytest.raises(TrackingServerUnavailable) as refusal:
                await child.ready()
            # The second time nothing is started.
            assert starts.read_text() == "x" * number
        waits.append(refusal.value.retry_after_s or 0)
        assert "out of luck" in str(refusal.value)
        assert f"tried again in {waits[-1]} s" in str(refusal.value)
        assert child.state.name == "unavailable" and "out of luck" in (child.state.message or "")
    assert waits == sorted(set(waits))
    assert "out of luck" in child.log_text


async def test_fifty_who_wait_share_one_start_and_one_crash(folder: Folder) -> None:
    starts = folder.path / "starts"
    child = folder.child(CRASH, str(starts))
    outcomes = await asyncio.gather(*(child.ready() for _ in range(50)), return_exceptions=True)
    assert {type(outcome) for outcome in outcomes} == {TrackingServerUnavailable}
    assert starts.read_text() == "x"
    well = folder.child(SERVER, str(folder.path / "s"), "0")
    clients = await asyncio.gather(*(well.ready() for _ in range(50)))
    assert len(set(map(id, clients))) == 1
