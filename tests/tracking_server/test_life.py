"""Start, first write and end of the child."""

from __future__ import annotations

import json
import os
import sqlite3
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from pathlib import Path

import pytest

from jupyterlab_experiments.newsqlite import file_system_of

from .child import Child


def test_it_ends_with_its_stdin_and_takes_the_socket_with_it(new_store: Path) -> None:
    with Child(f"sqlite:///{new_store}", new_store.parent / "mlartifacts") as child:
        assert child.stop() == 0
        assert not os.path.exists(child.socket)


def test_a_stale_socket_does_not_keep_it_from_starting(new_store: Path) -> None:
    uri = f"sqlite:///{new_store}"
    with Child(uri, new_store.parent) as first:
        first.process.kill()
        first.process.wait()
        assert os.path.exists(first.socket)
        with Child(uri, new_store.parent, socket=first.socket) as second:
            assert second.client.get("/health").text == "OK"


def test_nothing_is_made_before_the_first_call_of_the_store_and_then_it_is_wal(tmp_path: Path) -> None:
    store = tmp_path / "mlflow.db"
    with Child(f"sqlite:///{store}", tmp_path / "mlartifacts") as child:
        assert child.table(columns=["metrics.loss"]).num_rows == 0
        assert child.post("keys").json() == {"metrics": [], "params": [], "tags": []}
        assert child.table("metric-history", run_ids=["r"], keys=["loss"]).num_rows == 0
        assert child.client.get("/jupyterlab-experiments/info").json()["columns"] is True
        assert child.client.get("/jupyterlab-experiments/artifacts/r/a.txt").status_code == 404
        with child.client.stream("GET", "/jupyterlab-experiments/changes") as stream:
            lines = stream.iter_lines()
            assert next(lines) == ": open"
            assert list(tmp_path.iterdir()) == []
            found = child.client.post("/api/2.0/mlflow/experiments/search", json={"max_results": 10})
            assert [experiment["name"] for experiment in found.json()["experiments"]] == ["Default"]
            assert json.loads(next(line for line in lines if line.startswith("data: "))[6:])["sequence"] >= 1
        assert child.table().num_rows == 0
    with closing(sqlite3.connect(store)) as connection:
        assert connection.execute("pragma journal_mode").fetchone() == ("wal",)


def test_first_calls_that_come_together_make_one_store_and_all_are_answered(tmp_path: Path) -> None:
    uri = f"sqlite:///{tmp_path}/mlflow.db"
    with Child(uri, tmp_path / "a") as one, Child(uri, tmp_path / "a") as two, ThreadPoolExecutor(8) as pool:
        asked = [
            pool.submit(child.client.get, path, timeout=60)
            for child in (one, two)
            for path in (
                "/api/2.0/mlflow/experiments/search?max_results=1",
                "/api/2.0/mlflow/registered-models/search",
            )
            * 2
        ]
        assert [each.result().status_code for each in asked] == [200] * len(asked)
    assert {path.name for path in tmp_path.iterdir()} <= {"mlflow.db", "mlflow.db-wal", "mlflow.db-shm"}


@pytest.mark.parametrize(
    ("revision", "words"), [("451aebb31d03", "older MLflow"), ("ffffffffffff", "another MLflow than the")]
)
def test_a_store_of_another_mlflow_ends_it_with_a_plain_message(
    new_store: Path, revision: str, words: str
) -> None:
    with closing(sqlite3.connect(new_store)) as connection, connection:
        connection.execute("update alembic_version set version_num = ?", (revision,))
    child = Child(f"sqlite:///{new_store}", new_store.parent)
    assert child.process.wait(60) == 3
    assert child.process.stderr is not None
    told = json.loads(child.process.stderr.read().splitlines()[-1])
    assert told["error"] == "schema" and words in told["message"] and str(new_store) in told["message"]
    child.stop()


@pytest.mark.parametrize(
    ("folder", "kind"), [("/home/ana/work", "ext4"), ("/home/ana/share/x", "nfs4"), ("/homes", "overlay")]
)
def test_the_file_system_of_a_folder_is_that_of_the_nearest_mount(folder: str, kind: str) -> None:
    mounts = "\n".join(
        f"36 35 0:1 / {point} rw shared:1 - {name} none rw"
        for point, name in (("/", "overlay"), ("/home", "ext4"), ("/home/ana/share", "nfs4"))
    )
    assert file_system_of(folder, mounts) == kind
