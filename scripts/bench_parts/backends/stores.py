"""Stores of any size: MLflow makes the tables, SQL that SQLite and PostgreSQL both understand fills them."""

from __future__ import annotations

import random
import sqlite3
import uuid
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tests.support.postgresserver import postgres
from tests.tracking_server.child import PREFIX, Child
from tests.tracking_server.seeding import EXPERIMENT, START_MS, add_curve, make_tables

PARAMS = METRICS = 10
#: Ten visible columns.
COLUMNS = [f"metrics.metric_{key}" for key in range(5)] + [f"params.param_{key}" for key in range(5)]
#: All that `Size` has by default.
ALL_COLUMNS = [f"metrics.metric_{key}" for key in range(METRICS)] + [
    f"params.param_{key}" for key in range(PARAMS)
]
CURVE_RUN = "c" * 32

RUN_COLUMNS = (
    "run_uuid, name, source_type, source_name, entry_point_name, user_id, status, start_time, end_time"
)
NUMBERED = (
    "create temporary table bench_keys as with recursive counted(number) as "
    "(select 0 union all select number + 1 from counted where number < {last}) select number from counted"
)
# Numbers without a pattern that a compressor or a cache would like, the same in both databases.
VALUE = "((r.number * 7919 + k.number * 104729) % 1000003) / 1000003.0"
METRIC_ROWS = (
    "insert into {table} (key, value, timestamp, step, is_nan, run_uuid) select 'metric_' || k.number, "
    "{value}, {start} + r.number, 0, {false}, r.run_uuid from bench_runs r cross join bench_keys k "
    "order by r.number, k.number"
)
PARAM_ROWS = (
    "insert into params (key, value, run_uuid) select 'param_' || k.number, case when k.number % 2 = 0 "
    "then cast({value} as varchar(20)) else 'word ' || (r.number % 7) end, r.run_uuid "
    "from bench_runs r cross join bench_keys k where k.number < {params} order by r.number, k.number"
)
TAGS = {
    "mlflow.user": "'ana'",
    "mlflow.runName": "'run ' || number",
    "mlflow.source.name": "'work/demo.ipynb'",
    "mlflow.source.type": "'LOCAL'",
}


@dataclass(frozen=True)
class Size:
    """How much is in a store."""

    runs: int
    metrics: int = METRICS
    params: int = PARAMS


def statements(size: Size, false: str) -> Iterator[str]:
    """Fill keys, values and tags of the runs in `bench_runs`."""
    yield NUMBERED.format(last=max(size.metrics, size.params) - 1)
    names = {"value": VALUE, "start": START_MS, "false": false, "params": size.params}
    for table in ("metrics", "latest_metrics"):
        rows = METRIC_ROWS.format(table=table, **names)
        yield rows.replace(" order by", f" where k.number < {size.metrics} order by")
    yield PARAM_ROWS.format(**names)
    for key, tag in TAGS.items():
        yield f"insert into tags (key, value, run_uuid) select '{key}', {tag}, run_uuid from bench_runs"


def run_rows(size: Size, artifact_root: str) -> Iterator[tuple[Any, ...]]:
    """Runs a minute apart; of a hundred some failed, the last ones still run."""
    chance = random.Random(size.runs)
    for number in range(size.runs):
        run_id = uuid.UUID(int=chance.getrandbits(128)).hex
        status = "RUNNING" if number >= size.runs - 2 else "FAILED" if number % 50 == 0 else "FINISHED"
        start = START_MS - (size.runs - number) * 60_000
        end = None if status == "RUNNING" else start + chance.randrange(1_000, 600_000)
        named = (run_id, f"run {number}", "UNKNOWN", "", "", "ana", status, start, end)
        yield (*named, "", "active", f"{artifact_root}/{EXPERIMENT}/{run_id}/artifacts", EXPERIMENT)


def fill(execute: Callable[[str], object], many: Callable[[str, list[Any]], object], rows: list[Any]) -> None:
    """The experiment and its runs, and a table of the runs' numbers."""
    execute(
        "insert into experiments (experiment_id, name, artifact_location, lifecycle_stage, creation_time,"
        f" last_update_time) values ({EXPERIMENT}, 'bench', '', 'active', 0, 0)"
    )
    columns = f"{RUN_COLUMNS}, source_version, lifecycle_stage, artifact_uri, experiment_id"
    many(f"insert into runs ({columns})", rows)
    execute("create temporary table bench_runs (number bigint, run_uuid varchar(32))")
    many("insert into bench_runs (number, run_uuid)", [(number, row[0]) for number, row in enumerate(rows)])


def make_sqlite(path: Path, size: Size, journal: str = "wal") -> None:
    """A store as we make it (WAL), or as MLflow does (`delete`)."""
    make_tables(path)
    with closing(sqlite3.connect(path, isolation_level=None)) as connection:
        connection.execute("pragma synchronous = off")
        connection.execute("pragma cache_size = -1000000")
        connection.execute("begin")

        def many(sql: str, rows: Sequence[Sequence[Any]]) -> None:
            marks = ", ".join("?" * len(rows[0]))
            connection.executemany(f"{sql} values ({marks})", rows)

        fill(connection.execute, many, list(run_rows(size, str(path.parent / "mlartifacts"))))
        for statement in statements(size, "0"):
            connection.execute(statement)
        connection.execute("commit")
        connection.execute(f"pragma journal_mode = {journal}")


@contextmanager
def postgresql(size: Size, folder: Path) -> Iterator[str]:
    """A PostgreSQL of its own with a filled store; gives its URI."""
    import psycopg2
    from mlflow.store.tracking.sqlalchemy_store import SqlAlchemyStore
    from psycopg2.extras import execute_values

    with postgres() as uri:
        SqlAlchemyStore(uri, str(folder)).engine.dispose()
        with closing(psycopg2.connect(uri.replace("+psycopg2", ""))) as connection:
            with connection, connection.cursor() as cursor:
                fill(
                    cursor.execute,
                    lambda sql, rows: execute_values(cursor, f"{sql} values %s", rows, page_size=1000),
                    list(run_rows(size, str(folder))),
                )
                for statement in statements(size, "false"):
                    cursor.execute(statement)
            connection.autocommit = True
            with connection.cursor() as cursor:
                cursor.execute("vacuum analyze")
        yield uri


def add_long_curve(path: Path, points: int) -> None:
    """One more run, with a metric `long`."""
    with closing(sqlite3.connect(path)) as connection, connection:
        row = (CURVE_RUN, "curve", "UNKNOWN", "", "", "ana", "FINISHED", START_MS, START_MS + points)
        connection.execute(
            f"insert into runs ({RUN_COLUMNS}, source_version, lifecycle_stage, artifact_uri, experiment_id)"
            f" values ({', '.join('?' * 13)})",
            (*row, "", "active", "", EXPERIMENT),
        )
    add_curve(path, CURVE_RUN, points)


@contextmanager
def child_on(uri: str, folder: Path) -> Iterator[Child]:
    """Our tracking server on a store."""
    with Child(uri, folder / "mlartifacts") as child:
        child.client.timeout = 1800
        yield child


@contextmanager
def child_on_sqlite(folder: Path, size: Size, journal: str = "wal") -> Iterator[Child]:
    """Our tracking server on a new store of that size."""
    folder.mkdir(parents=True, exist_ok=True)
    make_sqlite(folder / "mlflow.db", size, journal)
    with child_on(f"sqlite:///{folder / 'mlflow.db'}", folder) as child:
        yield child


def table_request(columns: Sequence[str]) -> dict[str, Any]:
    """What the browser asks for a page of runs."""
    return {"experiment_ids": [str(EXPERIMENT)], "columns": list(columns)}


def read_table(child: Child, columns: Sequence[str]) -> int:
    """Rows of one table, decoded, encoded as for a browser."""
    import pyarrow as pa

    headers = {"Accept-Encoding": "zstd"}
    request = {"json": table_request(columns), "headers": headers}
    with child.client.stream("POST", f"{PREFIX}/runs-table", **request) as answer:
        answer.raise_for_status()
        raw = b"".join(answer.iter_raw())
        is_packed = answer.headers.get("content-encoding") == "zstd"
    source = pa.CompressedInputStream(pa.BufferReader(raw), "zstd") if is_packed else pa.BufferReader(raw)
    return int(pa.ipc.open_stream(source).read_all().num_rows)


def read_pages(child: Child, most: int | None = None) -> int:
    """Runs of all pages of MLflow's search (or of the first ones), decoded."""
    count, token = 0, None
    while True:
        body = {"experiment_ids": [str(EXPERIMENT)], "max_results": 1_000, "page_token": token}
        page = child.client.post("/api/2.0/mlflow/runs/search", json=body).raise_for_status().json()
        count, token = count + len(page.get("runs", [])), page.get("next_page_token")
        if not token or (most is not None and count >= most):
            return count
