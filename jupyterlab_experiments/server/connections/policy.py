"""Pure: what the administrator's settings allow, and the sentence for what they do not."""

from __future__ import annotations

import glob
import os
from collections.abc import Sequence

from ... import tracking_uri as uris
from ..errors import BadRequest
from .spec import Configuration, Source

_CHOSEN = "The administrator has chosen the connections of this server."


class Policy:
    """Answers for a tracking or registry URI that is not among the administrator's own."""

    def __init__(self, configuration: Configuration) -> None:
        self._configuration = configuration

    @property
    def may_add(self) -> bool:
        """Whether users may add connections."""
        return self._configuration.users_may_add and not self._configuration.forced

    def refusal(self, uri: str, source: Source) -> str | None:
        """Why a URI of this source may not be used, as a sentence; None where it may. Raises BadRequest."""
        configuration = self._configuration
        if configuration.forced or (source == "user" and not configuration.users_may_add):
            return _CHOSEN
        if uris.is_local(uri) and not configuration.local_stores:
            return "The administrator allows no stores in files here."
        if self._is_covered(uri, source):
            return None
        return f"The administrator does not allow {uris.host_of(uri)} here."

    def is_offered(self, uri: str) -> bool:
        """Whether one of the administrator's own URIs is served: files only where they are allowed."""
        return self._configuration.local_stores or not uris.is_local(uri)

    def _is_covered(self, uri: str, source: Source) -> bool:
        if self._configuration.allowed is None and source == "user":
            return True
        identity = checked_identity(uri)
        return any(uris.matches(identity, pattern) for pattern in self._patterns())

    def _patterns(self) -> Sequence[str]:
        if self._configuration.allowed is not None:
            return self._configuration.allowed
        root = glob.escape(os.path.realpath(self._configuration.root))
        return [uris.sqlite_uri(root) + "/*", f"file://{root}/*"]


def checked_identity(uri: str) -> str:
    """The identity of a URI. Raises BadRequest for a text that is none."""
    try:
        return uris.identity(uri)
    except ValueError as error:
        raise BadRequest("This tracking URI cannot be understood.") from error
