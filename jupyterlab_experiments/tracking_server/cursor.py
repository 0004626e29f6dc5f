"""Where an answer of `runs-table` ended, as an opaque text; the next answer starts from there."""

from __future__ import annotations

import base64
import binascii
import json
import zlib
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from .errors import BadRequestError

# Times are of the clocks of those who logged; a minute of overlap covers ordinary differences.
OVERLAP_MS = 60_000
_MOST_RUNNING = 1_000
_VERSION = 1


@dataclass(frozen=True)
class Cursor:
    """The latest times seen, the overlap taken off, the runs that were running, and SQLite's last row."""

    start_time_ms: int
    end_time_ms: int
    running: tuple[str, ...]
    last_row: int

    def print(self) -> str:
        """As text for the answer."""
        fields = [_VERSION, self.start_time_ms, self.end_time_ms, self.last_row, "".join(self.running)]
        return base64.urlsafe_b64encode(zlib.compress(json.dumps(fields).encode())).decode()


def make_cursor(latest: Sequence[int], running: Sequence[str], position: tuple[int, int]) -> Cursor:
    """A cursor for the latest start and end times, the running runs, and (last row, now in ms)."""
    last_row, now_ms = position
    # A clock that is ahead must not hide what comes after it.
    start_time_ms, end_time_ms = (max(0, min(time, now_ms) - OVERLAP_MS) for time in latest)
    regular = tuple(run_id for run_id in running[:_MOST_RUNNING] if len(run_id) == 32)
    return Cursor(start_time_ms, end_time_ms, regular, last_row)


def decode_cursor(text: str) -> Cursor:
    """The cursor of an earlier answer; raises BadRequestError for any other text."""
    try:
        fields: Any = json.loads(zlib.decompress(base64.urlsafe_b64decode(text.encode())))
        version, start, end, last_row, running = fields
        if version != _VERSION or not all(isinstance(number, int) for number in (start, end, last_row)):
            raise ValueError(text)
        ids = tuple(running[start : start + 32] for start in range(0, len(running), 32))
    except (ValueError, TypeError, binascii.Error, zlib.error) as error:
        raise BadRequestError("cursor must be one of an earlier answer.") from error
    return Cursor(start, end, ids, last_row)
