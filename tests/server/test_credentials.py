"""Credentials: found where MLflow finds them, shown to nobody."""

from __future__ import annotations

import base64
import ssl
from pathlib import Path

import pytest

from jupyterlab_experiments.server.connections.catalogue import Spec
from jupyterlab_experiments.server.login.credentials import authorization, tls_context
from jupyterlab_experiments.server.processes.launch import launch_of

URI = "https://mlflow.example.org"


@pytest.fixture(autouse=True)
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("HOME", str(tmp_path))
    return tmp_path


def basic(user: str, password: str) -> str:
    return "Basic " + base64.b64encode(f"{user}:{password}".encode()).decode()


def write_credentials(home: Path, text: str) -> None:
    (home / ".mlflow").mkdir()
    (home / ".mlflow" / "credentials").write_text(text)


def test_without_any_there_is_no_header() -> None:
    assert authorization(URI, {}) is None


def test_mlflows_own_file_is_read_and_the_environment_comes_first(home: Path) -> None:
    write_credentials(home, "[mlflow]\nmlflow_tracking_username = ana\nmlflow_tracking_password = 50%%off\n")
    assert authorization(URI, {}) == basic("ana", "50%off")
    assert authorization(URI, {"MLFLOW_TRACKING_USERNAME": "bo"}) == basic("bo", "50%off")


def test_a_single_percent_sign_in_the_file_is_taken_as_it_stands(home: Path) -> None:
    write_credentials(home, "[mlflow]\nmlflow_tracking_username = ana\nmlflow_tracking_password = 50%off\n")
    assert authorization(URI, {}) == basic("ana", "50%off")


def test_a_broken_file_is_as_good_as_none(home: Path) -> None:
    write_credentials(home, "no section\n")
    assert authorization(URI, {"MLFLOW_TRACKING_TOKEN": "t"}) == "Bearer t"


def test_a_password_wins_over_a_token_and_the_uris_own_over_both() -> None:
    environ = {"MLFLOW_TRACKING_USERNAME": "a", "MLFLOW_TRACKING_PASSWORD": "b", "MLFLOW_TRACKING_TOKEN": "t"}
    assert authorization(URI, environ) == basic("a", "b")
    assert authorization("https://x:y%40z@mlflow.example.org", environ) == basic("x", "y@z")


def test_insecure_tls_checks_no_certificate() -> None:
    assert tls_context({}).verify_mode == ssl.CERT_REQUIRED
    assert tls_context({"MLFLOW_TRACKING_INSECURE_TLS": "true"}).verify_mode == ssl.CERT_NONE


def test_a_certificate_that_cannot_be_read_is_an_os_error() -> None:
    with pytest.raises(OSError, match="No such file"):
        tls_context({"MLFLOW_TRACKING_SERVER_CERT_PATH": "/no/such/file"})


def test_a_password_is_in_no_command_line_and_is_known_as_a_secret() -> None:
    spec = Spec("db", "postgresql://ana:p%40ss@db/x?sslpassword=zz", None, "", "/tmp/a")
    launch = launch_of(spec, "python", "/tmp/s", "/tmp/p")
    assert not any("p%40ss" in word or "zz" in word for word in launch.command)
    assert {"p%40ss", "p@ss", "zz"} <= set(launch.secrets)
