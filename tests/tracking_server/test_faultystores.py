"""Stores that are read-only, full, locked or damaged: told in words, and nothing is lost."""

from __future__ import annotations

import os
import shutil
import sqlite3
import subprocess
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing, contextmanager
from pathlib import Path

import httpx
import pytest

from jupyterlab_experiments.tracking_server.storefaults import fault_of

from .child import PREFIX, Child

SEARCH = "/api/2.0/mlflow/runs/search"
CREATE = "/api/2.0/mlflow/runs/create"
# MLflow waits 20 seconds for a lock, and so do we; here it is one.
IMPATIENT = """
import sqlite3

class Cursor(sqlite3.Cursor):
    def execute(self, sql, *parameters):
        return super().execute("select 1" if "busy_timeout" in sql else sql, *parameters)

class Connection(sqlite3.Connection):
    def cursor(self, factory=Cursor):
        return super().cursor(Cursor)

def connect(path, open=sqlite3.connect, **options):
    return open(path, **{**options, "timeout": 1, "factory": Connection})

sqlite3.connect = sqlite3.dbapi2.connect = connect
"""


@pytest.fixture
def store(seeded: Callable[[int], Path], tmp_path: Path) -> Path:
    """150 runs, in a folder of their own."""
    (tmp_path / "folder").mkdir()
    return Path(shutil.copy(seeded(150), tmp_path / "folder" / "mlflow.db"))


def journal(store: Path, mode: str) -> None:
    with closing(sqlite3.connect(store)) as connection:
        connection.execute(f"pragma journal_mode = {mode}")


def read(child: Child) -> httpx.Response:
    return child.client.post(SEARCH, json={"experiment_ids": ["1"], "max_results": 5})


def read_table(child: Child) -> httpx.Response:
    return child.post("runs-table", columns=["metrics.*"])


def write(child: Child) -> httpx.Response:
    return child.client.post(CREATE, json={"experiment_id": "1", "start_time": 1})


@contextmanager
def mounted(folder: Path, *commands: tuple[str, ...]) -> Iterator[None]:
    """A mount that only root may make; elsewhere the test is skipped."""
    for number, command in enumerate(commands):
        if shutil.which("mount") is None or subprocess.run(command, stderr=subprocess.DEVNULL).returncode:
            if number:
                subprocess.run(["umount", str(folder)], check=True)
            pytest.skip("mounting is not allowed here")
    try:
        yield
    finally:
        subprocess.run(["umount", str(folder)], check=True)


def read_only(folder: Path) -> contextmanager:  # type: ignore[valid-type]
    at = str(folder)
    return mounted(folder, ("mount", "--bind", at, at), ("mount", "-o", "remount,ro,bind", at))


@pytest.mark.parametrize("mode", ["delete", "wal"])
def test_a_read_only_store_is_read_and_writes_are_refused_in_words(store: Path, mode: str) -> None:
    journal(store, mode)
    with read_only(store.parent), Child(f"sqlite:///{store}", store.parent.parent / "artifacts") as child:
        assert len(read(child).json()["runs"]) == 5
        assert child.table(columns=["metrics.metric_0"]).num_rows > 100
        refused = write(child)
        assert refused.status_code == 403
        assert refused.json()["message"] == (
            f"The store {store} is read-only here: nothing can be logged to it."
        )


def test_a_full_disk_is_told_and_writing_goes_on_when_there_is_room(store: Path, tmp_path: Path) -> None:
    small = tmp_path / "small"
    small.mkdir()
    with mounted(small, ("mount", "-t", "tmpfs", "-o", "size=4m", "tmpfs", str(small))):
        shutil.copy(store, small / "mlflow.db")
        with Child(f"sqlite:///{small}/mlflow.db", tmp_path / "artifacts") as child:
            assert write(child).status_code == 200
            fill(small / "filler")
            refused = next(
                answer for answer in (write(child) for _ in range(200)) if answer.status_code != 200
            )
            assert refused.status_code == 503
            assert "is full. Nothing was written" in refused.json()["message"]
            assert len(read(child).json()["runs"]) == 5
            os.unlink(small / "filler")
            assert write(child).status_code == 200
            with closing(sqlite3.connect(small / "mlflow.db")) as connection:
                assert connection.execute("pragma integrity_check").fetchone() == ("ok",)


def fill(path: Path) -> None:
    file = os.open(path, os.O_WRONLY | os.O_CREAT)
    try:
        while True:
            os.write(file, bytes(4096))
    except OSError:
        os.close(file)


def test_a_locked_store_is_told_within_bounded_time_and_recovers(store: Path) -> None:
    journal(store, "delete")
    uri, root = f"sqlite:///{store}", store.parent / "artifacts"
    with Child(uri, root, before=IMPATIENT) as child, ThreadPoolExecutor(4) as pool:
        assert read(child).status_code == 200
        with closing(sqlite3.connect(store, isolation_level=None)) as holder:
            holder.execute("begin exclusive")
            asked = [
                pool.submit(read, child),
                pool.submit(write, child),
                pool.submit(child.post, "runs-table"),
            ]
            # What needs no store is answered meanwhile.
            assert child.client.get("/health", timeout=5).status_code == 200
            answers = [each.result(timeout=20) for each in asked]
            holder.execute("rollback")
        assert [answer.status_code for answer in answers] == [503] * 3
        for answer in answers:
            assert "is locked by another program" in answer.json()["message"]
            assert "SELECT" not in answer.text
        assert [read(child).status_code, write(child).status_code] == [200, 200]


def test_a_damaged_store_is_told_by_every_route_and_left_as_it_is(store: Path) -> None:
    size = store.stat().st_size
    with open(store, "r+b") as file:
        file.seek(size // 4)
        file.write(bytes(range(256)) * (size // 512))
    before = store.read_bytes()
    with Child(f"sqlite:///{store}", store.parent / "artifacts") as child:
        answers = [
            read(child),
            write(child),
            read_table(child),
            child.post("keys"),
        ]
        answers.append(child.client.get(f"{PREFIX}/artifacts/{'0' * 32}/a.txt"))
        for answer in answers:
            assert answer.status_code == 409, answer.text
            assert "is damaged" in answer.json()["message"]
        assert child.client.get("/health").status_code == 200
    assert store.read_bytes() == before
    assert [path.name for path in store.parent.iterdir()] == ["mlflow.db"]


@pytest.mark.parametrize("mode", ["delete", "wal"])
def test_two_servers_write_to_one_store_at_once_and_lose_nothing(store: Path, mode: str) -> None:
    journal(store, mode)
    uri, rounds = f"sqlite:///{store}", 6

    def work(child: Child) -> list[str]:
        made = []
        for number in range(rounds):
            answer = write(child)
            assert answer.status_code == 200, answer.text
            made.append(answer.json()["run"]["info"]["run_id"])
            metric = {"run_id": made[-1], "key": "loss", "value": number, "timestamp": 1, "step": 0}
            child.client.post("/api/2.0/mlflow/runs/log-metric", json=metric).raise_for_status()
            assert child.table(columns=["metrics.loss"]).num_rows > 100
        return made

    with Child(uri, store.parent) as one, Child(uri, store.parent) as two, ThreadPoolExecutor(4) as pool:
        made = [run_id for each in pool.map(work, (one, two, one, two)) for run_id in each]
        found = [set(child.table(columns=["metrics.loss"])["run_id"].to_pylist()) for child in (one, two)]
    assert len(set(made)) == 4 * rounds
    assert all(set(made) <= each for each in found)
    with closing(sqlite3.connect(store)) as connection:
        count = connection.execute("select count(*) from latest_metrics where key = 'loss'").fetchone()
        assert count == (4 * rounds,)
        assert connection.execute("pragma integrity_check").fetchone() == ("ok",)


@pytest.mark.parametrize(
    ("text", "status"),
    [
        ("(sqlite3.OperationalError) attempt to write a readonly database [SQL: INSERT …", 403),
        ("cannot execute INSERT in a read-only transaction", 403),
        ("database or disk is full", 503),
        ("disk I/O error", 503),
        ("database disk image is malformed", 409),
        ("malformed JSON", None),
        ("no such table: runs", None),
    ],
)
def test_faults_are_known_by_their_signs(text: str, status: int | None) -> None:
    fault = fault_of(text)
    assert (fault.status if fault else None) == status
