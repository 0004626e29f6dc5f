"""What upgrade and copy share: SQLite files that are whole on disk before anything depends on them."""

from __future__ import annotations

import contextlib
import os
import re
import socket
import sqlite3
from collections.abc import Callable, Iterator

from ..newsqlite import put_in_place, remove_database
from ..pids import is_alive

Tell = Callable[[str], None]
_PAGES_A_STEP = 64


class MaintenanceError(Exception):
    """Why nothing was done, as a sentence for people."""


def row_counts(connection: sqlite3.Connection) -> dict[str, int]:
    """Number of rows of every table."""
    tables = [
        str(row[0])
        for row in connection.execute(
            "select name from sqlite_master where type = 'table' and name not like 'sqlite_%'"
        )
    ]
    return {
        table: int(connection.execute(f'select count(*) from "{table}"').fetchone()[0])  # noqa: S608 - its own name
        for table in tables
    }


def check_whole(connection: sqlite3.Connection, path: str) -> None:
    """Raises MaintenanceError for a damaged file."""
    answer = str(connection.execute("pragma integrity_check(1)").fetchone()[0])
    if answer != "ok":
        raise MaintenanceError(f"{os.path.basename(path)} is damaged: {answer}.")


def copy_database(source: sqlite3.Connection, target: sqlite3.Connection, say: Callable[[int], None]) -> None:
    """All of one database into another, in one transaction of the target; `say` gets the percentage done."""

    said = -1

    def progress(_: int, remaining: int, total: int) -> None:
        nonlocal said
        done = 100 - round(100 * remaining / total) if total else 100
        if done != said:
            said = done
            say(done)

    source.backup(target, pages=_PAGES_A_STEP, progress=progress)


def put_new(unfinished: str, path: str) -> None:
    """Give a whole file its name, in one step. Raises MaintenanceError where something has that name."""
    with open(unfinished, "rb") as file:
        os.fsync(file.fileno())
    if not put_in_place(unfinished, path):
        raise MaintenanceError(f"{os.path.basename(path)} is there already.")
    _sync_folder(os.path.dirname(path))


def _sync_folder(folder: str) -> None:
    # Not every system can open a folder.
    with contextlib.suppress(OSError):
        handle = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)


@contextlib.contextmanager
def unfinished_beside(path: str, purpose: str) -> Iterator[str]:
    """A name for a file that is not whole yet; it is gone afterwards, as are those of killed processes."""
    remove_leftovers(path, purpose)
    folder, name = os.path.split(path)
    unfinished = os.path.join(folder, f".{name}-{purpose}-{_host()}-{os.getpid()}")
    try:
        yield unfinished
    finally:
        remove_database(unfinished)


def _host() -> str:
    return re.sub(r"\W", "_", socket.gethostname())[:40]


def remove_leftovers(path: str, purpose: str) -> None:
    """Remove the unfinished files of processes that are no more."""
    folder, name = os.path.split(path)
    prefix = re.escape(f".{name}-{purpose}-{_host()}-")
    for name in os.listdir(folder):
        # What SQLite keeps beside a file goes with it, and may be all that is left.
        found = re.fullmatch(prefix + r"(\d+)(-wal|-shm|-journal)?", name)
        if found and not is_alive(int(found.group(1))):
            remove_database(os.path.join(folder, name.removesuffix(found.group(2) or "")))
