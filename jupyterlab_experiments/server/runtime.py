"""The runtime folder: what this server tells its kernels, and they tell it, through files of one user."""

from __future__ import annotations

import json
import os
import re
import shutil
import sys
import tempfile
import time
import uuid
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from ..pids import is_alive
from .contract import PACKAGE_FOLDER

_PREFIX = "experiments-"
# sun_path holds 104 bytes on macOS, 108 on Linux.
_SOCKET_PATH_LIMIT = 100
_STALE_AFTER_S = 86_400
_LONGEST_URI = 4096


@dataclass(frozen=True)
class KernelStore:
    """The tracking and registry URI that a kernel really uses, as it wrote them."""

    tracking_uri: str
    registry_uri: str | None
    pid: int | None


class RuntimeFolder:
    """A folder of mode 0700 that lives as long as this server. Raises OSError when it cannot be made."""

    def __init__(self, parent: str) -> None:
        os.makedirs(parent, mode=0o700, exist_ok=True)
        _remove_stale(Path(parent))
        self.path = Path(tempfile.mkdtemp(prefix=f"{_PREFIX}{os.getpid()}-", dir=parent))
        self._socket_folder: Path | None = None
        for name in ("kernels", "active", "python"):
            (self.path / name).mkdir(mode=0o700)
        _offer_package(self.path / "python")

    @property
    def python_path(self) -> Path:
        """A folder that holds our package and nothing else, for other interpreters."""
        return self.path / "python"

    def write_server(self, content: dict[str, Any]) -> None:
        """Replace `server.json` atomically."""
        _write_atomically(self.path / "server.json", json.dumps(content, indent=1))

    def read_kernel(self, kernel_id: str) -> KernelStore | None:
        """What a kernel wrote of its store; None for an id that is no UUID, or no good file."""
        try:
            name = str(uuid.UUID(kernel_id))
            content = json.loads((self.path / "kernels" / f"{name}.json").read_text("utf-8"))
        except (ValueError, OSError, AttributeError, TypeError, RecursionError):
            return None
        return _decode_kernel(content)

    def socket_path(self, name: str) -> str:
        """Path of a child's socket; short enough for the system, in a folder of mode 0700."""
        path = str(self.path / f"child-{name}.sock")
        if len(os.fsencode(path)) <= _SOCKET_PATH_LIMIT:
            return path
        if self._socket_folder is None:
            self._socket_folder = Path(tempfile.mkdtemp(prefix="jlx-"))
        return str(self._socket_folder / f"{name}.sock")

    def remove(self) -> None:
        """Remove the folder; what cannot be removed stays."""
        for folder in (self.path, self._socket_folder):
            if folder is not None:
                shutil.rmtree(folder, ignore_errors=True)


def _decode_kernel(content: object) -> KernelStore | None:
    if not isinstance(content, dict):
        return None
    uri, registry, pid = (content.get(key) for key in ("tracking_uri", "registry_uri", "pid"))
    if not isinstance(uri, str) or not 0 < len(uri) <= _LONGEST_URI:
        return None
    return KernelStore(
        uri,
        registry if isinstance(registry, str) and registry else None,
        pid if isinstance(pid, int) else None,
    )


def folder_of_process(pid: int | None, fallback: str) -> str:
    """Working folder of a process on this machine, for its relative file names; else the fallback."""
    try:
        return os.readlink(f"/proc/{int(pid)}/cwd") if pid else fallback
    except OSError:
        return fallback


def _write_atomically(path: Path, text: str) -> None:
    handle, temporary = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}-")
    # mkstemp gives mode 0600.
    with os.fdopen(handle, "w", encoding="utf-8") as file:
        file.write(text)
    os.replace(temporary, path)


def write_private(path: Path, text: str) -> None:
    """Write a file of mode 0600 atomically, making its folder. Raises OSError."""
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    _write_atomically(path, text)


def _offer_package(folder: Path) -> None:
    target = folder / PACKAGE_FOLDER.name
    if sys.platform != "win32":
        target.symlink_to(PACKAGE_FOLDER, target_is_directory=True)
        return
    ignored = shutil.ignore_patterns("labextension", "__pycache__")
    shutil.copytree(PACKAGE_FOLDER, target, ignore=ignored)


def _remove_stale(parent: Path) -> None:
    """Remove folders of servers that were killed a day ago or more."""
    for folder in parent.glob(f"{_PREFIX}*-*"):
        found = re.match(rf"{_PREFIX}(\d+)-", folder.name)
        try:
            is_recent = time.time() - folder.stat().st_mtime < _STALE_AFTER_S
        except OSError:
            continue
        if found and not is_recent and not is_alive(int(found.group(1))):
            shutil.rmtree(folder, ignore_errors=True)
