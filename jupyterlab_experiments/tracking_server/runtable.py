"""SQL → the frame and the asked columns of the selected runs, as one Arrow table; and the keys they bear."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from .cursor import Cursor, decode_cursor, make_cursor
from .database import Reader
from .pivot import number_column, numbers_of, text_column, whole_text_column
from .requests import TABLES, Selection, TableRequest, split_column
from .selection import RUNS, condition_of, high_water, read_runs
from .values import METRICS, KeyRows, chunks, count_keys, count_rows, marks, read_values, text_table

MOST_KEYS_OF_A_WILDCARD = 200
TEXT_LIMIT_BYTES = 1_024
NOTE_LIMIT_BYTES = 8_192
NOTE = "mlflow.note.content"
_RUNNING = ("RUNNING", "SCHEDULED")
_FRAME_TAGS = {
    "parent_run_id": "mlflow.parentRunId",
    "notebook_id": "jupyter.notebook_id",
    "notebook_path": "jupyter.notebook_path",
    "cell_id": "jupyter.cell_id",
    "source_name": "mlflow.source.name",
    "source_type": "mlflow.source.type",
}
_NUMBERS = ("start_time", "end_time")

KeyCounts = list[dict[str, Any]]


def read_table(reader: Reader, request: TableRequest) -> pa.Table:
    """The frame, then the columns as asked; metadata `cursor`, and `complete` (`false` after a cursor)."""
    last_row = _last_row(reader)
    since = _usable(request.cursor, last_row)
    runs = read_runs(reader, request.selection, since)
    columns = _frame_columns(runs)
    wanted = _expand(reader, request, runs["run_id"].combine_chunks())
    columns |= _value_columns(reader, runs["run_id"].combine_chunks(), wanted)
    cursor = _cursor_after(runs, since, last_row)
    metadata = {"cursor": cursor.print(), "complete": "true" if since is None else "false"}
    return pa.table(columns).replace_schema_metadata(metadata)


def empty_table(request: TableRequest) -> pa.Table:
    """The answer of a store that has no tables yet."""
    none = np.empty(0, dtype=np.int64)
    columns = _frame_columns(RUNS.empty_table())
    for name in _FRAME_TAGS:
        columns[name] = text_column(0, none, pa.array([], pa.string()))
    for name in request.columns:
        if not name.endswith(".*"):
            columns[name] = _column_of(name, 0, None)
    return pa.table(columns).replace_schema_metadata({"complete": "true"})


def read_keys(reader: Reader, selection: Selection) -> dict[str, KeyCounts]:
    """Keys of the selected runs with the number of runs that bear each, most frequent first."""
    counter = _counter(reader, selection)
    return {kind: _ranked(counter(table)) for kind, table in TABLES.items()}


def _counter(reader: Reader, selection: Selection) -> Callable[[str], Mapping[str, int]]:
    condition = condition_of(selection)
    if selection.notebook is not None:
        run_ids = read_runs(reader, selection)["run_id"].combine_chunks()
        return lambda table: _count_of_runs(reader, table, run_ids)
    where = f"where {condition.sql}"
    selected = count_rows(reader, f"select count(*) from runs {where}", condition.parameters)  # noqa: S608 values are bound
    if selected == count_rows(reader, "select count(*) from runs"):
        # Only without a condition is the count read from a covering index.
        return lambda table: count_keys(reader, table, "", ())
    of_runs = f"where run_uuid in (select run_uuid from runs {where})"  # noqa: S608 values are bound
    return lambda table: count_keys(reader, table, of_runs, condition.parameters)


def _count_of_runs(reader: Reader, table: str, run_ids: pa.Array) -> Mapping[str, int]:
    total: dict[str, int] = {}
    for ids in chunks(run_ids):
        for key, count in count_keys(reader, table, f"where run_uuid in ({marks(len(ids))})", ids).items():
            total[key] = total.get(key, 0) + count
    return total


def _ranked(counts: Mapping[str, int]) -> KeyCounts:
    ranked = sorted(counts.items(), key=lambda entry: (-entry[1], entry[0]))
    return [{"key": key, "count": count} for key, count in ranked]


def _last_row(reader: Reader) -> int:
    return count_rows(reader, "select max(rowid) from runs") if reader.dialect == "sqlite" else 0


def _usable(text: str | None, last_row: int) -> Cursor | None:
    cursor = decode_cursor(text) if text else None
    # Fewer rows than before: another file lies there now, or runs were purged. Read it whole.
    return cursor if cursor and last_row >= cursor.last_row else None


def _cursor_after(runs: pa.Table, since: Cursor | None, last_row: int) -> Cursor:
    running = runs.filter(pc.is_in(runs["status"], value_set=pa.array(_RUNNING)))["run_id"].to_pylist()
    cursor = make_cursor(
        (high_water(runs, "start_time"), high_water(runs, "end_time")),
        running,
        (last_row, time.time_ns() // 1_000_000),
    )
    if since is None:
        return cursor
    latest = max(cursor.start_time_ms, since.start_time_ms), max(cursor.end_time_ms, since.end_time_ms)
    return Cursor(*latest, cursor.running, last_row)


def _frame_columns(runs: pa.Table) -> dict[str, pa.Array]:
    columns = {}
    for name in RUNS.names:
        values = runs[name].combine_chunks()
        if name == "experiment_id":
            values = pc.fill_null(values.cast(pa.string()), "")
        columns[name] = values if name in _NUMBERS else whole_text_column(values)
    return columns


def _expand(reader: Reader, request: TableRequest, run_ids: pa.Array) -> list[str]:
    wanted: dict[str, None] = {}
    for name in request.columns:
        kind, key = split_column(name)
        if key != "*":
            wanted[name] = None
            continue
        if kind == "tags":
            continue
        counter = _counter_of(reader, request, run_ids)
        for entry in _ranked(counter(TABLES[kind]))[:MOST_KEYS_OF_A_WILDCARD]:
            wanted[f"{kind}.{entry['key']}"] = None
    return list(wanted)


def _counter_of(
    reader: Reader, request: TableRequest, run_ids: pa.Array
) -> Callable[[str], Mapping[str, int]]:
    if request.selection.notebook is None and request.cursor is None:
        return _counter(reader, request.selection)
    return lambda table: _count_of_runs(reader, table, run_ids)


def _value_columns(reader: Reader, run_ids: pa.Array, wanted: Sequence[str]) -> dict[str, pa.Array]:
    keys: dict[str, list[str]] = {"metrics": [], "params": [], "tags": list(_FRAME_TAGS.values())}
    for name in wanted:
        kind, key = split_column(name)
        keys[kind].append(key)
    read = {
        "metrics": read_values(reader, METRICS, keys["metrics"], run_ids),
        "params": _read_text(reader, "params", keys["params"], run_ids),
        "tags": _read_text(reader, "tags", keys["tags"], run_ids),
    }
    length = len(run_ids)
    columns = {
        name: _column_of(f"tags.{key}", length, read["tags"].get(key)) for name, key in _FRAME_TAGS.items()
    }
    for name in wanted:
        kind, key = split_column(name)
        columns[name] = _column_of(name, length, read[kind].get(key))
        numbers = numbers_of(columns[name]) if kind == "params" else None
        if numbers is not None:
            columns.setdefault(f"{name}#number", numbers)
    return columns


def _read_text(reader: Reader, table: str, keys: Iterable[str], run_ids: pa.Array) -> dict[str, KeyRows]:
    distinct = list(dict.fromkeys(keys))
    short = [key for key in distinct if table != "tags" or key != NOTE]
    found = read_values(reader, text_table(table, TEXT_LIMIT_BYTES + 1, reader.dialect), short, run_ids)
    if len(short) < len(distinct):
        found |= read_values(reader, text_table(table, NOTE_LIMIT_BYTES + 1, reader.dialect), [NOTE], run_ids)
    return found


def _column_of(name: str, length: int, found: KeyRows | None) -> pa.Array:
    is_metric = name.startswith("metrics.")
    if found is None:
        none = np.empty(0, dtype=np.int64)
        found = KeyRows(none, pa.array([], pa.float64() if is_metric else pa.string()))
    if is_metric:
        return number_column(length, found.rows, found.values)
    limit = NOTE_LIMIT_BYTES if name == f"tags.{NOTE}" else TEXT_LIMIT_BYTES
    return text_column(length, found.rows, found.values, limit)
