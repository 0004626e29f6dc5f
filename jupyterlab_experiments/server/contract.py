"""Names that cross a border, read once from `contract.json`."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

PACKAGE_FOLDER = Path(__file__).resolve().parent.parent
CONTRACT: dict[str, Any] = json.loads((PACKAGE_FOLDER / "contract.json").read_text("utf-8"))

ROUTES: dict[str, str] = CONTRACT["routes"]
BASE: str = ROUTES["base"]
DEFAULT_CONNECTION: str = CONTRACT["defaultConnection"]
EVENT_SCHEMA_ID: str = CONTRACT["eventSchemaId"]
RUNTIME_FOLDER_VARIABLE: str = CONTRACT["environment"]["runtimeFolder"]
DISTRIBUTION: str = CONTRACT["package"]
