"""An SQLite file with a write-ahead log on a medium that takes no writes.

SQLite opens such a file only when it is told that nobody writes to it: else it makes two files beside it.
"""

from __future__ import annotations

import os
import sqlite3
import urllib.parse
from typing import Any

_WAL = b"\x02\x02"
_VERSIONS_AT = 18


def is_frozen(path: str) -> bool:
    """Whether neither the file nor its folder takes writes, and all that was committed is in the file."""
    folder = os.path.dirname(path)
    if os.access(path, os.W_OK) or os.access(folder, os.W_OK) or not os.access(path, os.R_OK):
        return False
    log = f"{path}-wal"
    if os.path.exists(log) and os.path.getsize(log) > 0:
        return False
    with open(path, "rb") as file:
        file.seek(_VERSIONS_AT)
        return file.read(2) == _WAL


def frozen_uri(path: str) -> str:
    """As SQLite is to open it."""
    return f"file:{urllib.parse.quote(path)}?mode=ro&immutable=1"


def let_mlflow_read(path: str) -> None:
    """MLflow's own connections to the file are opened alike, as long as it is frozen."""
    from sqlalchemy import Engine, event

    def connect(dialect: Any, _record: Any, arguments: list[Any], options: dict[str, Any]) -> Any:
        is_ours = dialect.name == "sqlite" and arguments and os.path.abspath(str(arguments[0])) == path
        if not is_ours or not is_frozen(path):
            return None
        return sqlite3.connect(frozen_uri(path), *arguments[1:], **{**options, "uri": True})

    event.listen(Engine, "do_connect", connect)
