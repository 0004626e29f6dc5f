"""Which connections there are: the default one, given ones, and those that kernels turned to."""

from __future__ import annotations

import fnmatch
import glob
import hashlib
import os
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal

from .. import tracking_uri as uris
from .contract import DEFAULT_CONNECTION
from .errors import BadRequest, UnknownConnection


@dataclass(frozen=True)
class Spec:
    """One connection as configured; its URIs are absolute and may hold credentials."""

    id: str
    tracking_uri: str
    registry_uri: str | None = None
    label: str = ""
    artifact_root: str | None = None
    is_allowed: bool = True

    @property
    def kind(self) -> Literal["child", "remote"]:
        """Whether a process of ours serves it, or an http(s) server."""
        return "remote" if uris.kind_of(self.tracking_uri) == "http" else "child"

    @property
    def is_shared(self) -> bool:
        """Whether others may read or deploy from its store or registry."""
        return uris.is_shared(self.tracking_uri) or uris.is_shared(self.registry_uri or self.tracking_uri)

    @property
    def identity(self) -> str:
        """Equal for connections to the same store and registry."""
        return identity_of(self.tracking_uri, self.registry_uri)

    def told(self) -> dict[str, Any]:
        """What a kernel may know of it (`server.json`)."""
        return {
            "tracking_uri": self.tracking_uri,
            "registry_uri": self.registry_uri,
            "artifact_root": self.artifact_root,
            "is_shared": self.is_shared,
            "kind": self.kind,
        }


def identity_of(tracking_uri: str, registry_uri: str | None) -> str:
    """Normalised tracking URI, with the registry's where that is another."""
    tracking = uris.identity(tracking_uri)
    registry = uris.identity(registry_uri) if registry_uri else tracking
    return tracking if registry == tracking else f"{tracking} {registry}"


@dataclass(frozen=True)
class Configuration:
    """What the traits and the environment say; `root` is the folder notebook paths start from."""

    root: str
    tracking_uri: str = ""
    registry_uri: str = ""
    connections: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    allowed: Sequence[str] | None = None
    environ: Mapping[str, str] = field(default_factory=lambda: os.environ)
    users_may_add: bool = True
    local_stores: bool = True
    forced: str = ""


class Connections:
    """The connections by id. Raises BadRequest when a configured one has no tracking URI."""

    def __init__(self, configuration: Configuration) -> None:
        self._configuration = configuration
        self._root = configuration.root
        self._specs: dict[str, Spec] = {DEFAULT_CONNECTION: self._default()}
        for connection_id, given in configuration.connections.items():
            self._specs[connection_id] = self._given(connection_id, given)
        self._forbidden: dict[str, Spec] = {}
        #: Where kernels reach the connections through this server; an id follows.
        self.address = ""

    @property
    def offered(self) -> list[Spec]:
        """All that may be used."""
        return list(self._specs.values())

    def get(self, connection_id: str) -> Spec:
        """The connection with this id, also a forbidden one. Raises UnknownConnection."""
        spec = self._specs.get(connection_id) or self._forbidden.get(connection_id)
        if spec is None:
            raise UnknownConnection(f"There is no connection “{connection_id}”.")
        return spec

    def resolve(self, tracking_uri: str, registry_uri: str | None, folder: str) -> Spec:
        """The connection of the URIs that a kernel uses, made where it is new; check `is_allowed`.

        Raises BadRequest for a text that is no URI.
        """
        through_us = self._by_address(tracking_uri)
        if through_us is not None:
            return through_us
        tracking = uris.absolute(tracking_uri, folder)
        registry = uris.absolute(registry_uri, folder) if registry_uri else None
        try:
            identity = identity_of(tracking, registry)
        except ValueError as error:
            raise BadRequest("The kernel's tracking URI cannot be understood.") from error
        for spec in self._specs.values():
            if spec.identity == identity:
                return spec
        return self._add(tracking, registry)

    def _by_address(self, tracking_uri: str) -> Spec | None:
        if not self.address or not tracking_uri.startswith(self.address):
            return None
        return self._specs.get(tracking_uri[len(self.address) :].strip("/"))

    def _add(self, tracking: str, registry: str | None) -> Spec:
        connection_id = "k-" + hashlib.sha256(identity_of(tracking, registry).encode()).hexdigest()[:16]
        is_allowed = all(self._is_allowed(uri) for uri in (tracking, registry) if uri)
        spec = Spec(
            connection_id,
            tracking,
            registry,
            uris.label_of(tracking),
            self._artifact_root(tracking),
            is_allowed,
        )
        (self._specs if is_allowed else self._forbidden)[connection_id] = spec
        return spec

    def _is_allowed(self, uri: str) -> bool:
        identity = uris.identity(uri)
        specs = self._specs.values()
        known = [uri for spec in specs for uri in (spec.tracking_uri, spec.registry_uri) if uri]
        if identity in map(uris.identity, known):
            return True
        return any(fnmatch.fnmatchcase(identity, pattern) for pattern in self._patterns())

    def _patterns(self) -> Sequence[str]:
        if self._configuration.allowed is not None:
            return self._configuration.allowed
        return [uris.sqlite_uri(glob.escape(os.path.realpath(self._root))) + "/*"]

    def _default(self) -> Spec:
        configuration, environ = self._configuration, self._configuration.environ
        given = configuration.tracking_uri or environ.get("MLFLOW_TRACKING_URI")
        uri = uris.absolute(given or uris.sqlite_uri(os.path.join(self._root, "mlflow.db")), self._root)
        registry = configuration.registry_uri or environ.get("MLFLOW_REGISTRY_URI", "")
        return self._spec(DEFAULT_CONNECTION, uri, {"registry_uri": registry})

    def _given(self, connection_id: str, given: Mapping[str, str]) -> Spec:
        if not given.get("tracking_uri"):
            raise BadRequest(f"The connection “{connection_id}” has no tracking_uri.")
        return self._spec(connection_id, uris.absolute(given["tracking_uri"], self._root), given)

    def _spec(self, connection_id: str, uri: str, given: Mapping[str, str]) -> Spec:
        registry = given.get("registry_uri")
        return Spec(
            connection_id,
            uri,
            uris.absolute(registry, self._root) if registry else None,
            given.get("label") or uris.label_of(uri),
            given.get("artifact_root") or self._artifact_root(uri),
        )

    def _artifact_root(self, uri: str) -> str | None:
        if uris.kind_of(uri) == "http":
            return None
        path = uris.sqlite_path(uri)
        return os.path.join(os.path.dirname(path) if path else self._root, "mlartifacts")
