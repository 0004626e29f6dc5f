"""Was the store made by this MLflow? Asked before anything is started: MLflow refuses any other revision."""

from __future__ import annotations

import os
import sqlite3
import time
from contextlib import closing

from .. import tracking_uri as uris
from .opening import connect_sqlite

_MIGRATION_PAUSE_S = 1.0


class SchemaMismatchError(Exception):
    """Plain words on which MLflow made the store and what helps."""


def check_schema(tracking_uri: str) -> None:
    """Raises SchemaMismatchError for a store of another MLflow; stores that cannot be asked now pass."""
    found = revision_of(tracking_uri)
    if found is None:
        return
    head, known = own_revisions()
    while found is not None and found != head:
        # A store in the middle of its making by somebody else goes through every revision.
        time.sleep(_MIGRATION_PAUSE_S)
        again = revision_of(tracking_uri)
        if again == found:
            raise SchemaMismatchError(explain(tracking_uri, found, found in known))
        found = again


def revision_of(tracking_uri: str) -> str | None:
    """What `alembic_version` says; "" for tables without it; None for no tables, or no answer.

    Raises ImportError where the driver of a database is missing.
    """
    kind = uris.kind_of(tracking_uri)
    if kind == "sql":
        return _other_rows(tracking_uri)
    path = uris.sqlite_path(tracking_uri)
    if path is None or not _has_content(path):
        return None
    try:
        return _sqlite_rows(path)
    except sqlite3.Error:
        return None


def _has_content(path: str) -> bool:
    try:
        return os.stat(path).st_size > 0
    except OSError:
        return False


def _sqlite_rows(path: str) -> str | None:
    with closing(connect_sqlite(path)) as connection:
        tables = {row[0] for row in connection.execute("select name from sqlite_master where type = 'table'")}
        if "alembic_version" in tables:
            row = connection.execute("select version_num from alembic_version").fetchone()
            return str(row[0]) if row else None
        return "" if "runs" in tables else None


def _other_rows(tracking_uri: str) -> str | None:
    # MLflow with a plugin may have come without it.
    import sqlalchemy

    try:
        engine = sqlalchemy.create_engine(tracking_uri, poolclass=sqlalchemy.pool.NullPool)
        with engine.connect() as connection:
            found = connection.execute(sqlalchemy.text("select version_num from alembic_version")).scalar()
    except sqlalchemy.exc.SQLAlchemyError:
        return None
    return str(found) if found is not None else None


def own_revisions() -> tuple[str, set[str]]:
    """The revision that this MLflow writes, and all that it can upgrade."""
    import mlflow.store.db_migrations
    from alembic.config import Config
    from alembic.script import ScriptDirectory

    config = Config()
    folder = os.path.dirname(mlflow.store.db_migrations.__file__ or "")
    config.set_main_option("script_location", folder.replace("%", "%%"))
    scripts = ScriptDirectory.from_config(config)
    return str(scripts.get_current_head()), {script.revision for script in scripts.walk_revisions()}


def explain(tracking_uri: str, revision: str, is_older: bool) -> str:
    """What is wrong with a store of another revision, and what helps."""
    from mlflow.version import VERSION

    # Where a database is, without its password, is not enough to upgrade it: its operator has the rest.
    place = uris.sqlite_path(tracking_uri) or uris.without_credentials(tracking_uri)
    found = f"schema revision {revision}" if revision else "tables without a schema revision"
    if is_older:
        command = f"mlflow db upgrade {uris.without_credentials(tracking_uri)}"
        return (
            f"The store {place} was made by an older MLflow than the {VERSION} that is installed here "
            f"({found}). Nothing was changed. Make a copy of it, then run `{command}`."
        )
    return (
        f"The store {place} was made by another MLflow than the {VERSION} that is installed here, probably a "
        f"newer one ({found}). Nothing was changed. Install the MLflow that made it beside Jupyter, or "
        "choose another store."
    )
