"""Makes an SQLite store whole and puts it in its place in one step; shared by processes that import nothing
of each other.

MLflow makes its tables in some seconds, without any lock: a second thread or process that opens the
file meanwhile makes them too, and both fail for good.
"""

from __future__ import annotations

import os
import sqlite3
import sys
import tempfile
from collections.abc import Callable
from contextlib import closing, suppress

_NETWORK = (
    *("nfs", "cifs", "smb", "9p", "afs", "ceph", "lustre", "gpfs", "beegfs", "glusterfs", "ncpfs", "davfs"),
    "fuse.",
)
_LOCAL_FUSE = ("fuse.fuse-overlayfs", "fuse.lxcfs", "fuse.ntfs", "fuse.exfat")


def make_whole(uri: str, path: str, build: Callable[[str], None]) -> None:
    """Calls `build` with the URI of a file beside `path`, which then becomes `path` unless one is there.

    `build` must leave no connection open. The file is in WAL mode, so that readers beside a writer never
    wait, unless its folder is on a network file system. Raises OSError and what `build` raises.
    """
    folder = os.path.dirname(path)
    handle, unfinished = tempfile.mkstemp(prefix=f".{os.path.basename(path)}-", dir=folder)
    os.close(handle)
    try:
        os.chmod(unfinished, _mode_of_new_files())
        set_journal(unfinished)
        build(_beside(uri, os.path.basename(unfinished)))
        # What the last connection left in the log belongs to the file before it moves.
        with closing(sqlite3.connect(unfinished)) as connection:
            connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        # Where somebody else was quicker, theirs is as good.
        put_in_place(unfinished, path)
    finally:
        remove_database(unfinished)


def set_journal(path: str) -> None:
    """Readers beside a writer never wait in WAL mode; on a network it does not work."""
    mode = "delete" if is_network_folder(os.path.dirname(path)) else "wal"
    with closing(sqlite3.connect(path)) as connection:
        connection.execute(f"pragma journal_mode={mode}")


def put_in_place(unfinished: str, path: str) -> bool:
    """Give a whole file its name, in one step; False where something has that name. Raises OSError."""
    try:
        os.link(unfinished, path)
    except FileExistsError:
        return False
    except OSError:
        # A file system without links.
        if os.path.exists(path):
            return False
        os.rename(unfinished, path)
    return True


def remove_database(path: str) -> None:
    """Remove an SQLite file and those that belong to it."""
    for suffix in ("", "-wal", "-shm", "-journal"):
        with suppress(FileNotFoundError):
            os.unlink(path + suffix)


def _mode_of_new_files() -> int:
    mask = os.umask(0o077)
    os.umask(mask)
    return 0o666 & ~mask


def _beside(uri: str, name: str) -> str:
    head, mark, query = uri.partition("?")
    return f"{head.rpartition('/')[0]}/{name}{mark}{query}"


def is_network_folder(folder: str) -> bool:
    """Whether a folder is on a network file system, where WAL does not work; False where that is unknown."""
    if sys.platform == "win32":
        return os.path.abspath(folder).startswith("\\\\")
    try:
        with open("/proc/self/mountinfo", encoding="utf-8", errors="surrogateescape") as mounts:
            kind = file_system_of(os.path.realpath(folder), mounts.read())
    except OSError:
        return os.path.realpath(folder).startswith(("/Volumes/", "/net/"))
    return kind.startswith(_NETWORK) and not kind.startswith(_LOCAL_FUSE)


def file_system_of(folder: str, mountinfo: str) -> str:
    """Pure: the type of the file system that a folder is on, by the text of Linux' `mountinfo`."""
    best, kind = "", ""
    for line in mountinfo.splitlines():
        left, _, right = line.partition(" - ")
        point = left.split(" ")[4].replace("\\040", " ") if left.count(" ") >= 4 else ""
        is_above = folder == point or folder.startswith(point.rstrip("/") + "/")
        if point and is_above and len(point) >= len(best):
            best, kind = point, right.split(" ")[0]
    return kind
