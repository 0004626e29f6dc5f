"""Which server is sent which credentials, where they come from, and that nobody else ever sees them."""

from __future__ import annotations

import base64
import json
import os
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from tornado.httpclient import HTTPClientError

from jupyterlab_experiments.server.connections.catalogue import Configuration, Connections
from jupyterlab_experiments.server.errors import LoginRefused
from jupyterlab_experiments.server.login.command import CredentialsCommand
from jupyterlab_experiments.server.login.logins import Logins, without_login
from jupyterlab_experiments.server.processes.process import Launch

from .conftest import BASE
from .smallserver import MLFLOW, Small, serve

SEARCH = "api/2.0/mlflow/experiments/search"
SECRET = "s3cret-of-the-environment"
KERNEL = "0f1e2d3c-4b5a-6978-8796-a5b4c3d2e1f0"


@pytest.fixture
def team() -> Iterator[Small]:
    with serve(MLFLOW) as server:
        yield server


@pytest.fixture
def stranger() -> Iterator[Small]:
    with serve(MLFLOW) as server:
        yield server


@pytest.fixture
def experiments_config(team: Small) -> dict[str, Any]:
    return {"connections": {"team": {"tracking_uri": team.uri}}, "allowed_tracking_uris": ["http://*"]}


@pytest.fixture
def login(jp_server_config: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MLFLOW_TRACKING_TOKEN", SECRET)


async def add(fetch_json: Any, uri: str, **more: str) -> str:
    made = await fetch_json(f"{BASE}/connections/add", {"tracking_uri": uri, **more})
    return str(made["connection"]["id"])


async def search(fetch_json: Any, connection_id: str) -> None:
    path = f"{BASE}/connections/{connection_id}/{SEARCH}"
    await fetch_json(path, params={"max_results": "1"})


async def test_the_environments_credentials_go_to_the_administrators_servers_only(
    login: None, fetch_json: Any, extension: Any, team: Small, stranger: Small
) -> None:
    await search(fetch_json, "team")
    assert team.sent("authorization") == {f"Bearer {SECRET}"}
    users = await add(fetch_json, stranger.uri)
    await search(fetch_json, users)
    await fetch_json(f"{BASE}/connections/test", {"id": users})
    await fetch_json(f"{BASE}/connections/test", {"tracking_uri": stranger.uri + "/other"})
    content = json.dumps({"tracking_uri": stranger.uri + "/kernels", "pid": 1})
    (extension.services.runtime.path / "kernels" / f"{KERNEL}.json").write_text(content)
    kernels = (await fetch_json(f"{BASE}/connections", {"kernel_id": KERNEL}))["connection"]["id"]
    await search(fetch_json, kernels)
    assert len(stranger.asked) >= 6
    assert stranger.sent("authorization") == {None}
    await search(fetch_json, await add(fetch_json, team.uri + "/below"))
    assert team.sent("authorization") == {f"Bearer {SECRET}"}


def test_a_host_is_the_same_by_name_and_port_and_never_less_safe() -> None:
    known = Connections(Configuration("/", "https://h.example.org/x", "http://r:5000", environ={}))
    for uri in ("https://H.example.org:443/y", "http://r:5000", "https://r:5000"):
        assert known.is_trusted(uri), uri
    for uri in ("http://h.example.org", "https://h.example.org:8443", "http://r", "https://x.h.example.org"):
        assert not known.is_trusted(uri), uri


async def test_mlflows_own_file_is_for_trusted_hosts_too(tmp_path: Path, monkeypatch: Any) -> None:
    monkeypatch.setenv("HOME", str(tmp_path))
    (tmp_path / ".mlflow").mkdir()
    (tmp_path / ".mlflow" / "credentials").write_text(
        "[mlflow]\nmlflow_tracking_username = ana\nmlflow_tracking_password = pw\n"
    )
    logins = Logins(lambda uri: "trusted" in uri, {})
    basic = "Basic " + base64.b64encode(b"ana:pw").decode()
    assert await logins.login("https://trusted").authorization() == basic
    assert await logins.login("https://other").authorization() is None
    assert await logins.login("https://bo:x@other").authorization() != basic


async def test_a_client_certificate_is_shown_to_trusted_hosts_only() -> None:
    environ = {"MLFLOW_TRACKING_CLIENT_CERT_PATH": "/no/such/file", "MLFLOW_TRACKING_INSECURE_TLS": "true"}
    with pytest.raises(OSError, match="No such file"):
        Logins(lambda _: True, environ).login("https://h").tls_context()
    Logins(lambda _: False, environ).login("https://h").tls_context()


def test_a_tracking_server_of_a_users_store_starts_without_the_environments_credentials() -> None:
    environ = {"MLFLOW_TRACKING_TOKEN": SECRET, "MLFLOW_TRACKING_PASSWORD": SECRET, "HOME": "/h"}
    assert without_login(Launch(["python"], environ, "/")).environ == {"HOME": "/h"}


class TestCommand:
    def command(self, code: str, timeout_s: float = 20) -> CredentialsCommand:
        return CredentialsCommand([sys.executable, "-c", code], timeout_s)

    async def test_it_is_asked_for_the_host_without_a_shell_and_its_answer_is_kept(
        self, tmp_path: Path
    ) -> None:
        code = (
            "import json, sys; q = json.load(sys.stdin)\n"
            f"open({str(tmp_path / 'asked')!r}, 'a').write(json.dumps(q) + chr(10))\n"
            "print(json.dumps({'username': 'ana', 'password': q['host']}))"
        )
        command = self.command(code)
        for _ in range(3):
            header = await command.authorization("https://u:p@mlflow.example.org/x")
        assert header == "Basic " + base64.b64encode(b"ana:mlflow.example.org").decode()
        asked = (tmp_path / "asked").read_text().splitlines()
        assert [json.loads(line) for line in asked] == [
            {"host": "mlflow.example.org", "tracking_uri": "https://mlflow.example.org/x"}
        ]
        command.forget("https://mlflow.example.org/x")
        await command.authorization("https://mlflow.example.org/x")
        assert len((tmp_path / "asked").read_text().splitlines()) == 2

    async def test_an_answer_that_has_expired_is_asked_for_again(self, tmp_path: Path) -> None:
        file = tmp_path / "count"
        code = (
            f"import json, os; f = open({str(file)!r}, 'a'); f.write('x'); f.close()\n"
            "print(json.dumps({'token': 't', 'expires_at': '2020-01-01T00:00:00Z'}))"
        )
        command = self.command(code)
        for _ in range(2):
            assert await command.authorization("https://h") == "Bearer t"
        assert file.read_text() == "xx"

    @pytest.mark.parametrize(
        ("code", "words"),
        [
            ("import sys; print('s3cret'); sys.exit(3)", "exit code 3"),
            ("print('s3cret')", "not JSON"),
            ("print('[\"s3cret\"]')", "no JSON object"),
            ('print(\'{"token": "s3cret\\\\n"}\')', "neither"),
            ('print(\'{"token": "s3cret", "expires_at": "soon"}\')', "no time"),
            ("import time; time.sleep(60)", "no answer"),
        ],
    )
    async def test_a_failure_is_told_without_what_was_printed(self, code: str, words: str) -> None:
        command = self.command(code, timeout_s=1 if "sleep" in code else 20)
        with pytest.raises(LoginRefused) as failure:
            await command.authorization("https://h")
        assert str(failure.value).startswith("The credentials command failed (")
        assert words in str(failure.value)
        assert "s3cret" not in str(failure.value)
        assert "s3cret" not in repr(failure.value.__cause__)


class TestFailingCommand:
    @pytest.fixture
    def experiments_config(self, team: Small) -> dict[str, Any]:
        command = [sys.executable, "-c", f"print('{SECRET}'); raise SystemExit(3)"]
        return {"connections": {"team": {"tracking_uri": team.uri}}, "credentials_command": command}

    async def test_the_panel_says_so_and_nothing_is_sent(self, fetch_json: Any, team: Small) -> None:
        words = "The credentials command failed (exit code 3)."
        with pytest.raises(HTTPClientError) as refusal:
            await search(fetch_json, "team")
        assert (refusal.value.code, words in refusal.value.response.body.decode()) == (401, True)
        shown = {each["id"]: each for each in (await fetch_json(f"{BASE}/status"))["connections"]}
        assert (shown["team"]["state"], shown["team"]["message"]) == ("refused", words)
        tested = await fetch_json(f"{BASE}/connections/test", {"id": "team"})
        assert (tested["diagnosis"], tested["message"]) == ("login", words)
        assert team.asked == []


class TestRegistryApart:
    @pytest.fixture
    def experiments_config(self, team: Small, stranger: Small) -> dict[str, Any]:
        registry = stranger.uri.replace("//", "//registrar:s3cret@")
        return {"connections": {"team": {"tracking_uri": team.uri, "registry_uri": registry}}}

    async def test_its_requests_go_to_its_server_with_its_credentials(
        self, login: None, fetch_json: Any, team: Small, stranger: Small
    ) -> None:
        base = f"{BASE}/connections/team/api/2.0/mlflow"
        await search(fetch_json, "team")
        await fetch_json(f"{base}/registered-models/search")
        await fetch_json(f"{base}/model-versions/create", {"name": "m"})
        assert [path for path, _ in team.asked if "experiments" not in path] == []
        assert [path.rpartition("mlflow/")[2] for path, _ in stranger.asked] == [
            "registered-models/search",
            "model-versions/create",
        ]
        assert team.sent("authorization") == {f"Bearer {SECRET}"}
        assert stranger.sent("authorization") == {"Basic " + base64.b64encode(b"registrar:s3cret").decode()}


class TestSecrets:
    @pytest.fixture
    def experiments_config(self) -> dict[str, Any]:
        return {
            "tracking_uri": f"postgresql://ana:{SECRET}@127.0.0.1:1/x?password={SECRET}",
            "connections": {"team": {"tracking_uri": f"http://ana:{SECRET}@127.0.0.1:1/team?key={SECRET}"}},
        }

    async def test_no_secret_is_in_an_answer_a_log_line_or_the_process_list(
        self, login: None, jp_fetch: Any, extension: Any, caplog: pytest.LogCaptureFixture, capfd: Any
    ) -> None:
        texts: list[str] = []

        async def ask(path: str, body: object = None) -> Any:
            options: dict[str, Any] = {} if body is None else {"method": "POST", "body": json.dumps(body)}
            try:
                answer = await jp_fetch(path, request_timeout=60, **options)
            except HTTPClientError as error:
                answer = error.response
            texts.append(f"{answer.headers} {answer.body.decode()}")
            return json.loads(answer.body)

        connections = f"{BASE}/connections"
        uri = f"mysql://ana:{SECRET}@127.0.0.1:1/x"
        added = await ask(f"{connections}/add", {"tracking_uri": uri, "registry_uri": f"http://u:{SECRET}@h"})
        for route, body in [
            ("test", {"tracking_uri": uri}),
            ("test", {"tracking_uri": f"http://ana:{SECRET}@[::bad"}),
            ("test", {"tracking_uri": f"http://ana:{SECRET}@127.0.0.1:1/"}),
            ("add", {"tracking_uri": f"http://ana:{SECRET}@[::bad"}),
            ("add", {"tracking_uri": f"http://bo:{SECRET}@127.0.0.1:1/team"}),
            *(
                (each, {"id": known})
                for known in ("default", "team", added["connection"]["id"])
                for each in ("test", "log", "remove")
            ),
        ]:
            await ask(f"{connections}/{route}", body)
        for connection_id in ("default", "team"):
            await ask(f"{connections}/{connection_id}/{SEARCH}?max_results=1")
        commands = subprocess.run(["ps", "-eo", "args"], capture_output=True, text=True, check=True).stdout
        await ask(f"{BASE}/status")
        await ask(connections)
        texts += [caplog.text, commands, *capfd.readouterr()]
        assert len(texts) > 15
        for text in texts:
            assert SECRET not in text, re.sub(SECRET, "<here>", text)[-2000:]


class TestDoctor:
    def run(self, folder: Path, *arguments: str, **environ: str) -> subprocess.CompletedProcess[str]:
        kept = {key: value for key, value in os.environ.items() if not key.startswith(("MLFLOW", "JUPYTER"))}
        command = [sys.executable, "-m", "jupyterlab_experiments.doctor", "doctor", *arguments]
        environ = {**kept, "HOME": str(folder), "JUPYTER_NO_CONFIG": "", **environ}
        return subprocess.run(command, cwd=folder, env=environ, capture_output=True, text=True, check=False)

    def test_it_finds_all_well_where_all_is_well_and_writes_nothing(self, tmp_path: Path) -> None:
        done = self.run(tmp_path, "--json")
        report = json.loads(done.stdout)
        assert (done.returncode, report["ok"], report["problems"]) == (0, True, [])
        assert report["versions"]["mlflow"]
        assert [each["id"] for each in report["connections"]] == ["default"]
        assert not (tmp_path / "mlflow.db").exists()

    def test_it_answers_1_and_says_what_is_wrong_with_secrets_masked(self, tmp_path: Path) -> None:
        (tmp_path / ".jupyter").mkdir()
        (tmp_path / ".jupyter" / "jupyter_server_config.py").write_text(
            f"c.ExperimentsApp.connections = {{'team': {{'tracking_uri': 'http://u:{SECRET}@127.0.0.1:1'}}}}"
        )
        done = self.run(tmp_path, MLFLOW_TRACKING_TOKEN=SECRET)
        assert done.returncode == 1
        assert "Nothing listens at 127.0.0.1:1." in done.stdout
        assert "set: MLFLOW_TRACKING_TOKEN" in done.stdout
        assert SECRET not in done.stdout + done.stderr
