"""Selection → the frame's own rows: what table `runs` says of each selected run, newest first."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from .cursor import Cursor
from .database import Reader, quoted
from .requests import Notebook, Selection
from .values import MANY_RUNS, are_many, chunks, count_rows, marks, scans

NOTEBOOK_ID, NOTEBOOK_PATH, SOURCE_NAME = "jupyter.notebook_id", "jupyter.notebook_path", "mlflow.source.name"

RUNS = pa.schema(
    [
        ("run_id", pa.string()),
        ("run_name", pa.string()),
        ("status", pa.string()),
        ("start_time", pa.int64()),
        ("end_time", pa.int64()),
        ("user_id", pa.string()),
        ("lifecycle_stage", pa.string()),
        ("experiment_id", pa.int64()),
    ]
)
# A missing text is an empty one, and columns without NULL come from SQLite by the quick way (packing.py).
_SELECT = (
    "select run_uuid, coalesce(name, ''), coalesce(status, ''), start_time, end_time, coalesce(user_id, ''), "
    "coalesce(lifecycle_stage, ''), experiment_id from runs "
)
_STAGES = {"ACTIVE_ONLY": "active", "DELETED_ONLY": "deleted"}
_TAG_ROWS = pa.schema([("key", pa.string()), ("run_id", pa.string()), ("value", pa.string())])
_IDS = pa.schema([("run_id", pa.string())])

# Databases keep ids as 64-bit integers; no experiment has a greater one.
_GREATEST_ID = 2**63 - 1


@dataclass(frozen=True)
class Condition:
    """A condition on table `runs`, with its parameters."""

    sql: str
    parameters: tuple[Any, ...] = ()

    def and_(self, other: Condition) -> Condition:
        """Both."""
        return Condition(f"({self.sql}) and ({other.sql})", self.parameters + other.parameters)


def read_runs(reader: Reader, selection: Selection, since: Cursor | None = None) -> pa.Table:
    """The selected runs, newest first, ties by run id; with a cursor those that may have changed."""
    condition = condition_of(selection)
    if since is not None:
        condition = condition.and_(_changed(reader, since))
    if selection.notebook is None:
        rows = _read(reader, condition)
    else:
        rows = _read_only(reader, condition, notebook_runs(reader, selection.notebook))
    return newest_first(rows)


def condition_of(selection: Selection) -> Condition:
    """Which rows of `runs` the selection means, its notebook apart."""
    if selection.experiment_ids is not None:
        numbers = (int(id_) for id_ in selection.experiment_ids if id_.isascii() and id_.isdigit())
        known = tuple(number for number in numbers if number <= _GREATEST_ID)
        condition = (
            Condition(f"experiment_id in ({marks(len(known))})", known) if known else Condition("1 = 0")
        )
    elif selection.notebook is None:
        active = "select experiment_id from experiments where lifecycle_stage = 'active'"
        condition = Condition(f"experiment_id in ({active})")
    else:
        condition = Condition("1 = 1")
    stage = _STAGES.get(selection.view_type)
    return condition.and_(Condition("lifecycle_stage = ?", (stage,))) if stage else condition


def notebook_runs(reader: Reader, notebook: Notebook) -> pa.Array:
    """Ids of the runs that carry the notebook's id, and of those without any id that carry its path."""
    keys, wanted = (
        (NOTEBOOK_ID, NOTEBOOK_PATH, SOURCE_NAME),
        [text for text in (notebook.id, notebook.path) if text],
    )
    rows = _tag_rows(reader, keys, wanted)
    is_id = pc.equal(rows["key"], NOTEBOOK_ID)
    mine = rows.filter(pc.and_(is_id, pc.equal(rows["value"], notebook.id)))["run_id"]
    by_path = rows.filter(pc.and_(pc.invert(is_id), pc.equal(rows["value"], notebook.path)))["run_id"]
    candidates = pc.unique(by_path.filter(pc.invert(pc.is_in(by_path, value_set=mine.combine_chunks()))))
    strangers = _bearers_of_an_id(reader, candidates) if notebook.path else []
    free = candidates.filter(pc.invert(pc.is_in(candidates, value_set=pa.array(strangers, pa.string()))))
    return pa.concat_arrays([mine.combine_chunks(), free if notebook.path else free.slice(0, 0)])


def newest_first(rows: pa.Table) -> pa.Table:
    """By start time, latest first and missing ones last; ties by run id."""
    by_id = pc.sort_indices(rows["run_id"]).to_numpy()
    starts = pc.fill_null(rows["start_time"], np.iinfo(np.int64).min).to_numpy()
    order = by_id[np.argsort(~starts[by_id], kind="stable")]
    return rows.take(pa.array(order)).combine_chunks()


def _read(reader: Reader, condition: Condition) -> pa.Table:
    return reader.read(f"{_SELECT} where {condition.sql}", condition.parameters, RUNS)


def _read_only(reader: Reader, condition: Condition, run_ids: pa.Array) -> pa.Table:
    if len(run_ids) > MANY_RUNS:
        rows = _read(reader, condition)
        return rows.filter(pc.is_in(rows["run_id"], value_set=run_ids))
    parts = [_read(reader, condition.and_(_one_of(ids))) for ids in chunks(run_ids)]
    return pa.concat_tables(parts) if parts else RUNS.empty_table()


def _one_of(run_ids: Sequence[str]) -> Condition:
    return Condition(f"run_uuid in ({marks(len(run_ids))})", tuple(run_ids))


def _changed(reader: Reader, since: Cursor) -> Condition:
    condition = Condition(
        "status in ('RUNNING', 'SCHEDULED') or start_time >= ? or end_time >= ?",
        (since.start_time_ms, since.end_time_ms),
    )
    if since.running:
        running = _one_of(since.running)
        condition = Condition(f"{condition.sql} or {running.sql}", condition.parameters + running.parameters)
    if reader.dialect == "sqlite":
        # Rows come in order, whatever the clock of the machine that made the run says.
        condition = Condition(f"{condition.sql} or rowid > ?", (*condition.parameters, since.last_row))
    return condition


def _tag_rows(reader: Reader, keys: Sequence[str], values: Sequence[str]) -> pa.Table:
    key = quoted(reader.dialect, "key")
    select = f"select {key}, run_uuid, value from tags "  # noqa: S608 values are bound
    condition = f"{key} in ({marks(len(keys))}) and value in ({marks(len(values))})"
    parameters = [*keys, *values]
    conditions = [(f"where {condition}", parameters)]
    if reader.dialect == "sqlite":
        last_row = count_rows(reader, "select max(rowid) from tags")
        if are_many(reader, "tags", last_row, (f"{key} in ({marks(len(keys))})", keys)):
            conditions = list(scans(last_row, f"+{condition}", parameters))
    parts = [reader.read(select + where, bound, _TAG_ROWS) for where, bound in conditions]
    return pa.concat_tables(parts) if parts else _TAG_ROWS.empty_table()


def _bearers_of_an_id(reader: Reader, run_ids: pa.Array) -> list[str]:
    key = quoted(reader.dialect, "key")
    found: list[str] = []
    for ids in chunks(run_ids):
        sql = f"select run_uuid from tags where {key} = ? and value <> '' and run_uuid in ({marks(len(ids))})"  # noqa: S608 values are bound
        found += reader.read(sql, [NOTEBOOK_ID, *ids], _IDS)["run_id"].to_pylist()
    return found


def high_water(rows: pa.Table, name: str) -> int:
    """The latest time of a column, 0 when there is none."""
    values = rows[name].drop_null().to_numpy()
    return int(np.max(values)) if len(values) else 0
