"""A folder as a zip, made while it is sent."""

from __future__ import annotations

import io
import os
import zipfile
from collections.abc import Iterator

_CHUNK_BYTES = 256 * 1024


class _Sink(io.RawIOBase):
    """Holds what was written until it is taken; a zip written to it cannot seek."""

    def __init__(self) -> None:
        self._parts: list[bytes] = []

    def writable(self) -> bool:
        return True

    def write(self, data: object) -> int:
        part = bytes(data)  # type: ignore[call-overload]
        self._parts.append(part)
        return len(part)

    def take(self) -> bytes:
        taken = b"".join(self._parts)
        self._parts.clear()
        return taken


def zip_of(folder: str) -> Iterator[bytes]:
    """Bytes of a zip of everything below a folder; links that leave it are left out."""
    sink = _Sink()
    with zipfile.ZipFile(sink, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as archive:
        for path in _files(folder):
            entry = zipfile.ZipInfo.from_file(path, os.path.relpath(path, folder), strict_timestamps=False)
            entry.compress_type = zipfile.ZIP_DEFLATED
            with open(path, "rb") as source, archive.open(entry, "w", force_zip64=True) as target:
                while part := source.read(_CHUNK_BYTES):
                    target.write(part)
                    if packed := sink.take():
                        yield packed
    yield sink.take()


def _files(folder: str) -> Iterator[str]:
    root = os.path.realpath(folder) + os.sep
    for here, folders, names in os.walk(folder):
        folders.sort()
        for name in sorted(names):
            path = os.path.join(here, name)
            if os.path.isfile(path) and os.path.realpath(path).startswith(root):
                yield path
