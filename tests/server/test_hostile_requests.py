"""Requests that nobody should send."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncIterator, Callable
from pathlib import Path
from typing import Any

import httpx
import pytest
import pytest_asyncio

from .conftest import BASE, DEFAULT, until
from .hostile import GET, PASSWORD, Hostile, listening, still_works

LEAKS = (b"root:", PASSWORD.encode(), b"Traceback", b"site-packages", b"mlflow.db")
HEAD = "Host: 127.0.0.1\r\nConnection: close\r\n"


@pytest_asyncio.fixture
async def hostile() -> Hostile:
    return Hostile()


@pytest_asyncio.fixture
async def hostile_port(hostile: Hostile) -> AsyncIterator[int]:
    async with listening(hostile) as port:
        yield port


@pytest.fixture
def experiments_config(hostile_port: int) -> dict[str, Any]:
    return {
        "connections": {"far": {"tracking_uri": f"http://ana:{PASSWORD}@127.0.0.1:{hostile_port}"}},
        "request_timeout": 1.0,
        "max_body_bytes": 100_000,
    }


@pytest_asyncio.fixture
async def client(
    http_server_client: Any, jp_auth_header: dict[str, str], jp_base_url: str
) -> AsyncIterator[httpx.AsyncClient]:
    address = http_server_client.get_url(f"{jp_base_url}{BASE}/connections/far")
    async with httpx.AsyncClient(base_url=address, headers=jp_auth_header, timeout=30) as client:
        yield client


@pytest.fixture
def send(
    http_server_client: Any, http_server_port: Any, jp_auth_header: dict[str, str], jp_base_url: str
) -> Any:
    """Sends bytes as they are, and gives what comes back until the connection is closed."""
    token = f"Authorization: {jp_auth_header['Authorization']}\r\n"

    async def send(request: str, body: bytes = b"", with_token: bool = True) -> bytes:
        reader, writer = await asyncio.open_connection("127.0.0.1", http_server_port[1])
        line, _, rest = request.replace("BASE", jp_base_url.rstrip("/")).partition("\r\n")
        head = f"{line}\r\n{HEAD}{token if with_token else ''}{rest}\r\n"
        with contextlib.suppress(ConnectionError):
            writer.write(head.encode("latin-1") + body)
            await writer.drain()
        answer = b""
        with contextlib.suppress(ConnectionError):
            answer = await asyncio.wait_for(reader.read(), 20)
        writer.close()
        return answer

    return send


@pytest.fixture
def nothing_happened(extension: Any, jp_root_dir: Path, hostile: Hostile) -> Callable[[], None]:
    """Fails when a tracking server runs, a file was made or another server was asked."""

    def check() -> None:
        upstream = extension.services.gateway.upstream("default")
        assert upstream._child.pid is None and upstream.state.name == "absent"
        assert list(jp_root_dir.iterdir()) == []
        assert hostile.seen == []

    return check


async def test_requests_in_their_right_form_are_answered(send: Any, hostile: Hostile) -> None:
    answer = await send(f"GET BASE/{BASE}/connections/far{GET} HTTP/1.1\r\n")
    assert answer.startswith(b"HTTP/1.1 200") and answer.endswith(b"{}"), answer
    assert len(hostile.seen) == 1


@pytest.mark.parametrize("connection", ["default", "far"])
@pytest.mark.parametrize(
    "target",
    [
        f"/{GET}",
        "/../../etc/passwd",
        "/api/2.0/mlflow/../../../etc/passwd",
        "/api/2.0/mlflow/%2e%2e/%2e%2e/etc/passwd",
        "/api/2.0/mlflow/%252e%252e/etc/passwd",
        "/api/2.0/mlflow/..%2f..%2fetc/passwd",
        "/api/2.0/mlflow/runs/get?run_id=..%2F..%2Fetc%2Fpasswd",
        "/api/2.0/mlflow-artifacts/artifacts//etc/passwd",
        "/artifacts/abc/../x",
        "/artifacts/abc/%2e%2e/x",
        "/artifacts/abc/%2Fetc/passwd",
        "/artifacts/abc//etc/passwd",
        "/artifacts/abc/a%00b",
        "/artifacts/%00/x",
        "/artifacts/..%5C..%5Cx/y",
        "/artifacts/not%20an%20id/x",
        "/artifacts/models/%2e%2e/x",
        "//evil.example/x",
        "/http://evil.example/x",
        "/api/2.0/other",
        "/get-artifact?path=..%2Fx",
    ],
)
async def test_requests_for_no_path_of_ours_are_refused_and_start_nothing(
    send: Any, nothing_happened: Any, connection: str, target: str
) -> None:
    for method in ("GET", "PUT", "DELETE"):
        answer = await send(f"{method} BASE/{BASE}/connections/{connection}{target} HTTP/1.1\r\n")
        assert answer.split(b" ")[1][:1] == b"4", answer[:200]
        assert not any(word in answer for word in LEAKS), answer
    nothing_happened()


@pytest.mark.parametrize(
    "line",
    [
        f"GET //evil.example/{DEFAULT}{GET} HTTP/1.1",
        f"GET http://evil.example/BASE/{DEFAULT}{GET} HTTP/1.1",
        f"GET BASE/{BASE}/connections/..%2Fdefault{GET} HTTP/1.1",
        f"GET BASE/{BASE}/connections/no-such{GET} HTTP/1.1",
        f"TRACE BASE/{DEFAULT}{GET} HTTP/1.1",
        "CONNECT 127.0.0.1:1 HTTP/1.1",
        "nonsense",
    ],
)
async def test_requests_in_an_odd_form_are_refused(send: Any, nothing_happened: Any, line: str) -> None:
    answer = await send(f"{line}\r\n")
    assert answer == b"" or answer.split(b" ")[1][:1] in (b"4", b"5"), answer[:200]
    nothing_happened()


async def test_requests_without_a_good_token_are_refused_before_their_body_is_read(
    send: Any, nothing_happened: Any
) -> None:
    line = f"POST BASE/{DEFAULT}/api/2.0/mlflow/runs/create HTTP/1.1\r\nContent-Length: 99999\r\n"
    for wrong in (
        "",
        "Authorization: token wrong\r\n",
        "Authorization: Bearer \xff\r\n",
        "Cookie: a=b\r\n",
    ):
        answer = await send(line + wrong, with_token=False)
        assert answer.startswith(b"HTTP/1.1 403"), answer[:100]
    nothing_happened()


async def test_requests_with_a_megabyte_of_headers_are_closed(send: Any, nothing_happened: Any) -> None:
    line = f"GET BASE/{DEFAULT}{GET} HTTP/1.1\r\n"
    for headers in (f"X: {'x' * 1_000_000}\r\n", "X: y\r\n" * 200_000):
        answer = await send(line + headers)
        assert answer == b"" or answer.startswith(b"HTTP/1.1 4")
    nothing_happened()


async def test_requests_with_a_body_over_the_limit_are_refused(send: Any, nothing_happened: Any) -> None:
    line = f"POST BASE/{DEFAULT}/api/2.0/mlflow/runs/create HTTP/1.1\r\n"
    told = await send(f"{line}Content-Length: 100001\r\n", b"x" * 1000)
    assert told.startswith(b"HTTP/1.1 413") and b"100000 bytes" in told
    nothing_happened()


@pytest.fixture
def begin(http_server_client: Any, http_server_port: Any, jp_auth_header: Any, jp_base_url: str) -> Any:
    """Begins a request with a body, and gives the connection."""

    async def begin(header: str) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
        path = f"{jp_base_url}{BASE}/connections/far/api/2.0/mlflow/runs/create"
        reader, writer = await asyncio.open_connection("127.0.0.1", http_server_port[1])
        token = f"Authorization: {jp_auth_header['Authorization']}\r\n"
        writer.write(f"POST {path} HTTP/1.1\r\n{HEAD}{token}{header}\r\n\r\n".encode())
        return reader, writer

    return begin


async def test_requests_whose_client_leaves_in_the_middle_of_the_body_are_dropped(
    begin: Any, hostile: Hostile
) -> None:
    hostile.reply = hostile.hang
    _, writer = await begin("Content-Length: 5000")
    writer.write(b"half")
    await until(lambda: hostile.seen)
    writer.close()
    await until(hostile.is_left.is_set)


async def test_requests_whose_body_goes_on_are_cut_at_the_limit(
    begin: Any, hostile: Hostile, client: Any
) -> None:
    hostile.reply = hostile.hang
    reader, writer = await begin("Transfer-Encoding: chunked")
    chunk = b"4000\r\n" + b"x" * 0x4000 + b"\r\n"
    writer.write(chunk)
    await until(lambda: hostile.seen)
    writer.write(chunk * 20)
    with contextlib.suppress(ConnectionError):
        assert await asyncio.wait_for(reader.read(), 10) == b""
    writer.close()
    await until(hostile.is_left.is_set)
    await still_works(client, hostile)
