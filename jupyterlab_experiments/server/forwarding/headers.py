"""Pure: which headers pass, in either direction; all others stay here."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

import httpx

from ...preview import disposition, guards, preview_headers
from .target import Target

_REQUEST = frozenset(
    {
        "accept",
        "accept-encoding",
        "content-encoding",
        "content-length",
        "content-type",
        "if-match",
        "if-modified-since",
        "if-none-match",
        "if-range",
        "range",
        "user-agent",
    }
)
_ANSWER = (
    "Accept-Ranges",
    "Cache-Control",
    "Content-Disposition",
    "Content-Encoding",
    "Content-Length",
    "Content-Range",
    "Content-Type",
    "ETag",
    "Last-Modified",
    "Retry-After",
    "Vary",
)
_OF_FILE = ("Accept-Ranges", "Content-Encoding", "Content-Length", "Content-Range", "ETag", "Last-Modified")
_WORKSPACE_PREFIX = "x-mlflow-"
#: For what MLflow itself answers: never a page, whatever its type.
_POLICY = "sandbox; default-src 'none'; img-src data:; style-src 'unsafe-inline'; frame-ancestors 'self'"


def request_headers(given: Mapping[str, str], has_body: bool) -> dict[str, str]:
    """Headers for the upstream, in lower case: no cookie, no token, no origin."""
    passed = {name.lower(): value for name, value in given.items() if _passes(name.lower())}
    # httpx would ask for encodings that this client did not offer.
    passed.setdefault("accept-encoding", "identity")
    passed.setdefault("accept", "*/*")
    passed.setdefault("user-agent", "jupyterlab-experiments")
    if not has_body:
        passed.pop("content-length", None)
    return passed


def _passes(name: str) -> bool:
    return name in _REQUEST or name.startswith(_WORKSPACE_PREFIX)


def answer_headers(response: httpx.Response, target: Target) -> Iterator[tuple[str, str]]:
    """Headers for the client: nothing that logs in, redirects, sets cookies or names servers."""
    for name in _ANSWER:
        value = response.headers.get(name)
        if value is not None:
            yield name, value
    yield "X-Content-Type-Options", "nosniff"
    yield "Content-Security-Policy", _policy(response, target)
    yield "Cross-Origin-Resource-Policy", "same-origin"


def file_headers(response: httpx.Response, name: str) -> list[tuple[str, str]]:
    """Headers of an artifact that an MLflow server sent: its type and its rights are ours to say."""
    passed = [(key, response.headers[key]) for key in _OF_FILE if key in response.headers]
    return [*passed, *preview_headers(name).items(), ("Cross-Origin-Resource-Policy", "same-origin")]


def zip_headers(name: str) -> list[tuple[str, str]]:
    """Headers of a folder of artifacts as a zip."""
    how = disposition(f"{name or 'artifacts'}.zip", "attachment")
    kind = {"Content-Type": "application/zip", "Content-Disposition": how}
    return [*kind.items(), *guards(None).items(), ("Cross-Origin-Resource-Policy", "same-origin")]


def is_page(response: httpx.Response) -> bool:
    """Whether a person was meant to see this: a portal's login, a proxy's excuse."""
    return str(response.headers.get("content-type", "")).lower().startswith("text/html")


def _policy(response: httpx.Response, target: Target) -> str:
    # Artifacts of a child are previewed under the policy of its route, which knows their type.
    own = response.headers.get("content-security-policy")
    return own if own and target.service == "artifacts" and "sandbox" in own else _POLICY
