"""Questions of our own to a remote MLflow server, whose answers may be anything: they are bounded."""

from __future__ import annotations

import json
from typing import Any

import httpx

from ..errors import NotMlflow, UpstreamRefused, code_of_status
from .exchange import Exchange, Outgoing
from .headers import request_headers
from .target import Target

_MOST_BYTES = 16 * 1024 * 1024
_MOST_PROBED_BYTES = 64 * 1024
_LONGEST_MESSAGE = 2000


async def ask(exchange: Exchange, connection_id: str, target: Target) -> dict[str, Any]:
    """The JSON object that a GET answers. Raises UpstreamRefused or NotMlflow, and what `exchange` raises."""
    outgoing = Outgoing("GET", target, request_headers({}, has_body=False), None)
    async with exchange(connection_id, outgoing) as response:
        found = _decoded(await _read(response))
        if response.status_code != 200:
            raise _refusal(response.status_code, found or {})
    if found is None:
        raise NotMlflow("What answers at this address is not MLflow.")
    return found


async def beginning_of(client: httpx.AsyncClient, url: str, headers: dict[str, str]) -> httpx.Response:
    """What a GET answers, with the beginning of its body, however long that is. Raises httpx.HTTPError."""
    content = bytearray()
    async with client.stream("GET", url, headers=headers, follow_redirects=False) as response:
        async for chunk in response.aiter_raw():
            content += chunk
            if len(content) > _MOST_PROBED_BYTES:
                break
    kind = {"content-type": response.headers.get("content-type", "")}
    return httpx.Response(response.status_code, headers=kind, content=bytes(content))


def refusal_of(response: httpx.Response, message: str) -> UpstreamRefused:
    """An error page as an error of MLflow's form, with its status and its time for another try."""
    status = response.status_code
    error = UpstreamRefused(message, status, code_of_status(status))
    retry_after = response.headers.get("retry-after", "")
    error.retry_after_s = int(retry_after) if retry_after.isdecimal() else None
    return error


async def _read(response: httpx.Response) -> bytes:
    content = bytearray()
    try:
        async for chunk in response.aiter_bytes():
            content += chunk
            if len(content) > _MOST_BYTES:
                raise NotMlflow("The tracking server's answer has no end.")
    except httpx.HTTPError as error:
        raise UpstreamRefused(
            "The tracking server's answer was cut.", 502, "TEMPORARILY_UNAVAILABLE"
        ) from error
    return bytes(content)


def _decoded(content: bytes) -> dict[str, Any] | None:
    try:
        found = json.loads(content)
    # Brackets by the thousand exhaust the parser.
    except (ValueError, RecursionError):
        return None
    return found if isinstance(found, dict) else None


def _refusal(status: int, found: dict[str, Any]) -> UpstreamRefused:
    code, message = found.get("error_code"), found.get("message")
    return UpstreamRefused(
        message[:_LONGEST_MESSAGE] if isinstance(message, str) else f"The tracking server answered {status}.",
        status if status >= 400 else 502,
        code if isinstance(code, str) and code.isascii() else code_of_status(status),
    )
