"""The first call that needs the store makes its SQLite file: WAL, unless its folder is on a network."""

from __future__ import annotations

import os
import sqlite3
import sys
import threading

_NETWORK = (
    *("nfs", "cifs", "smb", "9p", "afs", "ceph", "lustre", "gpfs", "beegfs", "glusterfs", "ncpfs", "davfs"),
    "fuse.",
)
_LOCAL_FUSE = ("fuse.fuse-overlayfs", "fuse.lxcfs", "fuse.ntfs", "fuse.exfat")


class NewStore:
    """An SQLite file that may not be there yet."""

    def __init__(self, path: str | None) -> None:
        self._path = path
        self._is_there = path is None
        self._lock = threading.Lock()

    @property
    def is_there(self) -> bool:
        """True once the file has been seen or made; never False again."""
        return self._is_there

    def make(self) -> None:
        """Make the file, still without tables; MLflow fills it. Readers beside a writer then never wait."""
        assert self._path is not None
        with self._lock:
            folder = os.path.dirname(self._path)
            if not os.path.exists(self._path) and os.path.isdir(folder) and not is_network_folder(folder):
                connection = sqlite3.connect(self._path)
                try:
                    connection.execute("PRAGMA journal_mode = WAL")
                finally:
                    connection.close()
            self._is_there = True


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
