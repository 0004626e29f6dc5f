"""Who may ask: every route, every method."""

from __future__ import annotations

import json
from typing import Any

import pytest
from jupyter_server.auth import Authorizer
from tornado.httpclient import HTTPClientError

from .conftest import BASE, DEFAULT

ROUTES = [
    f"{BASE}/status",
    f"{BASE}/kernel-part",
    f"{BASE}/connections",
    *(f"{BASE}/connections/{name}" for name in ("test", "find", "add", "remove", "restore", "log")),
    *(f"{BASE}/connections/{name}" for name in ("maintain", "task")),
    f"{DEFAULT}/api/2.0/mlflow/experiments/search",
    f"{DEFAULT}/runs-table",
    f"{DEFAULT}/artifacts/abc/model.pkl",
    f"{DEFAULT}/no/such/route",
    f"{BASE}/no-such-route",
]
METHODS = ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE"]


@pytest.mark.parametrize("route", ROUTES)
async def test_every_method_of_every_route_refuses_whoever_has_no_token(jp_fetch: Any, route: str) -> None:
    for method in METHODS:
        with pytest.raises(HTTPClientError) as refusal:
            await jp_fetch(
                route,
                method=method,
                headers={"Authorization": "token wrong"},
                allow_nonstandard_methods=True,
                follow_redirects=False,
            )
        assert refusal.value.code == 403, (method, route)


def test_every_handler_of_the_extension_is_one_that_checks(extension: Any) -> None:
    from jupyterlab_experiments.server.base import ExperimentsHandler

    handlers = [entry[1] for entry in extension.handlers]
    assert len(handlers) > 5
    assert all(issubclass(handler, ExperimentsHandler) for handler in handlers)


async def test_errors_are_mlflows_json(jp_fetch: Any) -> None:
    with pytest.raises(HTTPClientError) as refusal:
        await jp_fetch(f"{BASE}/connections/none/api/2.0/mlflow/runs/get")
    assert refusal.value.code == 404
    assert json.loads(refusal.value.response.body) == {
        "error_code": "RESOURCE_DOES_NOT_EXIST",
        "message": "There is no connection “none”.",
    }


class ReadOnly(Authorizer):
    """Allows reading experiments and nothing else."""

    def is_authorized(self, handler: Any, user: Any, action: str, resource: str) -> bool:
        return (action, resource) == ("read", "experiments")


class TestReader:
    @pytest.fixture
    def jp_server_config(self, jp_server_config: dict[str, Any]) -> dict[str, Any]:
        jp_server_config["ServerApp"]["authorizer_class"] = ReadOnly
        return jp_server_config

    async def test_a_reader_may_search_but_not_create(self, jp_fetch: Any, extension: Any) -> None:
        answered = []
        extension.services.gateway.exchange = lambda connection_id, outgoing: _Answer(answered, outgoing)
        for path in (
            "api/2.0/mlflow/runs/search",
            "api/2.0/mlflow/registered-models/get-latest-versions",
            "runs-table",
            "keys",
            "metric-history",
        ):
            await jp_fetch(f"{DEFAULT}/{path}", method="POST", body="{}")
        assert len(answered) == 5
        for path in (
            "api/2.0/mlflow/runs/create",
            "api/2.0/mlflow/runs/log-batch",
            "artifacts/abc/f",
            "v1/traces",
        ):
            with pytest.raises(HTTPClientError) as refusal:
                await jp_fetch(f"{DEFAULT}/{path}", method="POST", body="{}")
            assert refusal.value.code == 403, path


class _Answer:
    def __init__(self, answered: list[Any], outgoing: Any) -> None:
        self.answered, self.outgoing = answered, outgoing

    async def __aenter__(self) -> Any:
        import httpx

        self.answered.append(self.outgoing.target.path)
        return httpx.Response(200, stream=httpx.ByteStream(b"{}"))

    async def __aexit__(self, *_: Any) -> None:
        return None


class TestKernelToken:
    async def test_it_opens_mlflows_routes_and_nothing_else(self, jp_fetch: Any, extension: Any) -> None:
        answered: list[str] = []
        extension.services.gateway.exchange = lambda connection_id, outgoing: _Answer(answered, outgoing)
        token = extension.services.kernel_token
        for scheme in ("token", "Bearer"):
            await jp_fetch(
                f"{DEFAULT}/api/2.0/mlflow/runs/create",
                method="POST",
                body="{}",
                headers={"Authorization": f"{scheme} {token}"},
            )
        assert len(answered) == 2
        for path in ("/status", "/kernel-part", "/connections", "/connections/default/runs-table"):
            with pytest.raises(HTTPClientError) as refusal:
                await jp_fetch(f"{BASE}{path}", headers={"Authorization": f"token {token}"})
            assert refusal.value.code == 403
        with pytest.raises(HTTPClientError) as refusal:
            await jp_fetch("api/contents", headers={"Authorization": f"token {token}"})
        assert refusal.value.code == 403


class TestCookie:
    async def test_a_cookie_without_the_xsrf_header_changes_nothing(
        self, jp_fetch: Any, http_server_client: Any, jp_base_url: str
    ) -> None:
        login = await jp_fetch("api/me")
        cookies = "; ".join(cookie.split(";")[0] for cookie in login.headers.get_list("Set-Cookie"))
        url = f"{jp_base_url}{DEFAULT}/api/2.0/mlflow/runs/create"
        with pytest.raises(HTTPClientError) as refusal:
            await http_server_client.fetch(url, method="POST", body="{}", headers={"Cookie": cookies})
        assert refusal.value.code == 403
        for headers in ({"Referer": "https://elsewhere.example/"}, {}):
            with pytest.raises(HTTPClientError) as refusal:
                await http_server_client.fetch(
                    f"{jp_base_url}{DEFAULT}/version", headers={"Cookie": cookies, **headers}
                )
            assert refusal.value.code == 403
