"""One connection as it was given, and what the traits and the environment say of all."""

from __future__ import annotations

import os
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, Literal

from ... import tracking_uri as uris

Source = Literal["administrator", "user", "notebook", "kernel"]
_REGISTRY_PATH = re.compile(r"^(?:ajax-)?api/[23]\.0/mlflow/(?:registered-models|model-versions)(?:/|$)")


@dataclass(frozen=True)
class Spec:
    """One connection as configured; its URIs are absolute and may hold credentials."""

    id: str
    tracking_uri: str
    registry_uri: str | None = None
    label: str = ""
    artifact_root: str | None = None
    is_allowed: bool = True
    source: Source = "administrator"

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

    @property
    def uris(self) -> list[str]:
        """Its tracking URI, and its registry URI where that is another."""
        return [uri for uri in (self.tracking_uri, self.registry_uri) if uri]

    def part_for(self, path: str | None) -> Spec:
        """What serves a path of this connection: itself, or its registry where that is apart.

        MLflow's app in a child knows both stores by itself, but not the credentials of an http(s) server.
        """
        if self.registry_uri is None or not self._is_apart():
            return self
        is_registry = path is not None and _REGISTRY_PATH.match(path) is not None
        uri = self.registry_uri if is_registry else self.tracking_uri
        return replace(self, tracking_uri=uri, registry_uri=None)

    @property
    def parts(self) -> list[str]:
        """Identities of what serves it: one, or two where its registry is apart."""
        if self.registry_uri is None or not self._is_apart():
            return [self.identity]
        return [uris.identity(uri) for uri in self.uris]

    def _is_apart(self) -> bool:
        return any(uris.kind_of(uri) == "http" for uri in self.uris)

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
