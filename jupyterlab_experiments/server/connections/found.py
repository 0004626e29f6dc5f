"""MLflow stores that lie beside a notebook. Reads folders and starts nothing: call it in a thread."""

from __future__ import annotations

import itertools
import os

from ... import tracking_uri as uris

_SQLITE_HEADER = b"SQLite format 3\0"
_MOST_FOLDERS = 1000


def stores_beside(root: str, notebook_path: str) -> list[str]:
    """Absolute tracking URIs of `mlflow.db` and `mlruns` in a notebook's folder, then in the root folder.

    `notebook_path` is relative to the root; a path that leaves it finds nothing.
    """
    if "\0" in notebook_path:
        return []
    root = os.path.realpath(root)
    folder = os.path.dirname(os.path.realpath(os.path.join(root, notebook_path.lstrip("/") or "x")))
    if os.path.commonpath([root, folder]) != root:
        return []
    found = [uri for place in dict.fromkeys((folder, root)) for uri in _stores_in(place)]
    return list(dict.fromkeys(found))


def _stores_in(folder: str) -> list[str]:
    database, runs = os.path.join(folder, "mlflow.db"), os.path.join(folder, "mlruns")
    found = [uris.sqlite_uri(database)] if _is_database(database) else []
    return found + ([runs] if is_file_store(runs) else [])


def _is_database(path: str) -> bool:
    try:
        with open(path, "rb") as file:
            return file.read(len(_SQLITE_HEADER)) == _SQLITE_HEADER
    except OSError:
        return False


def is_file_store(folder: str) -> bool:
    """Whether a folder holds experiments of MLflow's file store, and not only artifacts of another store."""
    try:
        with os.scandir(folder) as entries:
            some = itertools.islice(entries, _MOST_FOLDERS)
            return any(os.path.isfile(os.path.join(entry.path, "meta.yaml")) for entry in some)
    except OSError:
        return False
