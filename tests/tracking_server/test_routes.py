"""The columnar routes over HTTP."""

from __future__ import annotations

import gzip
from pathlib import Path
from typing import Any

import pyarrow as pa
import pytest

from jupyterlab_experiments.tracking_server.database import Database
from jupyterlab_experiments.tracking_server.errors import StoreNotReadableError
from jupyterlab_experiments.tracking_server.structure import Structure

from .child import PREFIX, Child


@pytest.mark.parametrize(
    ("route", "body"),
    [
        ("runs-table", []),
        ("runs-table", {"columns": ["loss"]}),
        ("runs-table", {"columns": "metrics.loss"}),
        ("runs-table", {"view_type": "SOME"}),
        ("runs-table", {"cursor": "not one of ours"}),
        ("runs-table", {"notebook": {}}),
        ("runs-table", {"experiment_ids": [1]}),
        ("keys", {"notebook": "n"}),
        ("metric-history", {"keys": ["loss"]}),
        ("metric-history", {"run_ids": [], "keys": [], "max_points": 0}),
        ("metric-history", {"run_ids": [], "keys": [], "start_step": 1.5}),
    ],
)
def test_a_bad_request_is_a_400_in_mlflows_words(child: Child, route: str, body: Any) -> None:
    answer = child.client.post(f"{PREFIX}/{route}", json=body)
    assert answer.status_code == 400
    assert answer.json()["error_code"] == "INVALID_PARAMETER_VALUE" and answer.json()["message"]


def test_an_experiment_that_cannot_be_has_no_runs(child: Child) -> None:
    asked = {"experiment_ids": ["9" * 30]}
    assert child.client.post(f"{PREFIX}/keys", json=asked).json()["metrics"] == []


def test_text_that_is_not_json_is_a_400(child: Child) -> None:
    assert child.client.post(f"{PREFIX}/runs-table", content="[" * 100_000).status_code == 400
    assert child.client.post(f"{PREFIX}/runs-table", content="{").status_code == 400


@pytest.mark.parametrize(
    ("offered", "encoding"),
    [("gzip, deflate, br, zstd", "zstd"), ("gzip", "gzip"), ("gzip, zstd;q=0", "gzip"), ("identity", None)],
)
def test_the_answer_is_compressed_as_offered(child: Child, offered: str, encoding: str | None) -> None:
    request = child.client.build_request(
        "POST", f"{PREFIX}/runs-table", json={}, headers={"Accept-Encoding": offered}
    )
    answer = child.client.send(request, stream=True)
    raw = b"".join(answer.iter_raw())
    assert answer.headers.get("content-encoding") == encoding and answer.headers["vary"] == "Accept-Encoding"
    unpack = {
        "zstd": lambda b: pa.input_stream(pa.py_buffer(b), compression="zstd").read(),
        "gzip": gzip.decompress,
    }
    assert pa.ipc.open_stream(unpack.get(encoding or "", bytes)(raw)).read_all().num_rows == 980


def test_info_says_what_is_served(child: Child) -> None:
    info = child.client.get(f"{PREFIX}/info").json()
    assert (
        info["dialect"] == "sqlite" and info["columns"] is True and info["mlflow_version"] and info["python"]
    )


def test_mlflows_own_routes_are_as_they_were(child: Child) -> None:
    assert child.client.get("/health").text == "OK"
    found = child.client.post("/api/2.0/mlflow/runs/search", json={"experiment_ids": ["1"], "max_results": 3})
    assert len(found.json()["runs"]) == 3


def test_unknown_experiments_have_no_runs(child: Child) -> None:
    assert child.table(experiment_ids=["999", "not a number", "٣"]).num_rows == 0
    assert child.table(experiment_ids=[]).num_rows == 0


@pytest.mark.parametrize("uri", ["file:///tmp/mlruns", "databricks", "sqlite:///:memory:"])
def test_stores_without_tables_have_no_columns(uri: str) -> None:
    assert not Structure(Database(uri)).is_readable()


def test_a_store_with_other_tables_is_not_read(new_store: Path) -> None:
    import sqlite3
    from contextlib import closing

    with closing(sqlite3.connect(new_store)) as connection, connection:
        connection.execute("alter table latest_metrics rename column value to measure")
    database = Database(f"sqlite:///{new_store}")
    assert not Structure(database).is_readable()
    with database.reader() as reader, pytest.raises(StoreNotReadableError, match="latest_metrics"):
        Structure(database).check(reader)
