"""Files of an MLflow server as a zip, each fetched and sent on while the zip is made."""

from __future__ import annotations

import asyncio
import time
import zipfile
from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager

from ...zipsink import ZipSink

Opening = AbstractAsyncContextManager[AsyncIterator[bytes]]


async def zip_of(
    names: AsyncIterator[tuple[str, str]], fetch: Callable[[str], Opening]
) -> AsyncIterator[bytes]:
    """Bytes of a zip of files, given as (name in the zip, path to fetch)."""
    sink = ZipSink()
    with zipfile.ZipFile(sink, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as archive:
        async for name, path in names:
            entry = zipfile.ZipInfo(name, time.localtime()[:6])
            entry.compress_type = zipfile.ZIP_DEFLATED
            async with fetch(path) as chunks:
                with archive.open(entry, "w", force_zip64=True) as target:
                    async for chunk in chunks:
                        # In a thread: packing is the one thing here that takes the processor.
                        await asyncio.to_thread(target.write, chunk)
                        if packed := sink.take():
                            yield packed
    yield sink.take()
