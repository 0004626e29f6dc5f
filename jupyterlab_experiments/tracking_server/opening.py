"""Opens an SQLite file for reading, by the standard library alone: also where there is no Arrow."""

from __future__ import annotations

import os
import sqlite3
import urllib.parse

from .frozen import frozen_uri, is_frozen

BUSY_TIMEOUT_MS = 20_000


def connect_sqlite(path: str, timeout_s: float = BUSY_TIMEOUT_MS / 1000) -> sqlite3.Connection:
    """A connection that cannot write; raises sqlite3.Error without such a file."""
    connection = sqlite3.connect(_file_uri(path), uri=True, timeout=timeout_s, check_same_thread=False)
    connection.isolation_level = None
    connection.execute("PRAGMA query_only = 1")
    return connection


def _file_uri(path: str) -> str:
    if is_frozen(path):
        return frozen_uri(path)
    # Not mode=ro: after a writer was killed in mid-commit only a connection that may write can roll back its
    # journal, and every read-only one fails. `query_only` keeps statements from writing.
    mode = "rw" if os.access(path, os.W_OK) and os.access(os.path.dirname(path), os.W_OK) else "ro"
    return f"file:{urllib.parse.quote(path)}?mode={mode}"
