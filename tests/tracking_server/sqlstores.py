"""Runs in a database server, and whether our columns of them are what MLflow tells."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from jupyterlab_experiments.tracking_server.database import Database
from jupyterlab_experiments.tracking_server.history import read_history
from jupyterlab_experiments.tracking_server.requests import (
    decode_history_request,
    decode_selection,
    decode_table_request,
)
from jupyterlab_experiments.tracking_server.runtable import read_keys, read_table
from jupyterlab_experiments.tracking_server.structure import Structure

from .seeding import START_MS


def filled_client(uri: str, artifacts: Path) -> Any:
    """MLflow's client of a new database, with thirty runs in experiment 1."""
    from mlflow.entities import Metric, Param

    from mlflow import MlflowClient

    client = MlflowClient(uri)
    experiment = client.create_experiment("e", artifact_location=str(artifacts))
    for number in range(30):
        tags = {"jupyter.notebook_id": "n"} if number % 2 else {"mlflow.source.name": "a.ipynb"}
        run_id = client.create_run(experiment, start_time=START_MS + number, tags=tags).info.run_id
        metrics = [
            Metric("loss", float("nan") if number == 3 else number / 7, START_MS, step) for step in (0, 1)
        ]
        client.log_batch(
            run_id, metrics=metrics, params=[Param("lr", f"1e-{number}"), Param("name", "ü🚀'\"")]
        )
        client.set_terminated(run_id, ["FINISHED", "FAILED"][number % 2])
    return client


def check_columns(uri: str, client: Any) -> None:
    """Table, keys, curve and cursor against MLflow's own answers."""
    runs = client.search_runs(["1"])
    database = Database(uri)
    assert Structure(database).is_readable()
    with database.reader() as reader:
        asked = {"experiment_ids": ["1"], "columns": ["metrics.*", "params.*"]}
        table = read_table(reader, decode_table_request(asked))
        keys = read_keys(reader, decode_selection({"notebook": {"id": "n", "path": "a.ipynb"}}))
        mine = read_table(reader, decode_table_request({"notebook": {"id": "n", "path": ""}}))
        history = {"run_ids": [runs[0].info.run_id], "keys": ["loss"], "max_points": 10}
        curve = read_history(reader, decode_history_request(history))
        cursor = table.schema.metadata[b"cursor"].decode()
        since = read_table(reader, decode_table_request({"cursor": cursor}))
    assert table["run_id"].to_pylist() == [run.info.run_id for run in runs]
    assert list(map(str, table["metrics.loss"].to_pylist())) == [
        str(run.data.metrics["loss"]) for run in runs
    ]
    assert table["params.name"].to_pylist() == [run.data.params["name"] for run in runs]
    assert table["params.lr#number"].to_pylist() == [float(run.data.params["lr"]) for run in runs]
    assert keys["metrics"] == [{"key": "loss", "count": 30}]
    assert mine.num_rows == 15 and since.num_rows == 30
    assert curve["step"].to_pylist() == [0, 1]
