"""What a test of a connection found, in words."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Any, Literal

Name = Literal[
    "ok",
    "bad-uri",
    "not-allowed",
    "no-host",
    "no-answer",
    "timeout",
    "certificate",
    "login",
    "permission",
    "host-header",
    "redirect",
    "not-mlflow",
    "too-old",
    "schema",
    "no-plugin",
    "no-file",
    "read-only",
    "locked",
    "corrupt",
    "failed",
]


@dataclass(frozen=True)
class Diagnosis:
    """What is wrong, in a sentence, and what to do about it; holds no secret."""

    diagnosis: Name
    message: str
    remedy: str | None = None
    mlflow_version: str | None = None

    def printed(self) -> dict[str, Any]:
        """As the browser gets it."""
        return {"ok": self.diagnosis == "ok", **asdict(self)}


BAD_URI = Diagnosis(
    "bad-uri",
    "This tracking URI cannot be understood.",
    "Write it like `https://mlflow.example.org` or `sqlite:///mlflow.db`.",
)
BAD_DATABASE_URI = Diagnosis("bad-uri", BAD_URI.message, "Write it like `postgresql://host/db`.")
