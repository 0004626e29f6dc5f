"""Arrow tables and JSON → HTTP answers, compressed as the client offers."""

from __future__ import annotations

import json
import zlib
from collections.abc import AsyncIterator
from typing import Any

import pyarrow as pa
from starlette.requests import Request
from starlette.responses import Response, StreamingResponse

ARROW = "application/vnd.apache.arrow.stream"
_CHUNK_BYTES = 256 * 1024
_LEAST_BYTES = 1_024


def arrow_bytes(table: pa.Table) -> pa.Buffer:
    """An IPC stream of one record batch; its buffers are plain, since browsers have no codec for them."""
    sink = pa.BufferOutputStream()
    batches = table.combine_chunks().to_batches()
    with pa.ipc.new_stream(sink, table.schema) as writer:
        for batch in batches or [pa.RecordBatch.from_pylist([], schema=table.schema)]:
            writer.write_batch(batch)
    return sink.getvalue()


def encoded_response(request: Request, body: Any, media_type: str) -> Response:
    """The body, by zstd where it is offered, else by gzip, else plain."""
    encoding, packed = _compress(body, request.headers.get("accept-encoding", ""))
    headers = {"Vary": "Accept-Encoding", "Content-Length": str(len(packed)), "Cache-Control": "no-store"}
    if encoding:
        headers["Content-Encoding"] = encoding
    return StreamingResponse(_chunks(packed), media_type=media_type, headers=headers)


def json_response(request: Request, value: Any) -> Response:
    """JSON, compressed alike."""
    return encoded_response(request, json.dumps(value).encode(), "application/json")


def error_response(code: str, message: str, status: int) -> Response:
    """MLflow's error JSON."""
    body = json.dumps({"error_code": code, "message": message})
    return Response(body, status_code=status, media_type="application/json")


def offered_encodings(header: str) -> set[str]:
    """Names in Accept-Encoding that are not refused with q=0."""
    offered = set()
    for entry in header.split(","):
        name, _, quality = entry.partition(";")
        if quality.replace(" ", "") not in ("q=0", "q=0.0", "q=0.00", "q=0.000"):
            offered.add(name.strip().lower())
    return offered


def _compress(body: Any, header: str) -> tuple[str | None, memoryview]:
    plain = memoryview(body)
    offered = offered_encodings(header)
    if len(plain) < _LEAST_BYTES:
        return None, plain
    if "zstd" in offered and pa.Codec.is_available("zstd"):
        compressed = pa.Codec("zstd", compression_level=1).compress(body)
        # A view of the buffer shows all the room that was reserved for it.
        return "zstd", memoryview(compressed)[: compressed.size]
    if "gzip" in offered:
        packer = zlib.compressobj(1, zlib.DEFLATED, 31)
        return "gzip", memoryview(packer.compress(plain) + packer.flush())
    return None, plain


async def _chunks(body: memoryview) -> AsyncIterator[bytes]:
    for start in range(0, len(body), _CHUNK_BYTES):
        yield bytes(body[start : start + _CHUNK_BYTES])
