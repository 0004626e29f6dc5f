"""Servers that answer as they should not."""

from __future__ import annotations

import asyncio
import json
import resource
from collections.abc import AsyncIterator
from typing import Any

import httpx
import pytest
import pytest_asyncio

from .conftest import BASE
from .hostile import ENDLESS, GET, PASSWORD, Hostile, listening, still_works


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


async def state(fetch_json: Any) -> Any:
    status = await fetch_json(f"{BASE}/status")
    return next(connection for connection in status["connections"] if connection["id"] == "far")


async def until_state(fetch_json: Any, name: str) -> None:
    while (await state(fetch_json))["state"] != name:
        continue


async def test_servers_that_are_busy_or_broken_are_quoted(
    client: Any, hostile: Hostile, fetch_json: Any
) -> None:
    await still_works(client, hostile)
    for status, more in ((429, "Retry-After: 7\r\n"), (500, ""), (503, "Retry-After: 9\r\n")):
        head = f"HTTP/1.1 {status} No\r\nContent-Type: application/json\r\n{more}"
        hostile.reply = hostile.say(f"{head}Content-Length: 2\r\n\r\n{{}}".encode())
        answer = await client.get(GET)
        assert answer.status_code == status
        if status == 429:
            assert (await state(fetch_json))["state"] == "ready"
        assert f"retry-after: {answer.headers.get('retry-after')}\r\n" in more.lower() or not more
    await still_works(client, hostile)


async def test_servers_that_answer_with_a_page_are_not_mlflow(
    client: Any, hostile: Hostile, fetch_json: Any
) -> None:
    hostile.reply = hostile.say(
        b"HTTP/1.1 200 OK\r\nContent-Type: text/html; charset=utf-8\r\nContent-Length: 12\r\n\r\n<p>login</p>"
    )
    answer = await client.get(GET)
    assert (answer.status_code, answer.json()["error_code"]) == (400, "BAD_REQUEST")
    assert "not MLflow" in answer.json()["message"]
    told = await state(fetch_json)
    assert told["state"] == "unavailable" and "not MLflow" in told["message"]
    await still_works(client, hostile)
    assert (await state(fetch_json))["state"] == "ready"


async def test_servers_that_are_away_behind_a_proxy_with_a_page_for_people(
    client: Any, hostile: Hostile, fetch_json: Any
) -> None:
    hostile.reply = hostile.say(
        b"HTTP/1.1 503 No\r\nContent-Type: text/html\r\nRetry-After: 5\r\nContent-Length: 3\r\n\r\n<p>"
    )
    answer = await client.get(GET)
    assert (answer.status_code, answer.headers["retry-after"]) == (503, "5")
    assert answer.json()["message"].endswith("answered 503.")
    await until_state(fetch_json, "unavailable")


async def test_servers_whose_body_has_no_end_are_left_with_the_client(client: Any, hostile: Hostile) -> None:
    hostile.reply = hostile.repeat(b"10000\r\n" + b"x" * 0x10000 + b"\r\n", ENDLESS)
    before_kb = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    received = 0
    async with client.stream("GET", GET) as answer:
        async for chunk in answer.aiter_raw():
            received += len(chunk)
            if received > 50_000_000:
                break
    await asyncio.wait_for(hostile.is_left.wait(), 10)
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before_kb < 20_000
    await still_works(client, hostile)


async def test_servers_whose_list_of_artifacts_has_no_end_are_given_up(client: Any, hostile: Hostile) -> None:
    hostile.reply = hostile.repeat(b"10000\r\n" + b" " * 0x10000 + b"\r\n", ENDLESS)
    answer = await client.get("/artifacts/abc/model")
    assert (answer.status_code, answer.json()["error_code"]) == (400, "BAD_REQUEST")
    await asyncio.wait_for(hostile.is_left.wait(), 10)


async def test_servers_whose_folders_hold_themselves_are_given_up(client: Any, hostile: Hostile) -> None:
    async def reply(writer: asyncio.StreamWriter) -> None:
        folder = httpx.URL(hostile.seen[-1].split(" ")[1]).params.get("path", "")
        files = [{"path": f"{folder}/d".strip("/"), "is_dir": True}]
        files += [{"path": path, "is_dir": False} for path in ("../x", "/etc/passwd", "d/../../x", "")]
        body = json.dumps({"files": files, "run": {"info": {"artifact_uri": "/a"}}}).encode()
        head = f"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: {len(body)}\r\n\r\n"
        writer.write(head.encode() + body)

    hostile.reply = reply
    with pytest.raises(httpx.RemoteProtocolError):
        await client.get("/artifacts/abc/d/")
    assert len(hostile.seen) < 100
    assert not any("get-artifact" in request for request in hostile.seen)


async def test_servers_whose_headers_have_no_end_are_given_up(client: Any, hostile: Hostile) -> None:
    hostile.reply = hostile.repeat(b"X-More: " + b"x" * 1000 + b"\r\n", b"HTTP/1.1 200 OK\r\n")
    answer = await client.post(GET, json={})
    assert (answer.status_code, answer.json()["error_code"]) == (502, "TEMPORARILY_UNAVAILABLE")
    await still_works(client, hostile)


async def test_servers_that_drip_their_headers_or_hang_are_left_in_bounded_time(
    client: Any, hostile: Hostile
) -> None:
    for reply in (hostile.hang, hostile.repeat(b"X", b"HTTP/1.1 200 OK\r\nX-Slow: ", 0.05)):
        hostile.reply = reply
        hostile.is_left.clear()
        answer = await client.get(GET)
        assert (answer.status_code, answer.json()["error_code"]) == (502, "TEMPORARILY_UNAVAILABLE")
        await asyncio.wait_for(hostile.is_left.wait(), 10)
    await still_works(client, hostile)


async def test_servers_that_drip_their_body_hold_up_nobody_else(client: Any, hostile: Hostile) -> None:
    hostile.reply = hostile.repeat(b"1\r\nx\r\n", ENDLESS, 0.01)
    async with client.stream("GET", GET) as answer:
        chunks = answer.aiter_raw()
        assert (await anext(chunks)).startswith(b"x")
        await still_works(client, hostile)
        assert (await anext(chunks)).startswith(b"x")


@pytest.mark.parametrize("path", [GET, "/artifacts/abc/f", "/artifacts/abc/"])
@pytest.mark.parametrize("status", [301, 302, 307, 308])
async def test_servers_that_redirect_get_no_credentials_sent_elsewhere(
    client: Any, hostile: Hostile, path: str, status: int
) -> None:
    second = Hostile()
    async with listening(second) as port:
        head = f"HTTP/1.1 {status} Moved\r\nLocation: http://127.0.0.1:{port}/x\r\n"
        hostile.reply = hostile.say(f"{head}Content-Length: 0\r\n\r\n".encode())
        answer = await client.get(path)
        assert (answer.status_code, answer.json()["error_code"]) == (400, "BAD_REQUEST")
        assert str(port) not in answer.text and "location" not in answer.headers
        assert second.seen == []
    await still_works(client, hostile)


@pytest.mark.parametrize(
    "cut",
    [
        b"Content-Length: 100\r\n\r\nhalf",
        b"Transfer-Encoding: chunked\r\n\r\n4\r\nhalf\r\n",
        b"Transfer-Encoding: chunked\r\n\r\n64\r\nhalf",
    ],
)
async def test_servers_that_cut_their_answer_do_not_look_whole(
    client: Any, hostile: Hostile, cut: bytes
) -> None:
    hostile.reply = hostile.say(b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n" + cut)
    for _ in range(3):
        with pytest.raises(httpx.RemoteProtocolError):
            await client.get(GET)
    await still_works(client, hostile)


async def test_servers_that_are_anything_tell_no_secret(
    client: Any, hostile: Hostile, fetch_json: Any, caplog: Any
) -> None:
    for answer in (
        b"",
        b"\0" * 1000,
        b"HTTP/1.1 999\r\n\r\n",
        b"HTTP/1.1 401 No\r\nContent-Length: 0\r\n\r\n",
    ):
        hostile.reply = hostile.say(answer)
        for path in (GET, "/artifacts/abc/f"):
            refused = await client.get(path)
            assert 400 <= refused.status_code < 600
            assert PASSWORD not in refused.text + str(refused.headers)
    assert PASSWORD not in json.dumps(await state(fetch_json))
    assert PASSWORD not in caplog.text
