"""A Jupyter server with the extension, in the test's own loop."""

from __future__ import annotations

import asyncio
import json
import time
from collections.abc import AsyncIterator, Callable
from typing import Any

import pytest
import pytest_asyncio
from jupyter_server.serverapp import ServerApp

# Not as a plugin: its automatic fixtures would make a server for each test of the other folders.
from pytest_jupyter.jupyter_core import (  # noqa: F401
    echo_kernel_spec,
    jp_config_dir,
    jp_data_dir,
    jp_env_config_path,
    jp_env_jupyter_path,
    jp_environ,
    jp_home_dir,
    jp_kernel_dir,
    jp_runtime_dir,
    jp_system_config_path,
    jp_system_jupyter_path,
)
from pytest_jupyter.jupyter_server import (  # noqa: F401
    jp_argv,
    jp_auth_header,
    jp_base_url,
    jp_configurable_serverapp,
    jp_extension_environ,
    jp_fetch,
    jp_http_port,
    jp_logging_stream,
    jp_nbconvert_templates,
    jp_root_dir,
    jp_server_cleanup,
    jp_serverapp,
    jp_web_app,
    jp_ws_fetch,
)
from pytest_jupyter.pytest_tornasync import http_server, http_server_client, http_server_port  # noqa: F401

from jupyterlab_experiments.server.app import ExperimentsApp

BASE = "jupyterlab-experiments"
DEFAULT = f"{BASE}/connections/default"


@pytest_asyncio.fixture
async def _running_loop() -> asyncio.AbstractEventLoop:
    return asyncio.get_running_loop()


@pytest.fixture
def jp_asyncio_loop(_running_loop: asyncio.AbstractEventLoop) -> asyncio.AbstractEventLoop:
    """The loop that the test itself runs in."""
    return _running_loop


@pytest.fixture
def experiments_config() -> dict[str, Any]:
    """Traits of the extension; tests override it."""
    return {}


@pytest.fixture
def jp_server_config(experiments_config: dict[str, Any], monkeypatch: pytest.MonkeyPatch) -> dict[str, Any]:
    for name in (
        "MLFLOW_TRACKING_URI",
        "MLFLOW_REGISTRY_URI",
        "MLFLOW_TRACKING_USERNAME",
        "MLFLOW_TRACKING_PASSWORD",
        "MLFLOW_TRACKING_TOKEN",
    ):
        monkeypatch.delenv(name, raising=False)
    return {
        "ServerApp": {
            "jpserver_extensions": {"jupyterlab_experiments": True, "jupyter_server_terminals": False},
            "allow_unauthenticated_access": False,
        },
        "ExperimentsApp": experiments_config,
    }


@pytest.fixture
def extension(jp_serverapp: ServerApp) -> ExperimentsApp:  # noqa: F811 - the fixture imported above
    return jp_serverapp.extension_manager.extension_points["jupyterlab_experiments"].app


@pytest.fixture
def fetch_json(jp_fetch: Any) -> Callable[..., Any]:  # noqa: F811 - the fixture imported above
    """Fetches a route of ours and decodes its JSON."""

    async def fetch(path: str, body: object = None, **options: Any) -> Any:
        if body is not None:
            options |= {"method": "POST", "body": json.dumps(body)}
            options.setdefault("headers", {})["Content-Type"] = "application/json"
        response = await jp_fetch(path, request_timeout=90, **options)
        return json.loads(response.body)

    return fetch


async def until(condition: Callable[[], Any], timeout_s: float = 20) -> Any:
    """Waits until something is so; fails loudly when it never is."""
    deadline = time.monotonic() + timeout_s
    while time.monotonic() < deadline:
        found = condition()
        if found:
            return found
        await asyncio.sleep(0.02)
    raise AssertionError("it did not become so in time")


async def chunks_of(total: int, size: int = 1 << 16) -> AsyncIterator[bytes]:
    """That many bytes, in chunks."""
    sent = 0
    while sent < total:
        yield b"x" * min(size, total - sent)
        sent += size
