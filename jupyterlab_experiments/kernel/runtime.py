"""The runtime folder that Jupyter server and kernel share."""

from __future__ import annotations

import json
import os
import tempfile
from typing import Any

from .contract import ENVIRONMENT
from .guard import quietly

_server: dict[str, Any] = {}
_server_stamp: tuple[int, int] | None = None
_own_folder = ""


def folder() -> str | None:
    """The folder the server made; None where no server of ours started this kernel."""
    named = os.environ.get(ENVIRONMENT["runtimeFolder"])
    return named if named and os.path.isdir(named) else None


def server() -> dict[str, Any]:
    """Content of `server.json`, read again when it changed; empty where there is none."""
    global _server, _server_stamp
    base = folder()
    if base is None:
        return {}
    with quietly("reading server.json"):
        path = os.path.join(base, "server.json")
        state = os.stat(path)
        stamp = (state.st_mtime_ns, state.st_size)
        if stamp != _server_stamp:
            with open(path, encoding="utf-8") as file:
                _server = json.load(file)
            _server_stamp = stamp
    return _server


def connections() -> dict[str, dict[str, Any]]:
    """The connections on offer, by id."""
    found = server().get("connections")
    return found if isinstance(found, dict) else {}


def write_kernel(kernel_id: str, tracking_uri: str, registry_uri: str | None) -> bool:
    """Writes what this kernel really logs to; False where there is no runtime folder."""
    base = folder()
    if base is None:
        return False
    content = {"version": 1, "tracking_uri": tracking_uri, "registry_uri": registry_uri, "pid": os.getpid()}
    write_whole(os.path.join(base, "kernels", f"{kernel_id}.json"), json.dumps(content))
    return True


def active_run_path(kernel_id: str) -> str:
    """File that holds the run of the cell that runs now; constant for the kernel's life."""
    global _own_folder
    base = folder()
    if base is None:
        _own_folder = _own_folder or tempfile.mkdtemp(prefix="jupyterlab-experiments-")
        base = _own_folder
    return os.path.join(base, "active", kernel_id)


def write_whole(path: str, text: str) -> None:
    """Replaces a file at once, readable by its owner only."""
    os.makedirs(os.path.dirname(path), mode=0o700, exist_ok=True)
    temporary = f"{path}.{os.getpid()}.part"
    descriptor = os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(descriptor, "w", encoding="utf-8") as file:
        file.write(text)
    os.replace(temporary, path)


def remove_own_folder() -> None:
    """Removes the folder that this kernel made for itself."""
    if _own_folder:
        import shutil

        shutil.rmtree(_own_folder, ignore_errors=True)
