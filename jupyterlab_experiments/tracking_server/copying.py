"""Copies a folder of MLflow's file store into a new SQLite store; the folder stays as it is."""

from __future__ import annotations

import gc
import os
import re
import sqlite3
from contextlib import closing
from pathlib import Path

from .. import tracking_uri as uris
from ..newsqlite import set_journal
from .safety import (
    MaintenanceError,
    Tell,
    check_whole,
    copy_database,
    put_new,
    unfinished_beside,
)

_RUN = re.compile(r"^[0-9a-f]{32}$")


def copy_folder(folder: str, path: str, tell: Tell) -> str:
    """Copy it and answer what was done. Raises MaintenanceError, OSError and what SQLite and MLflow raise."""
    try:
        from mlflow.store.fs2db import migrate
    except ImportError as error:
        raise MaintenanceError("This MLflow cannot copy folders: 3.10 or later is needed.") from error
    if os.path.exists(path):
        raise MaintenanceError(f"{os.path.basename(path)} is there already.")
    if not os.path.isdir(folder):
        raise MaintenanceError(f"There is no folder {folder}.")
    tell(f"Reading {os.path.basename(folder)}…")
    with unfinished_beside(path, "rows") as rows, unfinished_beside(path, "copy") as unfinished:
        migrate(Path(folder), uris.sqlite_uri(rows))
        # MLflow leaves its connections to the garbage.
        gc.collect()
        with closing(sqlite3.connect(rows)) as filled, closing(sqlite3.connect(unfinished)) as whole:
            copy_database(filled, whole, lambda done: tell(f"Writing {os.path.basename(path)}… {done} %"))
            whole.execute("pragma journal_mode=delete")
        set_journal(unfinished)
        with closing(sqlite3.connect(unfinished)) as whole:
            check_whole(whole, unfinished)
            runs = _count(whole, "runs")
            experiments = _count(whole, "experiments")
        put_new(unfinished, path)
    return _words(folder, path, (runs, experiments))


def _count(connection: sqlite3.Connection, table: str) -> int:
    return int(connection.execute(f"select count(*) from {table}").fetchone()[0])  # noqa: S608 - one of two names


def _words(folder: str, path: str, counts: tuple[int, int]) -> str:
    runs, experiments = counts
    said = (
        f"Runs: {runs}, experiments: {experiments}, copied into {os.path.basename(path)}. "
        f"{os.path.basename(folder)} stays as it is, with the artifacts."
    )
    missing = _runs_in(folder) - runs
    return said + (f" Runs that could not be read: {missing}." if missing > 0 else "")


def _runs_in(folder: str) -> int:
    root = os.path.join(folder, "mlruns") if os.path.isdir(os.path.join(folder, "mlruns")) else folder
    found = 0
    for parent in (root, os.path.join(root, ".trash")):
        experiments = os.listdir(parent) if os.path.isdir(parent) else []
        for experiment in experiments:
            below = os.path.join(parent, experiment)
            if experiment.isdigit() and os.path.isdir(below):
                found += sum(1 for name in os.listdir(below) if _RUN.match(name))
    return found
