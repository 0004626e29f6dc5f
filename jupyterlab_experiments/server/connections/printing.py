"""Pure: a connection as the browser gets it, without any secret, and what can be done about its state."""

from __future__ import annotations

from typing import Any

from ... import tracking_uri as uris
from ..state import State
from .spec import Spec


def printed(spec: Spec, state: State, store_id: str) -> dict[str, Any]:
    """A connection as `status` gives it; holds no credential."""
    address = uris.without_credentials(spec.tracking_uri)
    remedies = remedies_of(spec, state)
    return {
        "id": spec.id,
        "label": spec.label,
        "kind": spec.kind,
        "state": state.name,
        "store_id": store_id,
        "is_shared": spec.is_shared,
        "message": _root_message(spec) if "sqlite-uri" in remedies else state.message,
        "since": state.since_ms,
        "page_url": address if spec.kind == "remote" else None,
        "source": spec.source,
        "can_remove": spec.source == "user",
        "scheme": uris.scheme_of(spec.tracking_uri),
        "remedies": remedies,
    }


def remedies_of(spec: Spec, state: State) -> list[str]:
    """What the panel can do about it."""
    if uris.means_folder_at_root(spec.tracking_uri):
        return ["sqlite-uri"]
    if not spec.is_allowed:
        return []
    kind = uris.kind_of(spec.tracking_uri)
    if kind == "file":
        return ["copy"]
    return ["upgrade"] if kind == "sqlite" and state.name == "schema" else []


def _root_message(spec: Spec) -> str:
    folder = uris.file_path(spec.tracking_uri)
    return f"This URI means the folder {folder}, not .{folder}. Write `sqlite:///mlflow.db`."
