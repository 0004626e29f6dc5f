"""Nothing that was answered is lost while several processes use one WAL file and its columns are read."""

from __future__ import annotations

import os
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import pytest

from .child import Child

ROUNDS = 25
# Reads what it is told to find, then writes a run's tag of its own, each time by a new connection.
OTHER = """
import sqlite3, sys
for line in sys.stdin:
    run_id, number = line.split()
    with sqlite3.connect(sys.argv[1], timeout=20, isolation_level=None) as connection:
        seen = connection.execute(
            "select count(*) from params where run_uuid = ? and key = 'number'", (run_id,)
        ).fetchone()[0]
        connection.execute("insert into tags (key, value, run_uuid) values ('other', ?, ?)", (number, run_id))
    connection.close()
    print(seen, flush=True)
"""


@contextmanager
def another_process(store: Path) -> Iterator[subprocess.Popen[str]]:
    command = [sys.executable, "-c", OTHER, str(store)]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:
        yield process


def ask(process: subprocess.Popen[str], words: str) -> str:
    assert process.stdin is not None and process.stdout is not None
    process.stdin.write(words + "\n")
    process.stdin.flush()
    return process.stdout.readline().strip()


def write_run(child: Child, number: int) -> str:
    body = {"experiment_id": "0", "run_name": f"run {number}", "start_time": number + 1}
    answer = child.client.post("/api/2.0/mlflow/runs/create", json=body).raise_for_status()
    run_id = str(answer.json()["run"]["info"]["run_id"])
    param = {"run_id": run_id, "key": "number", "value": str(number)}
    child.client.post("/api/2.0/mlflow/runs/log-parameter", json=param).raise_for_status()
    return run_id


def numbers(child: Child) -> list[tuple[str, str]]:
    table = child.table(columns=["params.number", "tags.other"])
    pairs = zip(table["params.number"].to_pylist(), table["tags.other"].to_pylist(), strict=True)
    return sorted(pairs, key=lambda pair: int(pair[0]))


def deleted_files(child: Child) -> list[str]:
    folder = Path(f"/proc/{child.process.pid}/fd")
    found = []
    for entry in folder.iterdir() if folder.exists() else ():
        try:
            found.append(os.readlink(entry))
        except OSError:
            continue
    return [name for name in found if "mlflow.db" in name and name.endswith("(deleted)")]


@pytest.mark.parametrize("journal", ["wal", "delete"])
def test_every_answered_write_is_seen_by_everybody(new_store: Path, journal: str) -> None:
    with closing(sqlite3.connect(new_store)) as connection:
        connection.execute(f"pragma journal_mode = {journal}")
    uri = f"sqlite:///{new_store}"
    with Child(uri, new_store.parent / "mlartifacts") as child, another_process(new_store) as other:
        for number in range(ROUNDS):
            run_id = write_run(child, number)
            child.table(columns=["params.number"])
            assert ask(other, f"{run_id} {number}") == "1"
            assert numbers(child) == [(str(n), str(n)) for n in range(number + 1)]
            assert deleted_files(child) == []
    with closing(sqlite3.connect(new_store)) as connection:
        assert connection.execute("select count(*) from params").fetchone() == (ROUNDS,)
        assert connection.execute("pragma integrity_check").fetchone() == ("ok",)


def test_the_child_has_one_copy_of_sqlite(new_store: Path) -> None:
    maps = Path("/proc/self/maps")
    if not maps.exists():
        pytest.skip("only Linux tells which libraries a process has loaded")
    with Child(f"sqlite:///{new_store}", new_store.parent / "mlartifacts") as child:
        assert child.table().num_rows == 0
        lines = Path(f"/proc/{child.process.pid}/maps").read_text().splitlines()
    loaded = {line.split()[-1] for line in lines if "sqlite" in line.rsplit("/", 1)[-1].lower()}
    assert not any("adbc" in name for name in loaded)
