"""Columns packed by SQLite are, to the bit, what its rows hold."""

from __future__ import annotations

import random
import sqlite3
import struct
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from typing import Any

import pyarrow as pa
import pytest

from jupyterlab_experiments.tracking_server import sqlite as sqlite_module
from jupyterlab_experiments.tracking_server.sqlite import SqliteReader

SCHEMA = pa.schema(
    [("text", pa.string()), ("number", pa.float64()), ("whole", pa.int64()), ("flag", pa.bool_())]
)
ORDINARY: tuple[Any, ...] = ("a", 0.1, 1, 0)
GREATEST = 1.7976931348623157e308


@pytest.fixture
def rows_were_read(monkeypatch: pytest.MonkeyPatch) -> list[bool]:
    """One entry for each statement that was read row by row."""
    read: list[bool] = []
    by_rows = sqlite_module.table_of_rows

    def counted(rows: Any, schema: pa.Schema) -> pa.Table:
        read.append(True)
        return by_rows(rows, schema)

    monkeypatch.setattr(sqlite_module, "table_of_rows", counted)
    return read


@pytest.fixture
def stored(tmp_path: Path) -> Callable[[list[tuple[Any, ...]]], list[tuple[Any, ...]]]:
    """Rows written to a table `t`, as the reader answers them."""

    def read(rows: list[tuple[Any, ...]]) -> list[tuple[Any, ...]]:
        path = str(tmp_path / "t.db")
        with closing(sqlite3.connect(path)) as connection, connection:
            connection.execute("create table t (text varchar, number float, whole bigint, flag boolean)")
            connection.executemany("insert into t values (?, ?, ?, ?)", rows)
        reader = SqliteReader(path)
        table = reader.read("select text, number, whole, flag from t where 1 = ?", [1], SCHEMA)
        reader.close()
        assert table.schema == SCHEMA
        return [tuple(row.values()) for row in table.to_pylist()]

    return read


def random_numbers(count: int) -> list[float]:
    """Of every size that a 32-bit float has, with all 53 bits."""
    chance = random.Random(count)
    return [
        chance.choice((-1, 1)) * chance.uniform(1, 2) * 2.0 ** chance.randint(-130, 129) for _ in range(count)
    ]


def test_numbers_are_the_same_to_the_bit(stored: Any, rows_were_read: list[bool]) -> None:
    edges = [2.0**power * factor for power in range(-130, 130) for factor in (1, 1 - 2**-53, 1 + 2**-52)]
    numbers = [0.0, 1.0, 100.0, 2.0**53 + 2, GREATEST, -GREATEST, *random_numbers(20_000)]
    numbers += [edge for edge in edges if edge >= 2.0**-130]
    found = [row[1] for row in stored([("", number, 0, 0) for number in numbers])]
    assert struct.pack(f"{len(found)}d", *found) == struct.pack(f"{len(numbers)}d", *numbers)
    assert not rows_were_read


@pytest.mark.parametrize("number", [1e-200, -1e300, 5e-324, float("inf"), None])
def test_numbers_that_cannot_be_packed_are_read_row_by_row(
    stored: Any, rows_were_read: list[bool], number: float | None
) -> None:
    assert [row[1] for row in stored([ORDINARY, ("b", number, 0, 0)])] == [0.1, number]
    assert rows_were_read


@pytest.mark.parametrize("text", ["", "a,b", "ü🚀'\"", "two\nlines", "\x00", "a\x00b"])
def test_texts_are_the_same(stored: Any, rows_were_read: list[bool], text: str) -> None:
    assert [row[0] for row in stored([ORDINARY, (text, 1.0, 0, 0)])] == ["a", text]
    assert not rows_were_read


@pytest.mark.parametrize("text", ["a\x1fb", "\x1f", None])
def test_texts_with_the_mark_and_missing_ones_are_read_row_by_row(
    stored: Any, rows_were_read: list[bool], text: str | None
) -> None:
    assert [row[0] for row in stored([ORDINARY, (text, 1.0, 0, 0)])] == ["a", text]
    assert rows_were_read


def test_text_that_is_not_utf8_does_not_keep_the_rest_from_being_read(tmp_path: Path) -> None:
    path = str(tmp_path / "t.db")
    with closing(sqlite3.connect(path)) as connection, connection:
        connection.execute("create table t (text varchar)")
        connection.execute("insert into t values ('a'), (cast(x'62ff' as text))")
    reader = SqliteReader(path)
    found = reader.read("select text from t", (), pa.schema([("text", pa.string())]))
    reader.close()
    assert found["text"].to_pylist() == ["a", "b\ufffd"]


def test_whole_numbers_and_flags_may_be_missing(stored: Any, rows_were_read: list[bool]) -> None:
    rows = [("a", 1.0, None, 1), ("b", 2.0, -(2**63), None), ("c", 3.0, 2**63 - 1, 0)]
    assert stored(rows) == [("a", 1.0, None, True), ("b", 2.0, -(2**63), None), ("c", 3.0, 2**63 - 1, False)]
    assert not rows_were_read


@pytest.mark.parametrize("count", [0, 1])
def test_few_rows_are_as_good_as_many(stored: Any, rows_were_read: list[bool], count: int) -> None:
    assert stored([("", 0.0, 0, 0)] * count) == [("", 0.0, 0, False)] * count
    assert not rows_were_read


def test_a_column_longer_than_a_text_may_be_is_read_row_by_row(
    stored: Any, rows_were_read: list[bool], monkeypatch: pytest.MonkeyPatch
) -> None:
    connect = sqlite_module.connect_sqlite

    def connect_with_short_texts(path: str) -> sqlite3.Connection:
        connection = connect(path)
        connection.setlimit(sqlite3.SQLITE_LIMIT_LENGTH, 2_000)
        return connection

    if not hasattr(sqlite3.Connection, "setlimit"):
        pytest.skip("this Python cannot lower the limit")
    monkeypatch.setattr(sqlite_module, "connect_sqlite", connect_with_short_texts)
    assert len(stored([("a" * 1_000, 1.0, 0, 0)] * 10)) == 10
    assert rows_were_read
