"""Where a zip is written that is sent while it is made."""

from __future__ import annotations

import io


class ZipSink(io.RawIOBase):
    """Holds what was written until it is taken; a zip written to it cannot seek."""

    def __init__(self) -> None:
        self._parts: list[bytes] = []

    def writable(self) -> bool:
        """It is for writing only."""
        return True

    def write(self, data: object) -> int:
        """Keep a part."""
        part = bytes(data)  # type: ignore[call-overload]
        self._parts.append(part)
        return len(part)

    def take(self) -> bytes:
        """All that was written since the last call."""
        taken = b"".join(self._parts)
        self._parts.clear()
        return taken
