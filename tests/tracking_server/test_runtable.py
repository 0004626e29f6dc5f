"""The columns say what MLflow says."""

from __future__ import annotations

import math
import os
import shutil
import signal
import sqlite3
import subprocess
import sys
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from typing import Any

import pyarrow as pa
import pytest

from jupyterlab_experiments.tracking_server import sqlite as sqlite_module
from jupyterlab_experiments.tracking_server.database import Database
from jupyterlab_experiments.tracking_server.requests import decode_selection, decode_table_request
from jupyterlab_experiments.tracking_server.runtable import read_keys, read_table

from .seeding import EXPERIMENT, NOTEBOOK_ID, NOTEBOOK_PATH

COLUMNS = [
    *(
        "metrics.metric_0",
        "metrics.metric_4",
        "metrics.rare",
        "params.param_0",
        "params.param_1",
        "params.late",
    ),
    *("tags.mlflow.user", "tags.nullable"),
]


def read(path: Path, **request: Any) -> pa.Table:
    with Database(f"sqlite:///{path}").reader() as reader:
        return read_table(reader, decode_table_request(request))


def expected(path: Path) -> list[Any]:
    import mlflow

    client = mlflow.MlflowClient(f"sqlite:///{path}")
    runs: list[Any] = []
    token = None
    while token is not None or not runs:
        page = client.search_runs([str(EXPERIMENT)], max_results=5_000, page_token=token)
        runs, token = [*runs, *page], page.token
        if not token:
            return runs
    return runs


def row_of(run: Any) -> dict[str, Any]:
    tags, info = run.data.tags, run.info
    return {
        "run_id": info.run_id,
        "run_name": info.run_name,
        "status": info.status,
        "start_time": info.start_time,
        "end_time": info.end_time,
        "user_id": info.user_id,
        "lifecycle_stage": info.lifecycle_stage,
        "experiment_id": info.experiment_id,
        "parent_run_id": tags.get("mlflow.parentRunId"),
        "notebook_id": tags.get("jupyter.notebook_id"),
        "source_name": tags.get("mlflow.source.name"),
        "metrics.metric_0": run.data.metrics["metric_0"],
        "metrics.rare": run.data.metrics.get("rare"),
        "params.param_0": run.data.params["param_0"],
        "params.param_0#number": float(run.data.params["param_0"]),
        "params.param_1": run.data.params["param_1"],
        "params.late": run.data.params.get("late"),
        "tags.mlflow.user": tags["mlflow.user"],
    }


def comparable(row: dict[str, Any]) -> dict[str, Any]:
    return {
        key: "NaN" if isinstance(value, float) and math.isnan(value) else value for key, value in row.items()
    }


@pytest.fixture(params=["columns", "rows"])
def way(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> str:
    if request.param == "rows":
        monkeypatch.setattr(sqlite_module, "unpacked", lambda _row, _schema: None)
    return str(request.param)


@pytest.mark.parametrize("runs", [1_000, 10_000])
def test_a_table_holds_what_mlflow_answers_in_the_same_order(
    seeded: Callable[[int], Path], runs: int, way: str
) -> None:
    path = seeded(runs)
    table = read(path, experiment_ids=[str(EXPERIMENT)], columns=COLUMNS)
    theirs = [comparable(row_of(run)) for run in expected(path)]
    names = list(theirs[0])
    assert [comparable(row) for row in table.select(names).to_pylist()] == theirs


def test_text_that_is_missing_in_the_first_rows_is_read(seeded: Callable[[int], Path]) -> None:
    table = read(seeded(10_000), columns=["tags.nullable"])
    assert set(table["tags.nullable"].to_pylist()) == {"", "text"}


def test_dictionaries_are_sorted_and_there_is_one_batch(seeded: Callable[[int], Path]) -> None:
    table = read(seeded(1_000), columns=COLUMNS)
    assert len(table.to_batches()) == 1
    for name in ("run_id", "run_name", "status", "params.param_1"):
        words = table[name].combine_chunks().dictionary.to_pylist()
        assert words == sorted(words)


def test_wildcards_bring_every_metric_and_param_of_the_selected_runs(seeded: Callable[[int], Path]) -> None:
    table = read(seeded(1_000), columns=["metrics.*", "params.*"])
    named = {name for name in table.column_names if name.startswith(("metrics.", "params."))}
    assert named >= {f"metrics.metric_{key}" for key in range(5)} | {"metrics.rare", "params.param_4"}
    assert "params.param_1#number" not in named


@pytest.mark.parametrize(("view", "stages"), [("DELETED_ONLY", {"deleted"}), ("ALL", {"active", "deleted"})])
def test_view_types_choose_by_lifecycle_stage(
    seeded: Callable[[int], Path], view: str, stages: set[str]
) -> None:
    assert set(read(seeded(1_000), view_type=view)["lifecycle_stage"].to_pylist()) == stages


def test_a_notebook_has_the_runs_of_its_id_and_those_without_id_at_its_path(
    seeded: Callable[[int], Path],
) -> None:
    path = seeded(1_000)
    mine = read(path, notebook={"id": NOTEBOOK_ID, "path": NOTEBOOK_PATH})["run_id"].to_pylist()
    every = read(path).select(["run_id", "notebook_id", "source_name"]).to_pylist()
    wanted = [
        row["run_id"]
        for row in every
        if row["notebook_id"] == NOTEBOOK_ID
        or (row["notebook_id"] is None and row["source_name"] == NOTEBOOK_PATH)
    ]
    assert mine == wanted
    assert 0 < len(mine) < len(every)


def test_long_texts_are_cut_between_characters_and_marked(new_store: Path) -> None:
    client = client_of(new_store)
    run_id = client.create_run("0").info.run_id
    client.log_param(run_id, "long", "ü" * 2_000)
    client.set_tag(run_id, "mlflow.note.content", "n" * 5_000)
    row = read(new_store, columns=["params.long", "tags.mlflow.note.content"]).to_pylist()[0]
    assert row["params.long"] == "ü" * 512 + "…"
    assert row["tags.mlflow.note.content"] == "n" * 5_000


def test_a_cursor_brings_new_ended_and_running_runs_only(
    seeded: Callable[[int], Path], tmp_path: Path
) -> None:
    path = Path(shutil.copy(seeded(1_000), tmp_path / "mlflow.db"))
    first = read(path)
    cursor = first.schema.metadata[b"cursor"].decode()
    running = {row["run_id"] for row in first.to_pylist() if row["status"] == "RUNNING"}
    client, ended = client_of(path), sorted(running)[0]
    client.set_terminated(ended)
    # Started by a clock that is far behind.
    created = client.create_run(str(EXPERIMENT), start_time=1_000).info.run_id
    client.set_terminated(created, end_time=2_000)
    second = read(path, cursor=cursor, columns=["metrics.metric_1"])
    changed = {row["run_id"]: row["status"] for row in second.to_pylist()}
    assert changed[ended] == "FINISHED" and changed[created] == "FINISHED"
    assert set(changed) >= running
    assert len(changed) < first.num_rows / 5
    assert second.schema.metadata[b"complete"] == b"false"


def test_a_cursor_of_another_file_gives_the_whole_table(seeded: Callable[[int], Path]) -> None:
    cursor = read(seeded(10_000)).schema.metadata[b"cursor"].decode()
    table = read(seeded(1_000), cursor=cursor)
    assert table.schema.metadata[b"complete"] == b"true" and table.num_rows == read(seeded(1_000)).num_rows


@pytest.mark.parametrize(
    "selection", [{}, {"experiment_ids": ["1"]}, {"notebook": {"id": NOTEBOOK_ID, "path": ""}}]
)
def test_keys_are_counted_over_the_selected_runs(
    seeded: Callable[[int], Path], selection: dict[str, Any]
) -> None:
    path = seeded(1_000)
    table = read(path, **selection, columns=["metrics.rare"])
    with Database(f"sqlite:///{path}").reader() as reader:
        keys = read_keys(reader, decode_selection(selection))
    counts = {entry["key"]: entry["count"] for entry in keys["metrics"]}
    assert counts["metric_0"] == table.num_rows
    assert counts.get("rare", 0) == table.num_rows - table["metrics.rare"].null_count
    assert [entry["count"] for entry in keys["tags"]] == sorted(
        (e["count"] for e in keys["tags"]), reverse=True
    )


KILLED_WRITER = """
import os, signal, sqlite3, sys
connection = sqlite3.connect(sys.argv[1], isolation_level=None)
connection.execute("pragma journal_mode = delete")
connection.execute("pragma cache_size = 2")
connection.execute("begin immediate")
connection.execute("update runs set name = 'half written ' || hex(randomblob(100))")
os.kill(os.getpid(), signal.SIGKILL)
"""


def test_a_store_is_read_after_its_writer_was_killed_in_mid_commit(
    seeded: Callable[[int], Path], tmp_path: Path, way: str
) -> None:
    path = Path(shutil.copy(seeded(1_000), tmp_path / "mlflow.db"))
    ended = subprocess.run([sys.executable, "-c", KILLED_WRITER, str(path)], check=False)
    assert ended.returncode == -signal.SIGKILL and os.path.exists(f"{path}-journal")
    with closing(sqlite3.connect(f"file:{path}?mode=ro", uri=True)) as reader, pytest.raises(sqlite3.Error):
        reader.execute("select count(*) from runs").fetchone()
    names = read(path)["run_name"].to_pylist()
    assert len(names) > 900 and not any(name.startswith("half written") for name in names)


def test_reading_cannot_write(new_store: Path, way: str) -> None:
    with (
        Database(f"sqlite:///{new_store}").reader() as reader,
        pytest.raises(Exception, match=r"(?i)read.?only|query_only"),
    ):
        reader.read("delete from runs", (), pa.schema([]))


def client_of(path: Path) -> Any:
    import mlflow

    return mlflow.MlflowClient(f"sqlite:///{path}")
