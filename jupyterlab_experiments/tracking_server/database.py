"""Read-only connections to MLflow's tables: ADBC, or SQLAlchemy where ADBC has no driver."""

from __future__ import annotations

import os
import sqlite3
import urllib.parse
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any, Protocol

import pyarrow as pa
import sqlalchemy
from sqlalchemy.engine import URL, make_url

from .errors import StoreBusyError

BUSY_TIMEOUT_MS = 20_000
_DIALECTS = ("sqlite", "postgresql", "mysql", "mssql")


class Reader(Protocol):
    """One open connection. Each `read` takes and releases its own lock."""

    dialect: str

    def read(self, sql: str, parameters: Sequence[Any], schema: pa.Schema) -> pa.Table:
        """All rows of a statement with `?` for parameters, in the declared types."""

    def close(self) -> None:
        """End the connection."""


class Database:
    """Where a tracking URI keeps its tables, if it has any that can be read."""

    def __init__(self, tracking_uri: str) -> None:
        self._url = _parse(tracking_uri)
        self.dialect = self._url.get_backend_name() if self._url else None
        self.path = _sqlite_path(self._url) if self._url and self.dialect == "sqlite" else None
        self._engine: sqlalchemy.Engine | None = None

    def exists(self) -> bool:
        """False only for an SQLite file that nobody has written yet."""
        if self.path is None:
            return True
        try:
            return os.stat(self.path).st_size > 0
        except OSError:
            return False

    @contextmanager
    def reader(self) -> Iterator[Reader]:
        """Open a connection; raises StoreBusyError when it fails or its statements do."""
        try:
            reader = self._open()
        except Exception as error:
            raise StoreBusyError(f"The store could not be opened: {error}") from error
        try:
            yield reader
        finally:
            reader.close()

    def _open(self) -> Reader:
        assert self._url is not None
        if self.path is not None:
            return _AdbcSqlite(self.path) if _has("adbc_driver_sqlite") else _Sqlite(self.path)
        if self.dialect == "postgresql" and _has("adbc_driver_postgresql"):
            return _AdbcPostgres(self._url)
        if self._engine is None:
            self._engine = sqlalchemy.create_engine(self._url, pool_pre_ping=True, pool_size=2)
        return _Sqlalchemy(self._engine)


def quoted(dialect: str, name: str) -> str:
    """A column's name that may be a reserved word."""
    return f"`{name}`" if dialect == "mysql" else f'"{name}"'


def connect_sqlite(path: str, timeout_s: float = BUSY_TIMEOUT_MS / 1000) -> sqlite3.Connection:
    """A connection of the standard library that cannot write; raises sqlite3.Error without such a file."""
    connection = sqlite3.connect(_file_uri(path), uri=True, timeout=timeout_s, check_same_thread=False)
    connection.isolation_level = None
    connection.execute("PRAGMA query_only = 1")
    return connection


def _has(module: str) -> bool:
    try:
        __import__(f"{module}.dbapi")
    except ImportError:
        return False
    return True


def _parse(tracking_uri: str) -> URL | None:
    scheme = tracking_uri.split(":", 1)[0].split("+", 1)[0]
    if scheme not in _DIALECTS:
        return None
    url = make_url(tracking_uri)
    if scheme == "sqlite" and (not url.database or url.database.startswith((":memory:", "file:"))):
        return None
    return url


def _sqlite_path(url: URL) -> str:
    return os.path.abspath(url.database or "")


def _file_uri(path: str) -> str:
    # Not mode=ro: after a writer was killed in mid-commit only a connection that may write can roll back its
    # journal, and every read-only one fails. `query_only` keeps statements from writing.
    mode = "rw" if os.access(path, os.W_OK) and os.access(os.path.dirname(path), os.W_OK) else "ro"
    return f"file:{urllib.parse.quote(path)}?mode={mode}"


class _Adbc:
    """What the ADBC drivers share; ADBC's own transactions are off, or one lock would span all statements."""

    dialect = ""
    _connection: Any

    def read(self, sql: str, parameters: Sequence[Any], schema: pa.Schema) -> pa.Table:
        with self._connection.cursor() as cursor:
            try:
                cursor.execute(self._numbered(sql), list(parameters) or None)
                table = cursor.fetch_arrow_table()
            except Exception as error:
                raise StoreBusyError(f"The store could not be read: {error}") from error
        return table.rename_columns(schema.names).cast(schema)

    def _numbered(self, sql: str) -> str:
        return sql

    def close(self) -> None:
        self._connection.close()


class _AdbcSqlite(_Adbc):
    dialect = "sqlite"

    def __init__(self, path: str) -> None:
        from adbc_driver_sqlite import dbapi

        self._connection = dbapi.connect(_file_uri(path), autocommit=True)
        with self._connection.cursor() as cursor:
            for pragma in (f"busy_timeout = {BUSY_TIMEOUT_MS}", "query_only = 1"):
                cursor.execute(f"PRAGMA {pragma}")
                cursor.fetchall()


class _AdbcPostgres(_Adbc):
    dialect = "postgresql"

    def __init__(self, url: URL) -> None:
        from adbc_driver_postgresql import dbapi

        plain = url.set(drivername="postgresql").render_as_string(hide_password=False)
        self._connection = dbapi.connect(plain, autocommit=True)
        with self._connection.cursor() as cursor:
            cursor.execute("SET default_transaction_read_only = on")

    def _numbered(self, sql: str) -> str:
        return _named(sql, lambda index: f"${index + 1}")


class _Sqlite:
    """SQLite by the standard library, where ADBC is not installed."""

    dialect = "sqlite"

    def __init__(self, path: str) -> None:
        self._connection = connect_sqlite(path)

    def read(self, sql: str, parameters: Sequence[Any], schema: pa.Schema) -> pa.Table:
        try:
            rows = self._connection.execute(sql, list(parameters)).fetchall()
        except sqlite3.Error as error:
            raise StoreBusyError(f"The store could not be read: {error}") from error
        return _table(rows, schema)

    def close(self) -> None:
        self._connection.close()


class _Sqlalchemy:
    """Any database by SQLAlchemy Core, every statement by itself."""

    def __init__(self, engine: sqlalchemy.Engine) -> None:
        self.dialect = engine.dialect.name
        self._connection = engine.connect().execution_options(isolation_level="AUTOCOMMIT")

    def read(self, sql: str, parameters: Sequence[Any], schema: pa.Schema) -> pa.Table:
        text = _named(sql, lambda index: f":p{index}")
        values = {f"p{index}": value for index, value in enumerate(parameters)}
        try:
            rows = self._connection.execute(sqlalchemy.text(text), values).fetchall()
        except sqlalchemy.exc.SQLAlchemyError as error:
            raise StoreBusyError(f"The store could not be read: {error}") from error
        return _table(rows, schema)

    def close(self) -> None:
        self._connection.close()


def _named(sql: str, name: Callable[[int], str]) -> str:
    first, *rest = sql.split("?")
    return first + "".join(name(index) + part for index, part in enumerate(rest))


def _table(rows: Sequence[Sequence[Any]], schema: pa.Schema) -> pa.Table:
    columns = list(zip(*rows, strict=True)) if rows else [()] * len(schema)
    arrays = [_array(column, field.type) for column, field in zip(columns, schema, strict=True)]
    return pa.Table.from_arrays(arrays, schema=schema)


def _array(values: Sequence[Any], kind: pa.DataType) -> pa.Array:
    if pa.types.is_boolean(kind):
        return pa.array([bool(value) for value in values], kind)
    return pa.array(values, kind)
