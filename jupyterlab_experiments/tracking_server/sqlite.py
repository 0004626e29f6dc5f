"""SQLite through the standard library only, as MLflow in this process reads and writes it.

A second copy of the library in one process breaks the first one's locks: closing a file drops all locks that
the process has on it, and writes that were answered are lost (docs/decisions/0006).
"""

from __future__ import annotations

import sqlite3
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from typing import Any

import pyarrow as pa

from .errors import StoreBusyError
from .opening import connect_sqlite
from .packing import packed_sql, table_of_rows, unpacked

__all__ = ["SqliteReader", "connect_sqlite"]

MANY_STATEMENTS = 4
#: SQL with `?`, and its parameters.
Statement = tuple[str, Sequence[Any]]


class SqliteReader:
    """Whole columns, each statement read to its end and its lock released before `read` returns."""

    dialect = "sqlite"

    def __init__(self, path: str) -> None:
        self._path = path
        self._connection = connect_sqlite(path)

    def read(self, sql: str, parameters: Sequence[Any], schema: pa.Schema) -> pa.Table:
        """All rows of a statement with `?` for parameters, in the declared types."""
        try:
            table = self._read_packed(sql, parameters, schema)
            return self._read_rows(sql, parameters, schema) if table is None else table
        except sqlite3.Error as error:
            raise StoreBusyError(f"The store could not be read: {error}") from error

    def read_all(self, statements: Sequence[Statement], schema: pa.Schema) -> list[pa.Table]:
        """The same of several statements: many are shared between two connections, each with a thread."""
        if len(statements) < MANY_STATEMENTS:
            return self._read_each(statements, schema)
        middle = len(statements) // 2
        with ThreadPoolExecutor(1) as pool, closing(SqliteReader(self._path)) as other:
            later = pool.submit(other._read_each, statements[middle:], schema)
            return self._read_each(statements[:middle], schema) + later.result()

    def close(self) -> None:
        """End the connection."""
        self._connection.close()

    def _read_each(self, statements: Sequence[Statement], schema: pa.Schema) -> list[pa.Table]:
        return [self.read(sql, parameters, schema) for sql, parameters in statements]

    def _read_packed(self, sql: str, parameters: Sequence[Any], schema: pa.Schema) -> pa.Table | None:
        if not sql.startswith("select "):
            return None
        self._connection.text_factory = bytes
        try:
            rows = self._connection.execute(packed_sql(sql, schema), list(parameters)).fetchall()
        except sqlite3.DataError:
            # A column as one text would be longer than SQLite's texts may be.
            return None
        return unpacked(rows[0], schema)

    def _read_rows(self, sql: str, parameters: Sequence[Any], schema: pa.Schema) -> pa.Table:
        self._connection.text_factory = _decode
        return table_of_rows(self._connection.execute(sql, list(parameters)).fetchall(), schema)


def _decode(text: bytes) -> str:
    return text.decode(errors="replace")
