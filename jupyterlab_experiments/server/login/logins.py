"""How one http(s) server is logged in to: only with what is meant for its host."""

from __future__ import annotations

import asyncio
import ssl
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from typing import Protocol

from ..processes.process import Launch
from . import credentials
from .command import CredentialsCommand

_VARIABLES = ("MLFLOW_TRACKING_USERNAME", "MLFLOW_TRACKING_PASSWORD", "MLFLOW_TRACKING_TOKEN")


def without_login(launch: Launch) -> Launch:
    """The same without the environment's credentials: a store may name any server for its artifacts."""
    kept = {name: value for name, value in launch.environ.items() if name not in _VARIABLES}
    return replace(launch, environ=kept)


class Login(Protocol):
    """What an upstream asks before it opens a connection."""

    async def authorization(self) -> str | None:
        """Value of the Authorization header now, or None. Raises LoginRefused when it cannot be had."""

    def refused(self) -> None:
        """Say that the server refused it: the next one is looked for anew."""

    def tls_context(self) -> ssl.SSLContext:
        """How its certificate is checked. Reads files: call it in a thread. Raises OSError."""


class ServerLogin:
    """The login of one URI: its own user and password, and for trusted hosts what MLflow's places hold."""

    def __init__(self, uri: str, logins: Logins) -> None:
        self._uri = uri
        self._logins = logins
        self._is_trusted = logins.is_trusted(uri)

    async def authorization(self) -> str | None:
        """The URI's own; else, where its host is trusted, the command's, the environment's or the file's."""
        own = credentials.from_uri(self._uri)
        if own is not None or not self._is_trusted:
            return own
        if self._logins.command is not None:
            return await self._logins.command.authorization(self._uri)
        return await asyncio.to_thread(credentials.authorization, self._uri, self._logins.environ)

    def refused(self) -> None:
        """A command is run again; all else is read anew anyhow."""
        if self._logins.command is not None and self._is_trusted:
            self._logins.command.forget(self._uri)

    def tls_context(self) -> ssl.SSLContext:
        """By MLflow's variables; our own certificate is shown to trusted hosts only."""
        return credentials.tls_context(self._logins.environ, self._is_trusted)


class Logins:
    """What all servers share: whom credentials may be sent to, the environment and the command."""

    def __init__(
        self, is_trusted: Callable[[str], bool], environ: Mapping[str, str], words: Sequence[str] = ()
    ) -> None:
        self.is_trusted = is_trusted
        self.environ = environ
        self.command = CredentialsCommand(words) if words else None

    def login(self, uri: str) -> ServerLogin:
        """The login of an http(s) tracking or registry URI."""
        return ServerLogin(uri, self)
