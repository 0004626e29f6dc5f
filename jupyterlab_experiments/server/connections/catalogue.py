"""Which connections there are: the administrator's, the user's, those beside notebooks, those of kernels."""

from __future__ import annotations

import contextlib
import hashlib
import os
import re
from collections.abc import Iterable, Mapping
from dataclasses import replace
from urllib.parse import urlsplit

from ... import tracking_uri as uris
from ..contract import DEFAULT_CONNECTION
from ..errors import BadRequest, ForbiddenConnection, UnknownConnection
from .policy import Policy, checked_identity
from .spec import Configuration, Source, Spec, identity_of

__all__ = ["Configuration", "Connections", "Spec", "identity_of"]

_LONGEST_URI = 4096


class Connections:
    """The connections by id. Raises BadRequest for settings that cannot be meant."""

    def __init__(self, configuration: Configuration) -> None:
        self._root = configuration.root
        self.is_forced = bool(configuration.forced)
        self._policy = Policy(configuration)
        self._specs = self._configured(configuration)
        self._trusted = _origins(self._specs.values())
        if configuration.forced:
            self._specs = self._only(configuration.forced)
        self._forbidden: dict[str, Spec] = {}
        self._removed: dict[str, Spec] = {}
        #: Where kernels reach the connections through this server; an id follows.
        self.address = ""

    @property
    def default_id(self) -> str:
        """Id of the connection of those who chose none: `default`, or the first where that is not offered."""
        if DEFAULT_CONNECTION in self._specs:
            return DEFAULT_CONNECTION
        chosen = (key for key, spec in self._specs.items() if spec.source in ("administrator", "user"))
        return next(chosen, DEFAULT_CONNECTION)

    @property
    def may_add(self) -> bool:
        """Whether users may add connections."""
        return self._policy.may_add

    @property
    def offered(self) -> list[Spec]:
        """All that may be used."""
        return list(self._specs.values())

    @property
    def told(self) -> dict[str, Spec]:
        """All that kernels may use, by the ids they may know: kernels that chose none ask for `default`."""
        default = self._specs.get(self.default_id)
        return {**self._specs, **({DEFAULT_CONNECTION: default} if default else {})}

    def get(self, connection_id: str) -> Spec:
        """The connection with this id, also a forbidden one. Raises UnknownConnection."""
        spec = self.told.get(connection_id) or self._forbidden.get(connection_id)
        if spec is None:
            raise UnknownConnection(f"There is no connection “{connection_id}”.")
        return spec

    def is_trusted(self, uri: str) -> bool:
        """Whether the administrator's credentials may be sent to an http(s) URI: to their own hosts only."""
        origin = _origin(uri)
        # Never in the clear to a host that was configured with https.
        return origin in self._trusted or (origin[0] == "https" and ("http", origin[1]) in self._trusted)

    def resolve(self, tracking_uri: str, registry_uri: str | None, folder: str) -> Spec:
        """The connection of the URIs that a kernel uses, made where it is new; check `is_allowed`.

        Raises BadRequest for a text that is no URI.
        """
        through_us = self._by_address(tracking_uri)
        if through_us is not None:
            return through_us
        spec = self._make(tracking_uri, registry_uri, folder)
        known = self._by_identity(spec)
        if known is not None:
            return known
        spec = replace(spec, source="kernel", is_allowed=self.refusal(spec, "kernel") is None)
        (self._specs if spec.is_allowed else self._forbidden)[spec.id] = spec
        return spec

    def beside(self, uri: str) -> Spec | None:
        """The connection of a store found beside a notebook; None where it is not allowed."""
        spec = replace(self._make(uri, None, self._root), source="notebook")
        known = self._by_identity(spec)
        if known is not None or self.refusal(spec, "notebook") is not None:
            return known
        self._specs[spec.id] = spec
        return spec

    def made(self, tracking_uri: str, registry_uri: str | None, label: str = "") -> Spec:
        """A connection as a user would add it, without adding it. Raises BadRequest."""
        spec = self._make(tracking_uri, registry_uri, self._root)
        return replace(spec, source="user", label=_named(label.strip(), spec.label))

    def add(self, spec: Spec) -> Spec:
        """Offer a user's connection; answers the known one of the same store. Raises ForbiddenConnection."""
        refusal = self.refusal(spec, "user")
        if refusal is not None:
            raise ForbiddenConnection(refusal)
        known = self._by_identity(spec)
        if known is not None and known.source == "administrator":
            if any(_has_credentials(uri) for uri in spec.uris):
                raise BadRequest(f"“{known.label}” is here already, with credentials of its own.")
            return known
        self._forbidden.pop(spec.id, None)
        self._removed.pop(spec.id, None)
        self._specs[spec.id] = spec
        return spec

    def remove(self, connection_id: str) -> Spec:
        """Offer a user's connection no more. Raises UnknownConnection or ForbiddenConnection."""
        spec = self.get(connection_id)
        if spec.source != "user":
            raise ForbiddenConnection("Only connections that were added here can be removed.")
        self._removed[spec.id] = self._specs.pop(spec.id)
        return spec

    def restore(self, connection_id: str) -> Spec:
        """Offer a removed connection again. Raises UnknownConnection or ForbiddenConnection."""
        if connection_id not in self._removed:
            raise UnknownConnection(f"No connection “{connection_id}” was removed.")
        return self.add(self._removed[connection_id])

    def refusal(self, spec: Spec, source: Source) -> str | None:
        """Why a connection of this source may not be used, as a sentence; None where it may."""
        if source == "user" and not self.may_add:
            return self._policy.refusal(spec.tracking_uri, source)
        known = {uris.identity(uri) for each in self._specs.values() for uri in each.uris}
        asked = [uri for uri in spec.uris if checked_identity(uri) not in known]
        return next((why for uri in asked if (why := self._policy.refusal(uri, source))), None)

    def _by_address(self, tracking_uri: str) -> Spec | None:
        if not self.address or not tracking_uri.startswith(self.address):
            return None
        return self.told.get(tracking_uri[len(self.address) :].strip("/"))

    def _by_identity(self, wanted: Spec) -> Spec | None:
        return next((spec for spec in self._specs.values() if spec.identity == wanted.identity), None)

    def _make(self, tracking_uri: str, registry_uri: str | None, folder: str) -> Spec:
        if not tracking_uri or "\0" in tracking_uri + (registry_uri or ""):
            raise BadRequest("This tracking URI cannot be understood.")
        if len(tracking_uri) + len(registry_uri or "") > _LONGEST_URI:
            raise BadRequest("This tracking URI is too long.")
        tracking = uris.absolute(tracking_uri, folder)
        registry = uris.absolute(registry_uri, folder) if registry_uri else None
        identity = " ".join(dict.fromkeys(checked_identity(uri) for uri in (tracking, registry) if uri))
        connection_id = "k-" + hashlib.sha256(identity.encode("utf-8", "surrogateescape")).hexdigest()[:16]
        return Spec(connection_id, tracking, registry, self._label(tracking), self._artifact_root(tracking))

    def _label(self, uri: str) -> str:
        """Of a file below the root with its folder: there may be an `mlflow.db` in each."""
        path, root = uris.sqlite_path(uri) or uris.file_path(uri), os.path.realpath(self._root)
        if path is None or not os.path.realpath(path).startswith(root + os.sep):
            return uris.label_of(uri)
        return f"local · {os.path.relpath(os.path.realpath(path), root)}"

    def _configured(self, configuration: Configuration) -> dict[str, Spec]:
        specs = {DEFAULT_CONNECTION: self._default(configuration)}
        for connection_id, given in configuration.connections.items():
            specs[connection_id] = self._given(connection_id, given)
        return {key: spec for key, spec in specs.items() if all(map(self._policy.is_offered, spec.uris))}

    def _only(self, forced: str) -> dict[str, Spec]:
        if forced not in self._specs:
            raise BadRequest(f"The forced connection “{forced}” is not among the connections.")
        return {forced: self._specs[forced]}

    def _default(self, configuration: Configuration) -> Spec:
        environ = configuration.environ
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


def _named(name: str, label: str) -> str:
    """A label by the user's name, which still says where runs go: `team · mlflow.example.org`."""
    place = label.partition(" · ")[2] or label
    return name if name.endswith(f" · {place}") else f"{name} · {place}" if name else label


def _origin(uri: str) -> tuple[str, str]:
    """Scheme and host, with a port that is not the usual one, of an http(s) URI."""
    parts = urlsplit(uris.identity(uri))
    return parts.scheme, parts.netloc


def _origins(specs: Iterable[Spec]) -> set[tuple[str, str]]:
    found = set()
    for uri in (uri for spec in specs for uri in spec.uris if uris.kind_of(uri) == "http"):
        # One that makes no sense is refused when it is used.
        with contextlib.suppress(ValueError):
            found.add(_origin(uri))
    return found


def _has_credentials(uri: str) -> bool:
    return re.match(r"^[^:/]+://[^/?#]*@", uri) is not None
