"""Was the store made by this MLflow? Asked before anything is started: MLflow refuses any other revision."""

from __future__ import annotations

import os
import sqlite3
import time
from contextlib import closing

import sqlalchemy
from sqlalchemy.engine import make_url

from .database import Database
from .sqlite import connect_sqlite

_MIGRATION_PAUSE_S = 1.0


class SchemaMismatchError(Exception):
    """Plain words on which MLflow made the store and what helps."""


def check_schema(tracking_uri: str) -> None:
    """Raises SchemaMismatchError for a store of another MLflow; stores that cannot be asked now pass."""
    database = Database(tracking_uri)
    if database.dialect is None or not database.exists():
        return
    found = _revision(database, tracking_uri)
    if found is None:
        return
    head, known = _own_revisions()
    while found != head:
        # A store in the middle of its making by somebody else goes through every revision.
        time.sleep(_MIGRATION_PAUSE_S)
        again = _revision(database, tracking_uri)
        if again == found:
            raise SchemaMismatchError(_explain(tracking_uri, found in known))
        found = again


def _revision(database: Database, tracking_uri: str) -> str | None:
    """What `alembic_version` says; "" for tables without it; None for no tables, or no answer."""
    try:
        rows = _sqlite_rows(database.path) if database.path else _other_rows(tracking_uri)
    except (sqlite3.Error, sqlalchemy.exc.SQLAlchemyError):
        return None
    return rows


def _sqlite_rows(path: str) -> str | None:
    with closing(connect_sqlite(path)) as connection:
        tables = {row[0] for row in connection.execute("select name from sqlite_master where type = 'table'")}
        if "alembic_version" in tables:
            row = connection.execute("select version_num from alembic_version").fetchone()
            return str(row[0]) if row else None
        return "" if "runs" in tables else None


def _other_rows(tracking_uri: str) -> str | None:
    engine = sqlalchemy.create_engine(tracking_uri, poolclass=sqlalchemy.pool.NullPool)
    with engine.connect() as connection:
        found = connection.execute(sqlalchemy.text("select version_num from alembic_version")).scalar()
    return str(found) if found is not None else None


def _own_revisions() -> tuple[str, set[str]]:
    import mlflow.store.db_migrations
    from alembic.config import Config
    from alembic.script import ScriptDirectory

    config = Config()
    folder = os.path.dirname(mlflow.store.db_migrations.__file__ or "")
    config.set_main_option("script_location", folder.replace("%", "%%"))
    scripts = ScriptDirectory.from_config(config)
    return str(scripts.get_current_head()), {script.revision for script in scripts.walk_revisions()}


def _explain(tracking_uri: str, is_older: bool) -> str:
    from mlflow.version import VERSION

    place = make_url(tracking_uri).render_as_string(hide_password=True)
    if is_older:
        return (
            f"The store {place} was made by an older MLflow than the {VERSION} that is installed here. "
            f"Make a copy of it, then run “mlflow db upgrade {place}”."
        )
    return (
        f"The store {place} was made by another MLflow than the {VERSION} that is installed here, "
        "probably a newer one. Install the MLflow that made it beside Jupyter, or choose another store."
    )
