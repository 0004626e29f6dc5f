"""`examples/compose.yml` by hand: its commands and variables, with other addresses, and no container."""

from __future__ import annotations

import os
import re
import shlex
import subprocess
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import httpx
import yaml
from jupyterserver import ROOT, wait_for

from tests.support.ports import free_port
from tests.support.postgresserver import postgres
from tests.tracking_server.team import entry_point

EXAMPLES = ROOT / "examples"
VARIABLE = re.compile(r"\$\{(\w+)(?::([-?])([^}]*))?\}")


def needed_settings() -> dict[str, str]:
    """What the example of an environment file sets, most of it empty."""
    lines = (EXAMPLES / "compose.env.example").read_text().splitlines()
    return dict(line.split("=", 1) for line in lines if line and not line.startswith("#"))


def filled(text: str, settings: Mapping[str, str]) -> str:
    """A text as Compose fills it in; raises KeyError for a variable that must be set and is not."""

    def value(match: re.Match[str]) -> str:
        name, kind, words = match.groups()
        if kind == "-":
            return settings.get(name) or words
        if kind == "?" and not settings.get(name):
            raise KeyError(name)
        return settings.get(name, "")

    return VARIABLE.sub(value, text).replace("$$", "$")


class Composed:
    """The services of the file with settings, and the addresses that stand for its networks' names."""

    def __init__(self, settings: Mapping[str, str], addresses: Mapping[str, str]) -> None:
        self._content = yaml.safe_load((EXAMPLES / "compose.yml").read_text())
        self._settings = settings
        self._addresses = addresses

    def text(self, words: str) -> str:
        """Filled in, with our addresses."""
        found = filled(words, self._settings)
        for name, address in self._addresses.items():
            found = found.replace(name, address)
        return found

    def command(self, service: str) -> list[str]:
        """The words of a service's command."""
        command = self._content["services"][service]["command"]
        return [self.text(word) for word in command] if isinstance(command, list) else self._split(command)

    def environment(self, service: str) -> dict[str, str]:
        """The variables of a service."""
        variables: dict[str, Any] = self._content["services"][service]["environment"]
        return {name: self.text(str(value)) for name, value in variables.items()}

    def config(self, name: str) -> str:
        """The content of a file that the services are given."""
        return self.text(self._content["configs"][name]["content"])

    def _split(self, command: str) -> list[str]:
        return shlex.split(self.text(command))


def clean_environment() -> dict[str, str]:
    """This process's environment without what it says of MLflow or of S3."""
    prefixes = ("MLFLOW", "AWS", "S3_", "POSTGRES", "JUPYTERLAB_EXP")
    return {name: value for name, value in os.environ.items() if not name.startswith(prefixes)}


@contextmanager
def running(
    command: list[str], environment: Mapping[str, str], log: Path
) -> Iterator[subprocess.Popen[bytes]]:
    """A process of its own session, ended with all it started."""
    with log.open("w") as output:
        process = subprocess.Popen(
            command,
            env={**clean_environment(), **environment},
            cwd=log.parent,
            stdout=output,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )
    try:
        yield process
    finally:
        os.killpg(process.pid, 15)
        process.wait(30)


@contextmanager
def team_server(folder: Path, settings: Mapping[str, str]) -> Iterator[str]:
    """PostgreSQL, an S3 and `mlflow server` as the file says; gives the server's address."""
    s3, port = f"http://127.0.0.1:{free_port()}", free_port()
    moto = [sys.executable, "-m", "moto.server", "-H", "127.0.0.1", "-p", s3.rsplit(":", 1)[1]]
    with (
        postgres(password=settings["POSTGRES_PASSWORD"]) as database,
        running(moto, {}, folder / "s3.log"),
    ):
        addresses = {
            "postgres:5432/mlflow": database.rsplit("@", 1)[1],
            "http://store:9000": s3,
            "--port 5000": f"--port {port}",
            "0.0.0.0": "127.0.0.1",
            "/etc/mlflow/auth.ini": str(folder / "auth.ini"),
        }
        composed = Composed(settings, addresses)
        (folder / "auth.ini").write_text(composed.config("auth"))
        wait_for("the object store", lambda: httpx.get(s3).status_code)
        bucket = [sys.executable, *composed.command("bucket")[1:]]
        subprocess.run(bucket, env={**clean_environment(), **composed.environment("bucket")}, check=True)
        server = [sys.executable, "-m", *composed.command("mlflow")]
        environment = {**composed.environment("mlflow"), "PYTHONPATH": entry_point(folder / "site")}
        with running(server, environment, folder / "mlflow.log"):
            address = f"http://127.0.0.1:{port}"
            wait_for("the team's server", lambda: httpx.get(f"{address}/health").is_success, 120)
            yield address
