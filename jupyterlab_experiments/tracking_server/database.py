"""Read-only connections to MLflow's tables: sqlite3, ADBC for PostgreSQL, SQLAlchemy for others."""

from __future__ import annotations

import os
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any, Protocol

import pyarrow as pa
import sqlalchemy
from sqlalchemy.engine import URL, make_url

from .errors import StoreBusyError
from .packing import table_of_rows
from .sqlite import SqliteReader, Statement

_DIALECTS = ("sqlite", "postgresql", "mysql", "mssql")


class Reader(Protocol):
    """One open connection. Each `read` takes and releases its own lock."""

    dialect: str

    def read(self, sql: str, parameters: Sequence[Any], schema: pa.Schema) -> pa.Table:
        """All rows of a statement with `?` for parameters, in the declared types."""

    def read_all(self, statements: Sequence[Statement], schema: pa.Schema) -> list[pa.Table]:
        """The same of several statements, in their order."""

    def close(self) -> None:
        """End the connection."""


class Database:
    """Where a tracking URI keeps its tables, if it has any that can be read."""

    def __init__(self, tracking_uri: str) -> None:
        self._url = _parse(tracking_uri)
        self.dialect = self._url.get_backend_name() if self._url else None
        self.path = _sqlite_path(self._url) if self._url and self.dialect == "sqlite" else None
        self._engine: sqlalchemy.Engine | None = None
        self._postgres: _Postgres | None = None

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
            return SqliteReader(self.path)
        if self.dialect == "postgresql" and _has("adbc_driver_postgresql"):
            self._postgres = self._postgres or _Postgres(self._url)
            return self._postgres.open()
        if self._engine is None:
            self._engine = sqlalchemy.create_engine(self._url, pool_pre_ping=True, pool_size=2)
        return _Sqlalchemy(self._engine)


def quoted(dialect: str, name: str) -> str:
    """A column's name that may be a reserved word."""
    return f"`{name}`" if dialect == "mysql" else f'"{name}"'


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


class _Postgres:
    """A PostgreSQL by ADBC, asked for its types only once: that takes ADBC 50 ms."""

    def __init__(self, url: URL) -> None:
        self._uri = url.set(drivername="postgresql").render_as_string(hide_password=False)
        self._lock = threading.Lock()
        self._first: Any = None

    def open(self) -> _AdbcPostgres:
        """A connection of its own, also when the first one has been lost."""
        from adbc_driver_postgresql import dbapi

        with self._lock:
            self._first = self._first or dbapi.connect(self._uri, autocommit=True)
            return _AdbcPostgres(self._first.adbc_clone())


class _AdbcPostgres:
    """Own transactions of ADBC are off: one of them would span all statements."""

    dialect = "postgresql"

    def __init__(self, connection: Any) -> None:
        self._connection = connection
        connection.adbc_connection.set_autocommit(True)
        with connection.cursor() as cursor:
            cursor.execute("SET default_transaction_read_only = on")

    def read(self, sql: str, parameters: Sequence[Any], schema: pa.Schema) -> pa.Table:
        numbered = _named(sql, lambda index: f"${index + 1}")
        with self._connection.cursor() as cursor:
            try:
                cursor.execute(numbered, list(parameters) or None)
                table = cursor.fetch_arrow_table()
            except Exception as error:
                raise StoreBusyError(f"The store could not be read: {error}") from error
        return table.rename_columns(schema.names).cast(schema)

    def read_all(self, statements: Sequence[Statement], schema: pa.Schema) -> list[pa.Table]:
        return [self.read(sql, parameters, schema) for sql, parameters in statements]

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
        return table_of_rows(rows, schema)

    def read_all(self, statements: Sequence[Statement], schema: pa.Schema) -> list[pa.Table]:
        return [self.read(sql, parameters, schema) for sql, parameters in statements]

    def close(self) -> None:
        self._connection.close()


def _named(sql: str, name: Callable[[int], str]) -> str:
    first, *rest = sql.split("?")
    return first + "".join(name(index) + part for index, part in enumerate(rest))
