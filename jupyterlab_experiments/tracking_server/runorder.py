"""Run ids of a search in MLflow's order, without MLflow's query: on SQLite that one is quadratic.

Sorting by a metric, MLflow joins the runs with all values of the key; for want of statistics SQLite compares
each run with each value, for minutes, and nobody can log meanwhile.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from .database import Reader
from .selection import Condition
from .values import METRICS, KeyRows, ValueTable, count_rows, marks, read_values

# Whole texts, missing ones apart from empty ones: both count in the order.
_TEXT = (pa.field("value", pa.string()),)
_TABLES = {
    "metric": METRICS,
    "parameter": ValueTable("params", "value", _TEXT),
    "tag": ValueTable("tags", "value", _TEXT),
}
_NUMBERS = ("start_time", "end_time")
_NATURAL = (("start_time", "descending"), ("run_uuid", "ascending"))


@dataclass(frozen=True)
class Clause:
    """One part of `order_by`: `kind` is metric, parameter, tag, or attribute (then `key` is a column)."""

    kind: str
    key: str
    is_ascending: bool


def is_costly(clauses: Iterable[Clause]) -> bool:
    """Whether MLflow would join another table for the order."""
    return any(clause.kind != "attribute" for clause in clauses)


def has_more_runs(reader: Reader, experiment_ids: Sequence[int], most: int) -> bool:
    """Whether the experiments hold more than `most` runs; counts no further."""
    found = f"select 1 from runs where experiment_id in ({marks(len(experiment_ids))}) limit {most + 1}"  # noqa: S608 values are bound
    return count_rows(reader, f"select count(*) from ({found})", experiment_ids) > most  # noqa: S608 values are bound


def ordered_run_ids(
    reader: Reader, condition: Condition, clauses: Sequence[Clause], only: pa.Array | None = None
) -> pa.Array:
    """Ids of the runs that meet the condition, and are among `only`, as MLflow would sort them.

    By clause: missing values last (NaN just before them), then by value; then newest first, then by run id.
    """
    runs = _read_runs(reader, condition, clauses)
    if only is not None:
        runs = runs.filter(pc.is_in(runs["run_uuid"], value_set=only))
    columns: dict[str, pa.Array] = {}
    keys: list[tuple[str, str]] = []
    for index, clause in enumerate(clauses):
        absence, values = _ranked(reader, clause, runs)
        columns |= {f"absence{index}": absence, f"value{index}": values}
        direction = "ascending" if clause.is_ascending else "descending"
        keys += [(f"absence{index}", "ascending"), (f"value{index}", direction)]
    columns |= {name: runs[name] for name, _ in _NATURAL}
    order = pc.sort_indices(pa.table(columns), sort_keys=[*keys, *_natural(clauses)], null_placement="at_end")
    return runs["run_uuid"].combine_chunks().take(order)


def _natural(clauses: Sequence[Clause]) -> list[tuple[str, str]]:
    asked = {clause.key for clause in clauses if clause.kind == "attribute"}
    return [(name, direction) for name, direction in _NATURAL if name == "run_uuid" or name not in asked]


def _read_runs(reader: Reader, condition: Condition, clauses: Sequence[Clause]) -> pa.Table:
    attributes = [clause.key for clause in clauses if clause.kind == "attribute"]
    names = list(dict.fromkeys(["run_uuid", "start_time", *attributes]))
    schema = pa.schema([(name, pa.int64() if name in _NUMBERS else pa.string()) for name in names])
    sql = f"select {', '.join(names)} from runs where {condition.sql}"  # noqa: S608 names are MLflow's columns
    return reader.read(sql, condition.parameters, schema).combine_chunks()


def _ranked(reader: Reader, clause: Clause, runs: pa.Table) -> tuple[pa.Array, pa.Array]:
    """Of each run 0 for a value, else a greater number the later it comes; and the value."""
    if clause.kind == "attribute":
        values = runs[clause.key].combine_chunks()
        return pc.is_null(values).cast(pa.int8()), values
    run_ids = runs["run_uuid"].combine_chunks()
    found = read_values(reader, _TABLES[clause.kind], [clause.key], run_ids).get(clause.key)
    if clause.kind == "metric":
        return _ranked_numbers(len(run_ids), found)
    values = _spread(len(run_ids), found, pa.string())
    return pc.is_null(values).cast(pa.int8()), values


def _ranked_numbers(length: int, found: KeyRows | None) -> tuple[pa.Array, pa.Array]:
    values = _spread(length, found, pa.float64())
    is_nan = pc.fill_null(pc.is_nan(values), False)
    absence = pc.if_else(pc.is_null(values), 2, pc.if_else(is_nan, 1, 0)).cast(pa.int8())
    return absence, pc.if_else(is_nan, 0.0, values)


def _spread(length: int, found: KeyRows | None, kind: pa.DataType) -> pa.Array:
    """A value for each run, null where there is none."""
    if found is None:
        return pa.nulls(length, kind)
    where = np.full(length, -1, dtype=np.int64)
    where[found.rows] = np.arange(len(found.rows))
    return found.values.take(pa.array(where, mask=where < 0))
