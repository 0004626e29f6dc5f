"""SQL → curves of metrics, each of at most n points."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

import numpy as np
import pyarrow as pa

from .database import Reader, quoted
from .downsample import Indices, kept_points
from .pivot import text_column
from .requests import HistoryRequest
from .values import are_many, chunks, count_rows, marks, scans, with_nan

_POINTS = pa.schema(
    [
        ("run_id", pa.string()),
        ("step", pa.int64()),
        ("timestamp", pa.int64()),
        ("value", pa.float64()),
        ("is_nan", pa.bool_()),
    ]
)
_CURVES = pa.schema(
    [
        ("run_id", pa.string()),
        ("key", pa.string()),
        ("step", pa.int64()),
        ("timestamp", pa.int64()),
        ("value", pa.float64()),
    ]
)


def read_history(reader: Reader, request: HistoryRequest) -> pa.Table:
    """`run_id, key, step, timestamp, value`: curve after curve as asked, each by step, then time."""
    curves = [curve for key in request.keys for curve in _curves_of(reader, key, request)]
    return _encoded(pa.concat_tables(curves) if curves else _CURVES.empty_table())


def empty_history() -> pa.Table:
    """The answer of a store that has no tables yet."""
    return _encoded(_CURVES.empty_table())


def _encoded(curves: pa.Table) -> pa.Table:
    rows = np.arange(curves.num_rows)
    columns: dict[str, pa.Array] = {name: curves[name].combine_chunks() for name in _CURVES.names}
    for name in ("run_id", "key"):
        columns[name] = text_column(curves.num_rows, rows, columns[name])
    return pa.table(columns)


def _curves_of(reader: Reader, key: str, request: HistoryRequest) -> Iterator[pa.Table]:
    points = _read_points(reader, key, request)
    numbers = with_nan(points).to_numpy(zero_copy_only=False)
    found, codes = _runs_of(points, request)
    steps, times = points["step"].to_numpy(), points["timestamp"].to_numpy()
    order = _in_order(codes, steps, times)
    bounds = np.searchsorted(codes[order], np.arange(len(found) + 1))
    for run_id in request.run_ids:
        if run_id in found:
            part = order[bounds[found[run_id]] : bounds[found[run_id] + 1]]
            kept = (
                part if request.max_points is None else part[kept_points(numbers[part], request.max_points)]
            )
            names = [pa.repeat(run_id, len(kept)), pa.repeat(key, len(kept))]
            arrays = [pa.array(column[kept]) for column in (steps, times, numbers)]
            yield pa.Table.from_arrays([*names, *arrays], schema=_CURVES)


def _runs_of(points: pa.Table, request: HistoryRequest) -> tuple[dict[str, int], Indices]:
    """A number for each run, and that of each point."""
    if "run_id" not in points.column_names:
        return {request.run_ids[0]: 0}, np.zeros(points.num_rows, np.int64)
    encoded = points["run_id"].combine_chunks().dictionary_encode()
    found = {run_id: code for code, run_id in enumerate(encoded.dictionary.to_pylist())}
    return found, encoded.indices.to_numpy(zero_copy_only=False)


def _in_order(codes: Indices, steps: Indices, times: Indices) -> Indices:
    # One curve that was logged step by step, as most are, costs no sort.
    if not codes.any() and _rise(steps):
        return np.arange(len(steps))
    return np.lexsort((times, steps, codes))


def _rise(steps: Indices) -> bool:
    return bool((steps[1:] > steps[:-1]).all())


def _read_points(reader: Reader, key: str, request: HistoryRequest) -> pa.Table:
    step_name, time_name = quoted(reader.dialect, "step"), quoted(reader.dialect, "timestamp")
    # The id of the only run would be half of what is read.
    schema = _POINTS.remove(0) if len(request.run_ids) == 1 else _POINTS
    run = "" if len(request.run_ids) == 1 else "run_uuid, "
    select = f"select {run}{step_name}, {time_name}, value, is_nan from metrics "  # noqa: S608 values are bound
    bounds, bound_values = _bounds((step_name, time_name), request)
    statements = [
        (select + where + bounds, [*parameters, *bound_values])
        for ids in chunks(pa.array(request.run_ids, pa.string()))
        for where, parameters in _conditions(reader, key, ids)
    ]
    return pa.concat_tables([schema.empty_table(), *reader.read_all(statements, schema)])


def _conditions(reader: Reader, key: str, ids: Sequence[str]) -> Iterator[tuple[str, list[Any]]]:
    name = quoted(reader.dialect, "key")
    runs = f"run_uuid in ({marks(len(ids))})"
    parameters = [*ids, key]
    if reader.dialect == "sqlite":
        last_row = count_rows(reader, "select max(rowid) from metrics")
        if are_many(reader, "metrics", last_row, (f"{runs} and {name} = ?", parameters)):
            yield from scans(last_row, f"+{runs} and +{name} = ?", parameters)
            return
    yield f"where {runs} and {name} = ?", parameters


def _bounds(names: tuple[str, str], request: HistoryRequest) -> tuple[str, list[int]]:
    step, time = names
    limits = (
        (f"{step} >= ?", request.start_step),
        (f"{step} <= ?", request.end_step),
        (f"{time} >= ?", request.start_time_ms),
        (f"{time} <= ?", request.end_time_ms),
    )
    used = [(sql, value) for sql, value in limits if value is not None]
    return "".join(f" and {sql}" for sql, _ in used), [value for _, value in used]
