"""The Jupyter server's address as a tracking URI: is anybody there? MLflow itself would try for minutes."""

from __future__ import annotations

import socket
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any
from urllib.parse import urlsplit

from . import fluentstate

_PATIENCE_S = 5.0
_MEMORY_S = 5.0

_failed_at: dict[str, float] = {}
_is_hurried = False


@contextmanager
def hurried() -> Iterator[None]:
    """Within it a server that is gone is not waited for, though a run is active."""
    global _is_hurried
    before, _is_hurried = _is_hurried, True
    try:
        yield
    finally:
        _is_hurried = before


def checked(uri: str, get_host_creds: Callable[[], Any]) -> Callable[[], Any]:
    """What MLflow calls before each request, raising soon where nobody listens at the address."""

    def credentials() -> Any:
        __tracebackhide__ = True
        # A run that is under way is worth MLflow's own patience.
        if _is_hurried or len(fluentstate.active_runs()) == 0:
            _check(uri)
        return get_host_creds()

    return credentials


def _check(uri: str) -> None:
    __tracebackhide__ = True
    parts = urlsplit(uri)
    place = (parts.hostname or "", parts.port or (443 if parts.scheme == "https" else 80))
    if time.monotonic() - _failed_at.get(uri, -_MEMORY_S) >= _MEMORY_S:
        if _answers(place):
            return
        _failed_at[uri] = time.monotonic()
    from mlflow.exceptions import MlflowException

    raise MlflowException(
        f"The Jupyter server does not answer at {parts.scheme}://{parts.netloc}, through which this "
        "kernel logs. Start it and restart the kernel, or log elsewhere with mlflow.set_tracking_uri(…)."
    )


def _answers(place: tuple[str, int]) -> bool:
    end = time.monotonic() + _PATIENCE_S
    while True:
        try:
            with socket.create_connection(place, timeout=2):
                return True
        except OSError:
            if time.monotonic() >= end:
                return False
        time.sleep(0.2)
