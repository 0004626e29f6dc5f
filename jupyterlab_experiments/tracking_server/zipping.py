"""A folder as a zip, made while it is sent."""

from __future__ import annotations

import os
import zipfile
from collections.abc import Iterator

from ..zipsink import ZipSink

_CHUNK_BYTES = 256 * 1024


def zip_of(folder: str) -> Iterator[bytes]:
    """Bytes of a zip of everything below a folder; links that leave it are left out."""
    sink = ZipSink()
    with zipfile.ZipFile(sink, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as archive:
        for path in _files(folder):
            entry = zipfile.ZipInfo.from_file(path, os.path.relpath(path, folder), strict_timestamps=False)
            for _ in packed(archive, entry, path):
                if part := sink.take():
                    yield part
    yield sink.take()


def packed(archive: zipfile.ZipFile, entry: zipfile.ZipInfo, path: str) -> Iterator[None]:
    """Adds a file to a zip; after each part of it the sink may be emptied."""
    entry.compress_type = zipfile.ZIP_DEFLATED
    with open(path, "rb") as source, archive.open(entry, "w", force_zip64=True) as target:
        while part := source.read(_CHUNK_BYTES):
            target.write(part)
            yield


def _files(folder: str) -> Iterator[str]:
    root = os.path.realpath(folder) + os.sep
    for here, folders, names in os.walk(folder):
        folders.sort()
        for name in sorted(names):
            path = os.path.join(here, name)
            if os.path.isfile(path) and os.path.realpath(path).startswith(root):
                yield path
