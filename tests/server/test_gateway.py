"""What passes through the gateway, in either direction, seen from a plain HTTP server behind it."""

from __future__ import annotations

import asyncio
import json
import resource
from collections.abc import AsyncIterator
from typing import Any
from urllib.parse import quote

import httpx
import pytest
import pytest_asyncio

from .conftest import BASE, chunks_of, until


class Behind:
    """An HTTP/1.1 server that notes what it was asked and answers as it is told."""

    def __init__(self) -> None:
        self.seen: list[tuple[str, dict[str, str], int]] = []
        self.answer = b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n{}"
        self.more: AsyncIterator[bytes] | None = None
        self.is_left = asyncio.Event()

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1").split("\r\n")
        headers = dict(line.lower().split(": ", 1) for line in head[1:] if line)
        self.seen.append((head[0], headers, await self._drain(reader, headers)))
        writer.write(self.answer)
        try:
            if self.more is not None:
                async for chunk in self.more:
                    writer.write(chunk)
                    await writer.drain()
        except ConnectionError:
            self.is_left.set()
        writer.close()

    async def _drain(self, reader: asyncio.StreamReader, headers: dict[str, str]) -> int:
        left = total = int(headers.get("content-length", 0))
        while left > 0:
            left -= len(await reader.read(min(left, 1 << 16)))
        return total


@pytest_asyncio.fixture
async def behind() -> AsyncIterator[Behind]:
    yield Behind()


@pytest_asyncio.fixture
async def behind_port(behind: Behind) -> AsyncIterator[int]:
    server = await asyncio.start_server(behind.serve, "127.0.0.1", 0)
    yield server.sockets[0].getsockname()[1]
    server.close()


@pytest.fixture
def experiments_config(behind_port: int) -> dict[str, Any]:
    return {"connections": {"far": {"tracking_uri": f"http://ana:s3cret@127.0.0.1:{behind_port}/team"}}}


@pytest_asyncio.fixture
async def client(
    http_server_client: Any, jp_auth_header: dict[str, str], jp_base_url: str
) -> AsyncIterator[Any]:
    address = http_server_client.get_url(f"{jp_base_url}{BASE}/connections/far")
    async with httpx.AsyncClient(base_url=address, headers=jp_auth_header, timeout=60) as client:
        yield client


async def test_neither_token_nor_cookie_nor_origin_reaches_the_server_behind(
    client: Any, behind: Behind
) -> None:
    await client.post(
        "/api/2.0/mlflow/runs/create?x=1&token=&no_track_activity=1",
        content=b"{}",
        headers={
            "Cookie": "a=b",
            "Origin": str(client.base_url),
            "Referer": "http://x/",
            "X-XSRFToken": "x",
            "Content-Type": "application/json",
            "X-MLflow-Workspace": "w",
            "X-Forwarded-For": "1.2.3.4",
        },
    )
    line, headers, body_bytes = behind.seen[0]
    assert line == "POST /team/api/2.0/mlflow/runs/create?x=1 HTTP/1.1"
    assert headers.pop("authorization").startswith("basic ")
    assert headers.pop("host").startswith("127.0.0.1:")
    assert set(headers) <= {
        "accept",
        "accept-encoding",
        "connection",
        "content-length",
        "content-type",
        "user-agent",
        "x-mlflow-workspace",
    }
    assert body_bytes == 2


async def test_no_cookie_redirect_or_password_dialog_comes_back(client: Any, behind: Behind) -> None:
    behind.answer = (
        b"HTTP/1.1 200 OK\r\nServer: secret\r\nSet-Cookie: a=b\r\nLocation: http://behind/\r\n"
        b'WWW-Authenticate: Basic\r\nContent-Type: text/html\r\nETag: "e"\r\nContent-Length: 2\r\n\r\n{}'
    )
    answer = await client.get("/api/2.0/mlflow-artifacts/artifacts/1/report.html")
    assert answer.headers["etag"] == '"e"'
    assert answer.headers["content-type"] == "text/html"
    assert "sandbox" in answer.headers["content-security-policy"]
    assert not {"location", "www-authenticate"} & set(answer.headers)
    assert "a=b" not in answer.headers.get("set-cookie", "")
    assert answer.headers["server"] != "secret"


async def test_a_redirect_is_an_error_and_is_not_followed(client: Any, behind: Behind) -> None:
    behind.answer = b"HTTP/1.1 302 Found\r\nLocation: http://127.0.0.1:1/\r\nContent-Length: 0\r\n\r\n"
    answer = await client.get("/api/2.0/mlflow/runs/get")
    assert (answer.status_code, answer.json()["error_code"]) == (400, "BAD_REQUEST")
    assert "location" not in answer.headers


async def test_a_refused_login_says_what_to_set_and_is_the_connections_state(
    client: Any, behind: Behind, fetch_json: Any
) -> None:
    behind.answer = b"HTTP/1.1 401 Unauthorized\r\nWWW-Authenticate: Basic\r\nContent-Length: 0\r\n\r\n"
    answer = await client.get("/api/2.0/mlflow/runs/get")
    assert answer.status_code == 401
    assert "MLFLOW_TRACKING_USERNAME" in answer.json()["message"]
    status = await fetch_json(f"{BASE}/status")
    far = next(connection for connection in status["connections"] if connection["id"] == "far")
    assert far["state"] == "refused"
    assert "s3cret" not in json.dumps(status)


@pytest.mark.parametrize(
    "name", ["a b", "ü", "日本", "a%b", "a%2Fb", "a;b", "a+&=b", "'\"", "x" * 200, "a\\b"]
)
async def test_any_name_arrives_as_it_was_sent(
    name: str, behind: Behind, client: Any, http_server_client: Any
) -> None:
    path = f"/api/2.0/mlflow-artifacts/artifacts/1/{quote(name, safe=chr(0x3B))}"
    url = httpx.URL(str(client.base_url))
    target = url.raw_path.rstrip(b"/") + path.encode()
    request = client.build_request("GET", url, extensions={"target": target})
    assert (await client.send(request)).status_code == 200
    assert behind.seen[0][0] == f"GET /team{path} HTTP/1.1"


async def test_fifty_megabytes_pass_both_ways_in_little_memory(client: Any, behind: Behind) -> None:
    total = 50_000_000
    behind.answer = f"HTTP/1.1 200 OK\r\nContent-Length: {total}\r\n\r\n".encode()
    behind.more = chunks_of(total)
    before_kb = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    async with client.stream(
        "PUT",
        "/api/2.0/mlflow-artifacts/artifacts/1/big",
        content=chunks_of(total),
        headers={"Content-Length": str(total)},
    ) as answer:
        received = 0
        async for chunk in answer.aiter_raw(1 << 16):
            received += len(chunk)
    assert received == total
    assert behind.seen[0][2] == total
    # Client, gateway and server share this process.
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before_kb < 20_000


async def test_an_answer_that_is_cut_does_not_look_whole(client: Any, behind: Behind) -> None:
    behind.answer = b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n"
    with pytest.raises(httpx.RemoteProtocolError):
        await client.get("/api/2.0/mlflow/runs/get")


async def test_when_the_client_leaves_the_server_behind_is_left_too(client: Any, behind: Behind) -> None:
    behind.answer = b"HTTP/1.1 200 OK\r\nContent-Length: 1000000000\r\n\r\n"
    behind.more = chunks_of(1_000_000_000)
    async with client.stream("GET", "/api/2.0/mlflow-artifacts/artifacts/1/big") as answer:
        await anext(answer.aiter_raw())
    await until(behind.is_left.is_set)


async def test_a_server_that_is_not_there_is_unavailable(client: Any, behind: Behind, extension: Any) -> None:
    extension.services.gateway.upstream("far")._address = "http://127.0.0.1:9"
    answer = await client.post("/api/2.0/mlflow/runs/create", json={})
    assert (answer.status_code, answer.json()["error_code"]) == (503, "TEMPORARILY_UNAVAILABLE")


async def test_columns_of_a_remote_server_are_answered_after_one_look_at_it(
    client: Any, behind: Behind
) -> None:
    behind.answer = b"HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\n\r\n"
    for _ in range(3):
        answer = await client.post("/runs-table", json={})
        assert (answer.status_code, answer.json()["error_code"]) == (404, "ENDPOINT_NOT_FOUND")
    assert [line for line, _, _ in behind.seen] == ["GET /team/jupyterlab-experiments/info HTTP/1.1"]


async def test_columns_go_to_a_server_that_says_it_has_them(client: Any, behind: Behind) -> None:
    info = b'{"package": "jupyterlab-experiments", "protocol": 1}'
    behind.answer = b"HTTP/1.1 200 OK\r\nContent-Length: %d\r\n\r\n%s" % (len(info), info)
    assert (await client.post("/runs-table", json={})).content == info
    line, headers, _ = behind.seen[1]
    assert line == "POST /team/jupyterlab-experiments/runs-table HTTP/1.1"
    assert headers["authorization"].startswith("basic ")


async def test_a_poll_that_asks_not_to_count_does_not_keep_the_server_alive(
    client: Any, behind: Behind, jp_serverapp: Any
) -> None:
    settings = jp_serverapp.web_app.settings
    settings.pop("api_last_activity", None)
    await client.get("/api/2.0/mlflow/runs/get?no_track_activity=1")
    assert "api_last_activity" not in settings
    await client.get("/api/2.0/mlflow/runs/get")
    assert "api_last_activity" in settings
