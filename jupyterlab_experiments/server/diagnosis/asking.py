"""Asks an http(s) server what it is: three small questions, bounded in time and bytes."""

from __future__ import annotations

import asyncio
import ssl

import httpx

from ..errors import LoginRefused
from ..login.logins import Login
from .failures import judge_failure
from .probe import Answer, Answers, Place, judge
from .verdict import Diagnosis

TIMEOUT_S = 10.0
_MOST_BYTES = 64 * 1024
_SEARCH = "/api/2.0/mlflow/experiments/search?max_results=1"
_VERSION = "/version"
_ALIAS = "/api/2.0/mlflow/registered-models/alias?name=-&alias=-"


async def diagnose_http(place: Place, login: Login, timeout_s: float = TIMEOUT_S) -> Diagnosis:
    """What an http(s) tracking server is; never raises for what the server does."""
    try:
        return judge(await asyncio.wait_for(_ask_all(place, login), timeout_s), place)
    except LoginRefused as error:
        return Diagnosis("login", str(error), "The administrator of this Jupyter server must look.")
    except _UnreadableError:
        return Diagnosis(
            "certificate",
            f"The certificates for {place.host} cannot be read.",
            "Look at MLFLOW_TRACKING_SERVER_CERT_PATH and MLFLOW_TRACKING_CLIENT_CERT_PATH.",
        )
    except (httpx.HTTPError, httpx.InvalidURL, OSError, ValueError, asyncio.TimeoutError) as error:
        return judge_failure(error, place)


class _UnreadableError(Exception):
    """A certificate of ours cannot be read."""


async def _ask_all(place: Place, login: Login) -> Answers:
    authorization = await login.authorization()
    headers = {"accept": "application/json", "accept-encoding": "identity"}
    if authorization:
        headers["authorization"] = authorization
    context = await asyncio.to_thread(_context, login)
    async with httpx.AsyncClient(verify=context, headers=headers, timeout=TIMEOUT_S) as client:
        search = await _ask(client, place.address + _SEARCH)
        if search.status >= 300 and search.status not in (404, 405):
            return Answers(search)
        version = await _ask(client, place.address + _VERSION)
        alias = None if version.status == 200 else await _ask(client, place.address + _ALIAS)
        return Answers(search, version, alias)


def _context(login: Login) -> ssl.SSLContext:
    try:
        return login.tls_context()
    except OSError as error:
        raise _UnreadableError from error


async def _ask(client: httpx.AsyncClient, url: str) -> Answer:
    content, is_whole = bytearray(), True
    async with client.stream("GET", url, follow_redirects=False) as response:
        async for chunk in response.aiter_raw(4096):
            content += chunk
            if len(content) >= _MOST_BYTES:
                is_whole = False
                break
    return Answer(response.status_code, dict(response.headers), bytes(content[:_MOST_BYTES]), is_whole)
