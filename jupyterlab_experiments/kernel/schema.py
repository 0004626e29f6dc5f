"""Revisions of MLflow's database schema: this environment's, and a file's."""

from __future__ import annotations

import importlib.util
import os
import re
from functools import lru_cache
from urllib.parse import unquote

from .guard import quietly

_REVISION = re.compile(r"^(revision|down_revision)\b[^=\n]*=\s*(.+)$", re.MULTILINE)
# A kernel that is being told must not wait for another process's lock.
_PATIENCE_S = 0.2
_NAME = re.compile(r"['\"]([0-9a-zA-Z_]+)['\"]")


@lru_cache(maxsize=1)
def mlflow_folder() -> str | None:
    """Folder of the installed MLflow, found without importing it."""
    try:
        spec = importlib.util.find_spec("mlflow")
    except (ImportError, ValueError):
        return None
    return os.path.dirname(spec.origin) if spec and spec.origin else None


def forget_mlflow() -> None:
    """Looks anew next time: `%pip install mlflow` may have run."""
    mlflow_folder.cache_clear()
    own_head.cache_clear()
    mlflow_version.cache_clear()


@lru_cache(maxsize=1)
def mlflow_version() -> str | None:
    """Version of the installed MLflow, read from its source."""
    folder = mlflow_folder()
    with quietly("reading MLflow's version"):
        if folder:
            with open(os.path.join(folder, "version.py"), encoding="utf-8") as file:
                found = re.search(r"^VERSION\s*=\s*['\"]([^'\"]+)", file.read(), re.MULTILINE)
            return found.group(1) if found else "unknown"
    return None


@lru_cache(maxsize=1)
def own_head() -> str | None:
    """The revision that no other one revises; None where MLflow carries no migrations."""
    folder = mlflow_folder()
    if folder is None:
        return None
    versions = os.path.join(folder, "store", "db_migrations", "versions")
    revisions: set[str] = set()
    revised: set[str] = set()
    with quietly("scanning MLflow's migrations"):
        for name in os.listdir(versions):
            if name.endswith(".py"):
                _scan(os.path.join(versions, name), revisions, revised)
    heads = revisions - revised
    return heads.pop() if len(heads) == 1 else None


def _scan(path: str, revisions: set[str], revised: set[str]) -> None:
    with open(path, encoding="utf-8") as file:
        text = file.read()
    for key, value in _REVISION.findall(text):
        (revisions if key == "revision" else revised).update(_NAME.findall(value))


def sqlite_path(uri: str | None) -> str | None:
    """File of a SQLite tracking URI; None for any other URI."""
    if not uri or not uri.startswith("sqlite:///"):
        return None
    path = unquote(uri[len("sqlite:///") :].partition("?")[0])
    return os.path.abspath(path) if path and path != ":memory:" else None


def file_head(path: str) -> str | None:
    """Revision of a database file; empty for a file without MLflow's tables, None where unreadable."""
    import sqlite3
    from contextlib import closing

    if os.path.getsize(path) == 0:
        return ""
    try:
        with closing(sqlite3.connect(path, timeout=_PATIENCE_S)) as connection:
            connection.execute("PRAGMA query_only=1")
            rows = connection.execute("select version_num from alembic_version").fetchall()
    except sqlite3.OperationalError as error:
        return "" if "no such table" in str(error) else None
    except sqlite3.DatabaseError:
        return None
    return str(rows[0][0]) if len(rows) == 1 else ""
