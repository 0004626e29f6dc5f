"""Large stores in seconds: MLflow makes the tables, plain SQL fills them, a seed decides every number."""

from __future__ import annotations

import random
import sqlite3
import uuid
from collections.abc import Iterable, Sequence
from contextlib import closing
from pathlib import Path
from typing import Any

EXPERIMENT = 1
START_MS = 1_790_000_000_000
NOTEBOOK_ID, NOTEBOOK_PATH = "11111111-2222-4333-8444-555555555555", "work/demo.ipynb"
PARAMS = METRICS = 5
# Beyond the rows from which a driver may guess a column's type.
LATE = 1_100


def make_tables(path: Path) -> None:
    """An empty store of the installed MLflow."""
    from mlflow.store.tracking.sqlalchemy_store import SqlAlchemyStore

    SqlAlchemyStore(f"sqlite:///{path}", str(path.parent / "mlartifacts")).engine.dispose()


def seed(path: Path, runs: int) -> None:
    """`runs` runs a minute apart in one experiment: every kind of status, some nested, some NaN."""
    make_tables(path)
    with closing(sqlite3.connect(path)) as connection, connection:
        fill(connection, runs, str(path.parent / "mlartifacts"))


def fill(connection: sqlite3.Connection, runs: int, artifact_root: str) -> None:
    """The rows of `seed`, by any connection with `?` for parameters."""
    chance = random.Random(runs)
    connection.execute(
        "insert into experiments (experiment_id, name, artifact_location, lifecycle_stage, creation_time,"
        " last_update_time) values (?, ?, ?, 'active', 0, 0)",
        (EXPERIMENT, "seeded", f"{artifact_root}/{EXPERIMENT}"),
    )
    made = [uuid.UUID(int=chance.getrandbits(128)).hex for _ in range(runs)]
    rows = [run_row(index, run_id, artifact_root) for index, run_id in enumerate(made)]
    insert(connection, "runs", RUN_COLUMNS, rows)
    numbered = list(enumerate(made))
    insert(
        connection,
        "params",
        ("key", "value", "run_uuid"),
        (row for n, id_ in numbered for row in params(n, id_)),
    )
    insert(
        connection,
        "tags",
        ("key", "value", "run_uuid"),
        (row for n, id_ in numbered for row in tags(n, id_, made)),
    )
    points = [row for n, id_ in numbered for row in metrics(n, id_, chance)]
    columns = ("key", "value", "timestamp", "step", "is_nan", "run_uuid")
    insert(connection, "metrics", columns, points)
    insert(connection, "latest_metrics", columns, points)


RUN_COLUMNS = (
    "run_uuid",
    "name",
    "source_type",
    "source_name",
    "entry_point_name",
    "user_id",
    "status",
    "start_time",
    "end_time",
    "source_version",
    "lifecycle_stage",
    "artifact_uri",
    "experiment_id",
)


def run_row(index: int, run_id: str, artifact_root: str) -> tuple[Any, ...]:
    start = START_MS + index // 2 * 120_000
    status = ("FINISHED", "FINISHED", "FAILED", "KILLED", "RUNNING")[index % 5 if index % 20 < 5 else 0]
    end = None if status == "RUNNING" or index < LATE // 2 else start + 1_000 * index
    stage = "deleted" if index % 50 == 7 else "active"
    uri = f"{artifact_root}/{EXPERIMENT}/{run_id}/artifacts"
    return (run_id, f"run {index}", "UNKNOWN", "", "", "ana", status, start, end, "", stage, uri, EXPERIMENT)


def params(index: int, run_id: str) -> Iterable[tuple[Any, ...]]:
    for key in range(PARAMS):
        value = f"{index * 0.5:g}" if key % 2 == 0 else f"word {index % 7}"
        yield f"param_{key}", value, run_id
    if index > LATE:
        yield "late", "text", run_id


def tags(index: int, run_id: str, made: Sequence[str]) -> Iterable[tuple[Any, ...]]:
    yield "mlflow.user", "ana", run_id
    yield "mlflow.source.name", NOTEBOOK_PATH if index % 3 else "other.py", run_id
    yield "mlflow.runName", f"run {index}", run_id
    if index % 2:
        yield "jupyter.notebook_id", NOTEBOOK_ID if index % 4 == 1 else "somebody else's", run_id
    if index % 10 == 9:
        yield "mlflow.parentRunId", made[index - 1], run_id
    # NULL is a legal value of a tag; the first text comes late.
    yield "nullable", None if index < LATE else "text", run_id


def metrics(index: int, run_id: str, chance: random.Random) -> Iterable[tuple[Any, ...]]:
    for key in range(METRICS):
        is_nan = index % 11 == 3 and key == 0
        yield f"metric_{key}", 0.0 if is_nan else chance.random(), START_MS, index % 4, int(is_nan), run_id
    if index % 100 == 0:
        yield "rare", 1.7976931348623157e308 * (-1 if index % 200 else 1), START_MS, 0, 0, run_id


def insert(connection: Any, table: str, columns: Sequence[str], rows: Iterable[Sequence[Any]]) -> None:
    names = ", ".join(f'"{column}"' for column in columns)
    marks = ", ".join("?" * len(columns))
    connection.executemany(f"insert into {table} ({names}) values ({marks})", list(rows))


def add_curve(path: Path, run_id: str, points: int) -> None:
    """A curve `long` of a run, with one least and one greatest value."""
    chance = random.Random(points)
    with closing(sqlite3.connect(path)) as connection, connection:
        rows = [("long", chance.random(), START_MS + step, step, 0, run_id) for step in range(points)]
        rows[points // 3] = ("long", -5.0, START_MS + points // 3, points // 3, 0, run_id)
        rows[points // 2] = ("long", 7.0, START_MS + points // 2, points // 2, 0, run_id)
        insert(connection, "metrics", ("key", "value", "timestamp", "step", "is_nan", "run_uuid"), rows)
