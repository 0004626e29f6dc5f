"""The objects behind the handlers, wired once for each server."""

from __future__ import annotations

import asyncio
import functools
import getpass
import hashlib
import importlib.metadata
import logging
import secrets
import sys
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from jupyter_server.auth import IdentityProvider, PasswordIdentityProvider
from jupyter_server.base.handlers import JupyterHandler

from .. import tracking_uri as uris
from .changes import Changes, Emit
from .connections.catalogue import Configuration, Connections, Spec
from .connections.kept import KeptConnections
from .connections.printing import printed
from .diagnosis.tester import Tester
from .diagnosis.verdict import Diagnosis
from .errors import BadRequest
from .forwarding.gateway import Gateway
from .forwarding.upstream import ChildUpstream, RemoteUpstream, Upstream
from .kernelpart import KernelPart, build_kernel_part
from .limits import Limits
from .login.logins import Logins, without_login
from .maintenance.tasks import Maintenance
from .maintenance.workshop import workshop_of
from .offering import Offering
from .processes.child import Child, ChildOptions
from .processes.interpreters import Interpreters, KernelSpecs
from .processes.launch import launch_of, with_environment
from .processes.process import Launch
from .runtime import RuntimeFolder, folder_of_process
from .salt import Salt

MakeLaunch = Callable[[Spec, str, str, str], Launch]


@dataclass(frozen=True)
class Surroundings:
    """What the server around it gives: folders, settings, its log and its events."""

    runtime_parent: str
    data_folder: str
    configuration: Configuration
    python: str
    idle_timeout_s: float
    default_experiment: str
    log: logging.Logger
    emit: Emit
    limits: Limits = field(default_factory=Limits)
    #: Interpreter of the tracking servers for tracking URIs of a scheme, by that scheme.
    pythons: Mapping[str, str] = field(default_factory=dict)
    #: Megabytes over which an idle tracking server is ended; 0: no limit.
    memory_limit_mb: float = 0
    #: The kernelspecs by name, as their manager prints them; None: those of Jupyter's own folders.
    kernel_specs: KernelSpecs | None = None
    #: Command that prints credentials for a host, as a list of words; empty: none.
    credentials_command: Sequence[str] = ()


class Services:
    """Makes the runtime folder at once, all else when it is asked for. Raises OSError."""

    #: Replaced by tests that need no real tracking server.
    make_launch: MakeLaunch = staticmethod(launch_of)

    def __init__(self, surroundings: Surroundings) -> None:
        self._surroundings = surroundings
        self._log = surroundings.log
        self.default_experiment = surroundings.default_experiment
        self.limits = surroundings.limits
        self.pythons = surroundings.pythons
        self.memory_limit_mb = surroundings.memory_limit_mb
        self.interpreters = Interpreters(
            surroundings.python, surroundings.pythons, surroundings.log, surroundings.kernel_specs
        )
        self.kernel_token = secrets.token_urlsafe(32)
        configuration = surroundings.configuration
        self.connections = Connections(configuration)
        self.logins = Logins(
            self.connections.is_trusted, configuration.environ, surroundings.credentials_command
        )
        self.gateway = Gateway(self.connections, self._make_upstream, self.limits)
        kept = KeptConnections(surroundings.data_folder, self._log)
        self.offering = Offering(self.gateway, kept, self._tell)
        self.offering.load()
        self.tester = Tester(self.connections, self.logins, self.interpreters, self._make_for_a_moment)
        self.runtime = RuntimeFolder(surroundings.runtime_parent)
        self.maintenance = Maintenance(workshop_of(self), self._log)
        self._salt = Salt(surroundings.data_folder)
        self._changes: list[Changes] = []
        self._children: dict[str, Child] = {}
        self._address: str | None = None
        self._kernel_part: KernelPart | None = None

    def tell_kernels(self, address: str | None) -> None:
        """Write `server.json`; `address` is where kernels on this machine reach the connections, or None."""
        self._address = address
        self.connections.address = address or ""
        self._tell()

    def _tell(self) -> None:
        configuration = self._surroundings.configuration
        content = {
            "version": 1,
            "root": configuration.root,
            "address": self._address,
            "token": self.kernel_token,
            "default_experiment": self.default_experiment,
            "mlflow_version": self.mlflow_version(),
            "user_has_tracking_uri": bool(configuration.environ.get("MLFLOW_TRACKING_URI")),
            "connections": {key: spec.told() for key, spec in self.connections.told.items()},
        }
        self.runtime.write_server(content)

    def print_connections(self) -> list[dict[str, Any]]:
        """All connections on offer, with their states as far as they are known."""
        return [self.print(spec) for spec in self.connections.offered]

    @property
    def root(self) -> str:
        """The folder that notebook paths start from."""
        return self._surroundings.configuration.root

    def log_text(self, connection_id: str) -> str:
        """The last lines of a connection's tracking server, without secrets; starts nothing."""
        spec = self.connections.get(connection_id)
        identity = spec.part_for(None).identity
        child = self._children.get(identity) if spec.is_allowed else None
        return child.log_text if child else ""

    async def connection_of_kernel(self, kernel_id: str) -> dict[str, Any]:
        """The connection a kernel uses, or why there is none; `reason` is `unknown-kernel` or `forbidden`."""
        found = await asyncio.to_thread(self.runtime.read_kernel, kernel_id)
        if found is None:
            return {"connection": None, "reason": "unknown-kernel"}
        folder = folder_of_process(found.pid, self._surroundings.configuration.root)
        try:
            spec = self.connections.resolve(found.tracking_uri, found.registry_uri, folder)
        except BadRequest:
            return {"connection": None, "reason": "unknown-kernel"}
        return {"connection": self.print(spec), "reason": None if spec.is_allowed else "forbidden"}

    async def test(self, connection_id: str | None, tracking_uri: str, registry_uri: str | None) -> Diagnosis:
        """What is wrong with a connection, or with URIs that are not kept. Raises UnknownConnection."""
        if connection_id is None:
            return await self.tester.test_uri(tracking_uri, registry_uri)
        spec = self.connections.get(connection_id)
        if not spec.is_allowed:
            return Diagnosis("not-allowed", f"The administrator does not show {spec.label} here.")
        return await self.tester.test(spec, self.gateway.upstream(spec.id))

    async def kernel_part(self) -> KernelPart:
        """The zip for kernels of other environments."""
        if self._kernel_part is None:
            self._kernel_part = await asyncio.to_thread(build_kernel_part)
        return self._kernel_part

    def user_hash(self, handler: JupyterHandler) -> str:
        """Who this is, as a hash: a new one for each user, the same after a restart."""
        provider = handler.identity_provider
        if type(provider) in (IdentityProvider, PasswordIdentityProvider):
            # Jupyter's own anonymous users get a random name at each login; the server has one owner.
            return self._salt.hash(f"user {getpass.getuser()}")
        return self._salt.hash(f"user {handler.current_user.username}")

    def mlflow_version(self) -> str | None:
        """Version of the MLflow that serves child connections where it is of this environment, else None."""
        return _installed_mlflow() if self._surroundings.python == sys.executable else None

    async def close(self) -> None:
        """End everything this server started."""
        for changes in self._changes:
            changes.close()
        await self.maintenance.close()
        await self.gateway.close()
        self.runtime.remove()

    def print(self, spec: Spec) -> dict[str, Any]:
        """A connection as the browser gets it."""
        return printed(spec, self.gateway.state(spec), self._salt.hash(f"store {spec.identity}"))

    def _make_upstream(self, spec: Spec) -> Upstream:
        if spec.kind == "remote":
            return RemoteUpstream(spec, self.logins.login(spec.tracking_uri), self._log)
        socket_name = hashlib.sha256(spec.identity.encode("utf-8", "surrogateescape")).hexdigest()[:8]
        child = Child(self._child_options(spec, socket_name), self._log)
        self._children[spec.identity] = child
        changes = Changes(functools.partial(self._ids_of, spec.identity), self._surroundings.emit, self._log)
        child.on_ready = changes.listen
        self._changes.append(changes)
        return ChildUpstream(child, uris.host_of(spec.tracking_uri))

    def _make_for_a_moment(self, spec: Spec) -> Upstream:
        """What serves a connection that is only tried, beside the one that may serve it already."""
        child = Child(self._child_options(spec, secrets.token_hex(4)), self._log)
        return ChildUpstream(child, uris.host_of(spec.tracking_uri))

    def _child_options(self, spec: Spec, socket_name: str) -> ChildOptions:
        socket_path = self.runtime.socket_path(socket_name)
        return ChildOptions(
            name=uris.host_of(spec.tracking_uri),
            socket_path=socket_path,
            launch=lambda: self._launch(spec, socket_path),
            store_file=uris.sqlite_path(spec.tracking_uri),
            idle_timeout_s=self._surroundings.idle_timeout_s,
            memory_limit_mb=self._surroundings.memory_limit_mb,
        )

    def _launch(self, spec: Spec, socket_path: str) -> Launch:
        self.maintenance.check_free(spec)
        interpreter = self.interpreters.find(spec.tracking_uri, spec.registry_uri)
        launch = self.make_launch(spec, interpreter.python, socket_path, str(self.runtime.python_path))
        launch = with_environment(launch, interpreter.environ)
        return launch if spec.source == "administrator" else without_login(launch)

    def children_of(self, specs: Sequence[Spec]) -> list[Child]:
        """The tracking servers of connections, as far as there are any."""
        identities = dict.fromkeys(identity for spec in specs for identity in spec.parts)
        return [self._children[identity] for identity in identities if identity in self._children]

    def _ids_of(self, identity: str) -> list[str]:
        return [spec.id for spec in self.connections.offered if identity in spec.parts]


@functools.cache
def _installed_mlflow() -> str | None:
    try:
        return importlib.metadata.version("mlflow")
    except importlib.metadata.PackageNotFoundError:
        return None
