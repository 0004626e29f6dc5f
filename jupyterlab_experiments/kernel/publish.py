"""Sends messages to the browser on IOPub; silent where there is no kernel."""

from __future__ import annotations

import os
from typing import Any

from .contract import COMM_ID, PROTOCOL
from .guard import quietly

_process = os.getpid()
_kernel: Any = None


def attach(kernel: Any) -> None:
    """Names the kernel whose IOPub socket is used."""
    global _kernel, _process
    _kernel = kernel
    _process = os.getpid()


def is_attached() -> bool:
    """Whether this process may send: a forked child may not."""
    return _kernel is not None and os.getpid() == _process


def is_forked() -> bool:
    """Whether this process is a copy of the kernel's."""
    return os.getpid() != _process


def send(content: dict[str, Any]) -> None:
    """Publishes one message; from any thread."""
    if not is_attached():
        return
    with quietly("publishing"):
        _kernel.session.send(
            _kernel.iopub_socket,
            "comm_msg",
            {"comm_id": COMM_ID, "data": {"protocol": PROTOCOL, **content}},
            parent={},
            ident=f"comm-{COMM_ID}".encode(),
        )


def number(value: Any) -> Any:
    """The number, or its name where JSON has none."""
    if not isinstance(value, (int, float)):
        value = float(value)
    if value - value == 0:
        return value
    return "NaN" if value != value else "Infinity" if value > 0 else "-Infinity"
