"""The connections that the user added, kept in a file that only the user can read."""

from __future__ import annotations

import json
import logging
import os
import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from ..runtime import write_private

_VERSION = 1
_MOST_BYTES = 1_000_000


@dataclass(frozen=True)
class Kept:
    """A connection as the user wrote it; its URIs are absolute and may hold credentials."""

    id: str
    tracking_uri: str
    registry_uri: str | None
    label: str


class KeptConnections:
    """The file; every method reads or writes it: call them in a thread."""

    def __init__(self, data_folder: str, log: logging.Logger) -> None:
        self._file = Path(data_folder) / "jupyterlab-experiments" / "connections.json"
        self._log = log

    def read(self) -> list[Kept]:
        """All that can be understood. A file that is broken is kept beside, under another name."""
        try:
            content = self._decoded()
        except FileNotFoundError:
            return []
        except OSError as error:
            self._log.warning("The added connections cannot be read: %s", type(error).__name__)
            return []
        except (ValueError, RecursionError):
            self._set_aside()
            return []
        found = [_kept(each) for each in content]
        good = [each for each in found if each is not None]
        if len(good) < len(found) and self._set_aside():
            self._write(good)
        return good

    def put(self, kept: Kept) -> None:
        """Add one, or replace that of the same id. Raises OSError."""
        self._change(lambda each: each.id != kept.id, [kept])

    def drop(self, connection_id: str) -> None:
        """Remove one. Raises OSError."""
        self._change(lambda each: each.id != connection_id, [])

    def _change(self, stays: Callable[[Kept], bool], more: Iterable[Kept]) -> None:
        # Read anew: another Jupyter server of this user may have written it.
        connections = [each for each in self.read() if stays(each)] + list(more)
        write_private(self._file, _printed(connections))

    def _write(self, good: list[Kept]) -> None:
        try:
            write_private(self._file, _printed(good))
        except OSError as error:
            self._log.warning("The added connections cannot be written: %s", type(error).__name__)

    def _decoded(self) -> list[Any]:
        if self._file.stat().st_size > _MOST_BYTES:
            raise ValueError("too large")
        content = json.loads(self._file.read_text("utf-8"))
        if not isinstance(content, dict) or not isinstance(content.get("connections"), list):
            raise ValueError("no list of connections")
        return list(content["connections"])

    def _set_aside(self) -> bool:
        aside = self._file.with_name(f"connections.broken-{time.time_ns()}.json")
        try:
            os.chmod(self._file, 0o600)
            os.replace(self._file, aside)
        except OSError as error:
            self._log.warning("The added connections are broken: %s", type(error).__name__)
            return False
        self._log.warning("The file of added connections was broken; it is kept as %s", aside)
        return True


def _printed(connections: Iterable[Kept]) -> str:
    return json.dumps({"version": _VERSION, "connections": [vars(each) for each in connections]}, indent=1)


def _kept(given: Any) -> Kept | None:
    if not isinstance(given, dict):
        return None
    texts = [given.get(key) for key in ("id", "tracking_uri", "label")]
    registry = given.get("registry_uri")
    if not all(isinstance(text, str) and text for text in texts):
        return None
    return Kept(str(texts[0]), str(texts[1]), registry if isinstance(registry, str) else None, str(texts[2]))
