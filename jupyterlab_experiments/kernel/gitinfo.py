"""Commit, branch and state of the notebook's repository, read in the background."""

from __future__ import annotations

import os
import subprocess
import threading
import time

from .contract import MLFLOW_TAGS
from .guard import guarded, quietly

_TIMEOUT_S = 10
_MAX_AGE_S = 30.0
_known: dict[str, str] = {}
_reading: threading.Thread | None = None
_read_at_s = 0.0


def known_tags() -> dict[str, str]:
    """What is known so far; empty before the first reading, and outside a repository."""
    return dict(_known)


def read_soon(folder: str) -> None:
    """Reads the repository of the folder in a thread of its own."""
    global _reading, _read_at_s
    if _reading is not None and _reading.is_alive():
        return
    _read_at_s = time.monotonic()
    _reading = threading.Thread(target=_read, args=(folder,), name="experiments-git", daemon=True)
    _reading.start()


def read_again_if_old(folder: str) -> None:
    """Reads again after a while: commits and edits happen while a kernel lives."""
    if _known and time.monotonic() - _read_at_s > _MAX_AGE_S:
        read_soon(folder)


@guarded
def _read(folder: str) -> None:
    commit = _git(folder, "rev-parse", "HEAD")
    found: dict[str, str] = {}
    if commit:
        found[MLFLOW_TAGS["gitCommit"]] = commit
        dirty = _git(folder, "status", "--porcelain", "--untracked-files=no")
        found[MLFLOW_TAGS["gitDirty"]] = "True" if dirty else "False"
        branch = _git(folder, "symbolic-ref", "--quiet", "--short", "HEAD")
        url = _without_password(_git(folder, "remote", "get-url", "origin"))
        found.update({MLFLOW_TAGS["gitBranch"]: branch} if branch else {})
        found.update({MLFLOW_TAGS["gitRepository"]: url} if url else {})
    _known.clear()
    _known.update(found)


def _git(folder: str, *arguments: str) -> str:
    # Without optional locks a reading never stands in the way of the user's own git commands.
    environment = {**os.environ, "GIT_OPTIONAL_LOCKS": "0", "GIT_TERMINAL_PROMPT": "0"}
    with quietly("git"):
        done = subprocess.run(
            ["git", "-C", folder, *arguments],
            capture_output=True,
            text=True,
            encoding="utf-8",
            errors="replace",
            timeout=_TIMEOUT_S,
            env=environment,
            stdin=subprocess.DEVNULL,
            check=False,
        )
        return done.stdout.strip() if done.returncode == 0 else ""
    return ""


def _without_password(url: str) -> str:
    scheme, separator, rest = url.partition("://")
    if not separator:
        return url
    host, slash, path = rest.partition("/")
    return f"{scheme}://{host.rpartition('@')[2]}{slash}{path}" if scheme.startswith("http") else url
