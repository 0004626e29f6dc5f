"""Revisions of the database schema that an interpreter's MLflow knows; read from its files."""

from __future__ import annotations

import functools
import importlib.util
import os
import re
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

_TIMEOUT_S = 10
_FIND = (
    "import sys; sys.path[:] = [folder for folder in sys.path if folder]; "
    "import importlib.util; print(importlib.util.find_spec('mlflow').origin)"
)
_LINE = re.compile(r"^(revision|down_revision)\b[^=\n]*=\s*(.+)$", re.MULTILINE)
_NAME = re.compile(r"['\"]([0-9a-zA-Z_]+)['\"]")
_DATE = re.compile(r"^Create Date: (\d{4}-\d\d)", re.MULTILINE)


@dataclass(frozen=True)
class Revisions:
    """The newest revision, all known ones with the month they were made, and the version of that MLflow."""

    head: str | None = None
    months: Mapping[str, str] = field(default_factory=dict)
    version: str | None = None


def read_revisions(python: str) -> Revisions:
    """Those of an interpreter's MLflow; empty where it has none. May take a second: call it in a thread."""
    folder = _folder_here() if python == sys.executable else _folder_of(python)
    return _read(folder) if folder else Revisions()


def _folder_here() -> str | None:
    spec = importlib.util.find_spec("mlflow")
    return os.path.dirname(spec.origin) if spec and spec.origin else None


@functools.lru_cache(maxsize=20)
def _folder_of(python: str) -> str | None:
    try:
        done = subprocess.run(
            [python, "-c", _FIND],
            stdin=subprocess.DEVNULL,
            capture_output=True,
            timeout=_TIMEOUT_S,
            check=True,
        )
    except (OSError, subprocess.SubprocessError):
        return None
    return os.path.dirname(done.stdout.decode(errors="replace").strip()) or None


@functools.lru_cache(maxsize=20)
def _read(folder: str) -> Revisions:
    months: dict[str, str] = {}
    revised: set[str] = set()
    try:
        for file in (Path(folder) / "store" / "db_migrations" / "versions").glob("*.py"):
            _scan(file.read_text("utf-8", "replace"), months, revised)
        version = (Path(folder) / "version.py").read_text("utf-8", "replace")
    except OSError:
        return Revisions()
    heads = set(months) - revised
    found = re.search(r"^VERSION\s*=\s*['\"]([^'\"]+)", version, re.MULTILINE)
    return Revisions(heads.pop() if len(heads) == 1 else None, months, found.group(1) if found else None)


def _scan(text: str, months: dict[str, str], revised: set[str]) -> None:
    date = _DATE.search(text)
    for key, value in _LINE.findall(text):
        names = _NAME.findall(value)
        if key == "revision":
            months.update(dict.fromkeys(names, date.group(1) if date else ""))
        else:
            revised.update(names)
