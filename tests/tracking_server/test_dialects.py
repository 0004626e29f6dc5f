"""What is asked of MySQL and SQL Server is in their words: the text, since no such server is at hand."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from typing import Any

import pyarrow as pa
import pytest
import sqlalchemy
from sqlalchemy.dialects import mssql, mysql, postgresql

from jupyterlab_experiments.tracking_server.changes import QueriedMark
from jupyterlab_experiments.tracking_server.database import Database
from jupyterlab_experiments.tracking_server.history import read_history
from jupyterlab_experiments.tracking_server.requests import (
    decode_history_request,
    decode_selection,
    decode_table_request,
)
from jupyterlab_experiments.tracking_server.runtable import read_keys, read_table
from jupyterlab_experiments.tracking_server.selection import RUNS
from jupyterlab_experiments.tracking_server.structure import Structure

DIALECTS = {"mysql": mysql.dialect(), "mssql": mssql.dialect(), "postgresql": postgresql.dialect()}
RESERVED = r"(?<![\w.])(key|timestamp|step)(?!\w)"
# What one of them lacks, or reads as something else; in MySQL a word in double quotes is a text.
FOREIGN = {
    "mysql": r'"|\browid\b|\bpragma\b|\?',
    "mssql": r"`|\browid\b|\blimit\b|\bsubstr\(|\blength\(|\bpragma\b|\bifnull\(|\|\||\btrue\b|\bfalse\b",
    "postgresql": r"`|\browid\b|\bpragma\b|\bifnull\(",
}


class Recorder:
    """A database that notes what it is asked, and has two runs without anything."""

    def __init__(self, dialect: str) -> None:
        self.dialect = dialect
        self.asked: list[tuple[str, Sequence[Any]]] = []

    def read(self, sql: str, parameters: Sequence[Any], schema: pa.Schema) -> pa.Table:
        self.asked.append((sql, parameters))
        if schema.names == ["count"]:
            return pa.table({"count": [len(self.asked)]}, schema=schema)
        if schema == RUNS:
            row = {"status": "RUNNING", "start_time": 1, "experiment_id": 1}
            rows = [{"run_id": id_ * 32, **row} for id_ in "ab"]
            return pa.Table.from_pylist(rows, schema=schema)
        if schema.names == ["a", "b", "c"]:
            return pa.table({"a": [0], "b": [0], "c": [0]}, schema=schema)
        return schema.empty_table()

    def read_all(self, statements: Iterable[tuple[str, Sequence[Any]]], schema: pa.Schema) -> list[pa.Table]:
        return [self.read(sql, parameters, schema) for sql, parameters in statements]

    def close(self) -> None:
        pass


def everything_asked(dialect: str) -> list[tuple[str, Sequence[Any]]]:
    """All statements of all routes."""
    recorder = Recorder(dialect)
    columns = ["metrics.a", "params.b", "tags.c", "metrics.*", "tags.mlflow.note.content"]
    notebook = {"notebook": {"id": "n", "path": "a.ipynb"}}
    table = read_table(recorder, decode_table_request({"experiment_ids": ["1"], "columns": columns}))
    cursor = table.schema.metadata[b"cursor"].decode()
    for body in ({**notebook, "columns": columns}, {"cursor": cursor}, {"view_type": "ALL"}):
        read_table(recorder, decode_table_request(body))
    for body in (notebook, {"experiment_ids": ["1", "2"]}, {}):
        read_keys(recorder, decode_selection(body))
    bounds = {"start_step": 1, "end_step": 2, "start_time_ms": 3, "end_time_ms": 4, "max_points": 10}
    read_history(recorder, decode_history_request({"run_ids": ["r"], "keys": ["k"], **bounds}))
    database = Database(f"{dialect}://nowhere/x")
    Structure(database).check(recorder)
    for experiment_ids in (None, [1, 2]):
        mark = QueriedMark(database, experiment_ids)
        database._open = lambda: recorder  # type: ignore[method-assign, return-value]
        assert mark.read() is not None
    return recorder.asked


@pytest.mark.parametrize("dialect", DIALECTS)
def test_every_statement_is_in_the_words_of_its_database(dialect: str) -> None:
    asked = everything_asked(dialect)
    assert len(asked) > 30
    for sql, parameters in asked:
        without_values = re.sub(r"'[^']*'", "''", sql)
        assert sql.count("?") == len(parameters)
        first, *rest = without_values.split("?")
        named = first + "".join(f":p{index}{part}" for index, part in enumerate(rest))
        assert not re.search(FOREIGN[dialect], named, re.IGNORECASE), sql
        quoted = re.sub(r"`[^`]*`|\"[^\"]*\"", "quoted", named)
        assert not re.search(RESERVED, quoted), sql
        # SQL Server takes 2,100 parameters at the most.
        assert len(parameters) < 2_000
        values = {f"p{index}": value for index, value in enumerate(parameters)}
        compiled = sqlalchemy.text(named).bindparams(**values).compile(dialect=DIALECTS[dialect])
        assert len(compiled.params) == len(parameters)
