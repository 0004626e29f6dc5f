"""Names shared with the browser and the server, read from `contract.json`."""

from __future__ import annotations

import json
import os
from typing import Any

_FOLDER = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))

with open(os.path.join(_FOLDER, "contract.json"), encoding="utf-8") as _file:
    CONTRACT: dict[str, Any] = json.load(_file)

PROTOCOL: int = CONTRACT["protocol"]
COMM_ID: str = CONTRACT["commId"]
RUN_MIME_TYPE: str = CONTRACT["runMimeType"]
METADATA_KEY: str = CONTRACT["notebookMetadataKey"]
ENVIRONMENT: dict[str, str] = CONTRACT["environment"]
TAGS: dict[str, str] = CONTRACT["tags"]
MLFLOW_TAGS: dict[str, str] = CONTRACT["mlflowTags"]


def is_disabled() -> bool:
    """Whether the environment turns this package off."""
    return os.environ.get(ENVIRONMENT["disabled"], "").strip().lower() not in ("", "0", "false", "no")


def is_sent() -> bool:
    """Whether this is the part that was sent to a kernel whose environment lacks the package."""
    return not os.path.isdir(os.path.join(_FOLDER, "server"))


def package_version() -> str:
    """Version of this package; `0` where it cannot be told."""
    try:
        from jupyterlab_experiments._version import __version__

        return str(__version__)
    except ImportError:
        pass
    from importlib import metadata

    try:
        return metadata.version(CONTRACT["package"])
    except metadata.PackageNotFoundError:
        return "0"
