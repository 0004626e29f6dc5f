"""Rows of `latest_metrics`, `params` and `tags` for some keys and runs, by the quickest plan."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from .database import Reader, quoted
from .pivot import Integers

RUNS_A_STATEMENT = 500
# A scan in parts of this many rows holds SQLite's read lock for well under 100 ms at a time.
ROWS_A_SCAN = 125_000
# By an index that does not cover, SQLite looks each row up; a scan pays from a sixth of the table on.
SCAN_FACTOR = 6
MANY_RUNS = 5_000

_COUNT = pa.schema([("count", pa.int64())])
_KEY_COUNT = pa.schema([("key", pa.string()), ("count", pa.int64())])


@dataclass(frozen=True)
class KeyRows:
    """Values of one key: `rows` are positions in the frame."""

    rows: Integers
    values: pa.Array


@dataclass(frozen=True)
class ValueTable:
    """One of the three tables of keys and values, and how a value is read from it."""

    name: str
    value_sql: str
    value_fields: tuple[pa.Field, ...]

    @property
    def schema(self) -> pa.Schema:
        """What a statement on the table answers."""
        return pa.schema([("key", pa.string()), ("run_id", pa.string()), *self.value_fields])


# MLflow keeps NaN as 0 with a flag. The flag is read beside the value, as it is on every database.
METRICS = ValueTable(
    "latest_metrics", "value, is_nan", (pa.field("value", pa.float64()), pa.field("is_nan", pa.bool_()))
)


def text_table(name: str, limit: int, dialect: str) -> ValueTable:
    """`params` or `tags`; values come cut to `limit` characters."""
    substring = "substring" if dialect == "mssql" else "substr"
    cut = f"{substring}(coalesce(value, ''), 1, {limit})"
    if dialect == "sqlite":
        # Its substr costs as much as the rest of the row, and few values are long.
        cut = f"case when length(value) <= {limit} then value else {cut} end"
    return ValueTable(name, cut, (pa.field("value", pa.string()),))


def with_nan(rows: pa.Table) -> pa.Array:
    """Column `value`, NaN where `is_nan` says so."""
    values = rows["value"].combine_chunks()
    flags = rows["is_nan"].combine_chunks()
    return pc.if_else(flags, float("nan"), values) if pc.any(flags).as_py() else values


def marks(count: int) -> str:
    """`?, ?, ?`."""
    return ", ".join("?" * count)


def read_values(
    reader: Reader, table: ValueTable, keys: Sequence[str], run_ids: pa.Array
) -> dict[str, KeyRows]:
    """Values of the keys, each with its rows in `run_ids`; keys without any are left out."""
    if not keys or not len(run_ids):
        return {}
    rows = _read_rows(reader, table, keys, run_ids)
    positions = pc.index_in(rows["run_id"], value_set=run_ids)
    known = pc.is_valid(positions)
    rows, positions = rows.filter(known), positions.filter(known)
    return _split_by_key(rows, positions.to_numpy().astype(np.int64))


def count_keys(reader: Reader, table: str, where: str, parameters: Sequence[Any]) -> dict[str, int]:
    """Number of rows of each key, of those that the condition names."""
    key = quoted(reader.dialect, "key")
    sql = f"select {key}, count(*) from {table} {where} group by {key}"  # noqa: S608 values are bound
    counted = reader.read(sql, parameters, _KEY_COUNT)
    return dict(zip(counted["key"].to_pylist(), counted["count"].to_pylist(), strict=True))


def count_rows(reader: Reader, sql: str, parameters: Sequence[Any] = ()) -> int:
    """The one number that a statement answers."""
    return int(reader.read(sql, parameters, _COUNT)["count"][0].as_py() or 0)


def are_many(reader: Reader, table: str, last_row: int, condition: tuple[str, Sequence[Any]]) -> bool:
    """Whether so many rows of an SQLite table meet a condition that a scan pays; counts no further."""
    sql, parameters = condition
    least = last_row // SCAN_FACTOR + 1
    found = f"select 1 from {table} where {sql} limit {least}"  # noqa: S608 values are bound
    return count_rows(reader, f"select count(*) from ({found})", parameters) == least  # noqa: S608 values are bound


def chunks(ids: pa.Array) -> Iterator[list[str]]:
    """Run ids in lists that fit a statement."""
    for start in range(0, len(ids), RUNS_A_STATEMENT):
        yield ids.slice(start, RUNS_A_STATEMENT).to_pylist()


def _read_rows(reader: Reader, table: ValueTable, keys: Sequence[str], run_ids: pa.Array) -> pa.Table:
    select = f"select {quoted(reader.dialect, 'key')}, run_uuid, {table.value_sql} from {table.name} "  # noqa: S608 values are bound
    parts = [
        reader.read(select + condition, parameters, table.schema)
        for condition, parameters in _conditions(reader, table.name, keys, run_ids)
    ]
    return pa.concat_tables(parts).combine_chunks() if parts else table.schema.empty_table()


def _conditions(
    reader: Reader, table: str, keys: Sequence[str], run_ids: pa.Array
) -> Iterator[tuple[str, list[Any]]]:
    key = quoted(reader.dialect, "key")
    wanted_keys = f"{key} in ({marks(len(keys))})"
    if reader.dialect != "sqlite":
        yield from (
            _by_runs(wanted_keys, keys, run_ids)
            if len(run_ids) <= MANY_RUNS
            else [(f"where {wanted_keys}", list(keys))]
        )
        return
    last_row = count_rows(reader, f"select max(rowid) from {table}")  # noqa: S608 values are bound
    if len(run_ids) * len(keys) * SCAN_FACTOR <= last_row:
        yield from _by_runs(wanted_keys, keys, run_ids)
    elif not are_many(reader, table, last_row, (wanted_keys, keys)):
        yield f"where {wanted_keys}", list(keys)
    else:
        yield from scans(last_row, f"+{wanted_keys}", keys)


def scans(last_row: int, condition: str, parameters: Sequence[Any]) -> Iterator[tuple[str, list[Any]]]:
    """An SQLite table read in its own order, in parts."""
    for start in range(0, last_row, ROWS_A_SCAN):
        yield (
            f"where rowid > ? and rowid <= ? and {condition}",
            [start, start + ROWS_A_SCAN, *parameters],
        )


def _by_runs(condition: str, keys: Sequence[str], run_ids: pa.Array) -> Iterator[tuple[str, list[Any]]]:
    for ids in chunks(run_ids):
        yield f"where {condition} and run_uuid in ({marks(len(ids))})", [*keys, *ids]


def _split_by_key(rows: pa.Table, positions: Integers) -> dict[str, KeyRows]:
    encoded = rows["key"].combine_chunks().dictionary_encode()
    codes = encoded.indices.to_numpy(zero_copy_only=False)
    order = np.argsort(codes.astype(np.uint16), kind="stable")
    bounds = np.searchsorted(codes[order], np.arange(len(encoded.dictionary) + 1))
    values = with_nan(rows) if "is_nan" in rows.column_names else rows["value"].combine_chunks()
    found = {}
    for code, key in enumerate(encoded.dictionary.to_pylist()):
        part = order[bounds[code] : bounds[code + 1]]
        found[key] = KeyRows(positions[part], values.take(pa.array(part)))
    return found
