"""Looks at stores in files, with the standard library and without a write. Blocks: call it in a thread."""

from __future__ import annotations

import os
import sqlite3
import time
from contextlib import closing
from dataclasses import dataclass
from urllib.parse import quote

from ... import tracking_uri as uris
from ..connections.found import is_file_store
from .revisions import Revisions
from .verdict import Diagnosis

_HEADER = b"SQLite format 3\0"
_PATIENCE_S = 1.0
_CHECK_S = 2.0
_STEPS = 10_000


@dataclass(frozen=True)
class Content:
    """What a database holds: whether MLflow's tables, any tables at all, and their schema's revision."""

    has_runs: bool
    has_tables: bool
    revision: str | None


def diagnose_sqlite(path: str, revisions: Revisions) -> Diagnosis:
    """What is wrong with a SQLite file."""
    name = os.path.basename(path)
    wrong = _missing(path, name) if not os.path.isfile(path) else _unreadable(path, name)
    if wrong is not None:
        return wrong
    try:
        content = _content(path)
    except sqlite3.Error as error:
        return _judge_error(error, name)
    return judge_content(content, name, revisions) or _judge_access(path, name, revisions)


def judge_content(content: Content, name: str, revisions: Revisions) -> Diagnosis | None:
    """Pure: what is wrong with what a database holds; None for nothing."""
    if not content.has_runs:
        if not content.has_tables:
            return None
        return Diagnosis("not-mlflow", f"{name} is a database, but not one of MLflow.", "Choose another one.")
    if revisions.head is None or content.revision == revisions.head:
        return None
    here = f"this one is {revisions.version}"
    if content.revision is None:
        message = f"{name} was written by a very old MLflow, without a schema revision ({here})."
        return Diagnosis(
            "schema", message, "Upgrade it with the MLflow that wrote it first.", revisions.version
        )
    month = revisions.months.get(content.revision)
    if month is None:
        message = (
            f"{name} was written by another MLflow, probably a newer one: its schema revision "
            f"{content.revision} is not known here ({here}). Nothing was changed."
        )
        remedy = "Name a Python with that MLflow in `c.ExperimentsApp.tracking_server_python`."
        return Diagnosis("schema", message, remedy, revisions.version)
    message = (
        f"{name} was written by an older MLflow: its schema revision is {content.revision}"
        f"{f' of {month}' if month else ''} ({here}). Nothing was changed."
    )
    return Diagnosis("schema", message, "Back it up and upgrade it.", revisions.version)


def diagnose_folder(uri: str) -> Diagnosis:
    """What is wrong with a file store, which is a folder."""
    folder = uris.file_path(uri) or "/"
    if uris.means_folder_at_root(uri):
        message = f"This URI means the folder {folder}, not .{folder}."
        return Diagnosis("bad-uri", message, "Write `sqlite:///mlflow.db`.")
    if not os.path.isdir(folder):
        return Diagnosis(
            "no-file", f"There is no folder {folder}.", "Write `sqlite:///mlflow.db` for a new store."
        )
    if not is_file_store(folder):
        return Diagnosis("no-file", f"The folder {folder} holds no experiments.", "Choose another one.")
    name = os.path.basename(folder)
    message = f"{name} can be read. MLflow 3.14 and later refuse such folders."
    return Diagnosis("ok", message, "Its runs can be copied into mlflow.db; the folder stays as it is.")


def _missing(path: str, name: str) -> Diagnosis:
    folder = os.path.dirname(path)
    if os.path.isdir(path):
        return Diagnosis(
            "no-file", f"{name} is a folder, not a SQLite file.", f"Write `sqlite:///{name}/mlflow.db`."
        )
    if not os.path.isdir(folder):
        return Diagnosis("no-file", f"There is no folder {folder}.", "Make it, or choose another one.")
    if not os.access(folder, os.W_OK):
        return Diagnosis(
            "read-only", f"{name} does not exist, and its folder cannot be written.", "Choose another one."
        )
    return Diagnosis("ok", f"{name} does not exist yet: the first run makes it.")


def _unreadable(path: str, name: str) -> Diagnosis | None:
    try:
        with open(path, "rb") as file:
            header = file.read(len(_HEADER))
    except OSError:
        return Diagnosis("permission", f"{name} cannot be read.", "Its owner must allow it.")
    if header and header != _HEADER:
        return Diagnosis(
            "corrupt", f"{name} is no SQLite database.", "Choose another file, or take a backup."
        )
    return None


def _judge_access(path: str, name: str, revisions: Revisions) -> Diagnosis:
    # SQLite writes a journal beside the file.
    if os.access(path, os.W_OK) and os.access(os.path.dirname(path), os.W_OK):
        return Diagnosis("ok", f"{name} can be read and written.", None, revisions.version)
    message = f"{name} can be read, but not written: runs are shown, but none can be logged."
    return Diagnosis("read-only", message, "Its owner must allow it.", revisions.version)


def _judge_error(error: sqlite3.Error, name: str) -> Diagnosis:
    text = str(error).lower()
    if "locked" in text or "busy" in text:
        return Diagnosis(
            "locked", f"{name} is locked by another process.", "Try again when that has written."
        )
    if "malformed" in text or "not a database" in text or "disk image" in text:
        message = f"{name} is damaged. Nothing was changed."
        return Diagnosis("corrupt", message, f"Take a backup, or copy it and run `sqlite3 {name} .recover`.")
    return Diagnosis("failed", f"{name} cannot be opened as a database.", "Is it on a disk that fails?")


def _content(path: str) -> Content:
    try:
        return _read(path, "mode=ro" if _has_more(path) else "immutable=1")
    except sqlite3.OperationalError as error:
        if "readonly" not in str(error) and "unable to open" not in str(error):
            raise
        # A writer was killed in mid-commit; only a write could repair that, and the next one will.
        return _read(path, "immutable=1")


def _has_more(path: str) -> bool:
    """Whether SQLite must look at more than the file: not for one in WAL mode that was closed well."""
    with open(path, "rb") as file:
        is_wal = file.read(20)[18:] == b"\2\2"
    log = path + "-wal"
    return not is_wal or (os.path.exists(log) and os.path.getsize(log) > 0)


def _read(path: str, mode: str) -> Content:
    uri = f"file:{quote(path)}?{mode}"
    with closing(sqlite3.connect(uri, uri=True, timeout=_PATIENCE_S)) as connection:
        rows = connection.execute("select name from sqlite_master where type = 'table'").fetchall()
        tables = {row[0] for row in rows}
        revision = None
        if "alembic_version" in tables:
            found = connection.execute("select version_num from alembic_version").fetchone()
            revision = str(found[0]) if found else None
        _check(connection)
    return Content("runs" in tables and "experiments" in tables, bool(tables), revision)


def _check(connection: sqlite3.Connection) -> None:
    """As much of the pages as can be checked in the time. Raises sqlite3.DatabaseError for damage."""
    deadline = time.monotonic() + _CHECK_S
    connection.set_progress_handler(lambda: int(time.monotonic() > deadline), _STEPS)
    try:
        found = connection.execute("pragma quick_check(1)").fetchone()
    except sqlite3.OperationalError as error:
        if "interrupted" in str(error):
            return
        raise
    if found and found[0] != "ok":
        raise sqlite3.DatabaseError("database disk image is malformed")
