"""Upgrades the schema of an SQLite store: a backup first, the work on a copy, then the store in one step."""

from __future__ import annotations

import contextlib
import logging
import os
import sqlite3
import time
from collections.abc import Iterator
from contextlib import closing

from .. import tracking_uri as uris
from .safety import (
    MaintenanceError,
    Tell,
    check_whole,
    copy_database,
    put_new,
    remove_leftovers,
    row_counts,
    unfinished_beside,
)
from .schema import explain, own_revisions, revision_of

_LOCK_TIMEOUT_S = 3.0
# What people logged; other tables a migration may fill or replace.
_KEPT = (
    *("experiments", "experiment_tags", "runs", "metrics", "params", "tags", "latest_metrics"),
    *("registered_models", "registered_model_tags", "model_versions", "model_version_tags"),
)


def upgrade_file(path: str, tell: Tell) -> str:
    """Upgrade it; answers what was done. Raises MaintenanceError, OSError, what SQLite and MLflow raise."""
    tell("Looking at the store…")
    head, known = own_revisions()
    _check_revision(path, known)
    with _locked(path) as store:
        remove_leftovers(path, "upgrade")
        remove_leftovers(path, "backup")
        if _revision(store) == head:
            return f"{os.path.basename(path)} has the schema of this MLflow already. Nothing was done."
        check_whole(store, path)
        counts = row_counts(store)
        backup = _back_up(store, path, tell)
        with unfinished_beside(path, "upgrade") as unfinished:
            with closing(sqlite3.connect(unfinished)) as copy:
                copy_database(store, copy, lambda done: tell(f"Copying the store… {done} %"))
                # So that nothing of it is in another file.
                copy.execute("pragma journal_mode=delete")
            _upgrade(unfinished, tell)
            with closing(sqlite3.connect(unfinished)) as upgraded:
                _check_upgraded(upgraded, unfinished, head, counts)
                # One transaction: a process that is killed in it leaves the store as it was. No new file in
                # its place: whoever has the old one open would go on writing where nobody looks.
                copy_database(upgraded, store, lambda done: tell(f"Replacing the store… {done} %"))
    return f"{os.path.basename(path)} was upgraded. The store as it was is in {os.path.basename(backup)}."


def _check_revision(path: str, known: set[str]) -> None:
    if not os.path.isfile(path):
        raise MaintenanceError(f"There is no file {path}.")
    uri = uris.sqlite_uri(path)
    revision = revision_of(uri)
    if revision is None:
        raise MaintenanceError(f"{os.path.basename(path)} is no store of MLflow, or cannot be read.")
    if revision not in known:
        raise MaintenanceError(explain(uri, revision, False).replace(" Nothing was changed.", ""))


@contextlib.contextmanager
def _locked(path: str) -> Iterator[sqlite3.Connection]:
    """The store, locked against everybody else until the end, in every transaction and between them."""
    store = sqlite3.connect(path, timeout=_LOCK_TIMEOUT_S, isolation_level=None)
    try:
        store.execute("pragma locking_mode=exclusive")
        store.execute("begin exclusive")
        store.execute("commit")
    except sqlite3.OperationalError as error:
        store.close()
        if "locked" in str(error):
            raise MaintenanceError(
                f"Another program has {os.path.basename(path)} open. Shut down the kernels that log to it."
            ) from error
        raise MaintenanceError(f"{os.path.basename(path)} cannot be written: {error}.") from error
    try:
        yield store
    finally:
        store.close()


def _back_up(store: sqlite3.Connection, path: str, tell: Tell) -> str:
    backup = f"{path}.{time.strftime('%Y-%m-%d-%H%M%S')}.backup"
    with unfinished_beside(path, "backup") as unfinished:
        with closing(sqlite3.connect(unfinished)) as copy:
            copy_database(
                store, copy, lambda done: tell(f"Backing up to {os.path.basename(backup)}… {done} %")
            )
            copy.execute("pragma journal_mode=delete")
        with closing(sqlite3.connect(unfinished)) as copy:
            check_whole(copy, unfinished)
            if row_counts(copy) != row_counts(store):
                raise MaintenanceError("The backup is not complete.")
        os.chmod(unfinished, os.stat(path).st_mode & 0o777)
        put_new(unfinished, backup)
    tell(f"Backed up to {os.path.basename(backup)}")
    return backup


def _upgrade(path: str, tell: Tell) -> None:
    """What `mlflow db upgrade` does."""
    from mlflow.store.db.utils import _upgrade_db, create_sqlalchemy_engine_with_retry

    log = logging.getLogger("alembic.runtime.migration")
    steps = _Steps(tell)
    log.addHandler(steps)
    log.setLevel(logging.INFO)
    engine = create_sqlalchemy_engine_with_retry(uris.sqlite_uri(path))  # type: ignore[no-untyped-call]
    try:
        _upgrade_db(engine)  # type: ignore[no-untyped-call]
    finally:
        engine.dispose()
        log.removeHandler(steps)


class _Steps(logging.Handler):
    """Alembic says each migration that it begins."""

    def __init__(self, tell: Tell) -> None:
        super().__init__(logging.INFO)
        self._tell = tell

    def emit(self, record: logging.LogRecord) -> None:
        """Tells what a migration is called."""
        if "Running upgrade" in record.getMessage():
            self._tell(f"Upgrading: {record.getMessage().rpartition(', ')[2]}")


def _revision(store: sqlite3.Connection) -> str:
    return str(store.execute("select version_num from alembic_version").fetchone()[0])


def _check_upgraded(store: sqlite3.Connection, path: str, head: str, before: dict[str, int]) -> None:
    check_whole(store, path)
    after = row_counts(store)
    lost = [table for table in _KEPT if table in before and after.get(table) != before[table]]
    if lost or _revision(store) != head:
        raise MaintenanceError(f"The upgrade did not keep everything ({', '.join(lost) or 'revision'}).")
