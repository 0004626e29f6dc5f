"""Pure: what is wrong with an http(s) tracking server, decided from its answers."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from urllib.parse import urlsplit

from ... import tracking_uri as uris
from .verdict import Diagnosis

OLDEST = (2, 9)
_VERSION = re.compile(r"^\s*\"?(\d+)\.(\d+)[\w.+-]{0,40}\"?\s*$")
_KEYS = {"experiments", "next_page_token"}


@dataclass(frozen=True)
class Place:
    """Where was asked: host and address without credentials, and whether the environment's login was sent."""

    host: str
    address: str
    is_trusted: bool = True


@dataclass(frozen=True)
class Answer:
    """An answer with the beginning of its body."""

    status: int
    headers: Mapping[str, str] = field(default_factory=dict)
    body: bytes = b""
    is_whole: bool = True


@dataclass(frozen=True)
class Answers:
    """What a server said to a search of experiments, and to questions that tell its age."""

    search: Answer
    version: Answer | None = None
    alias: Answer | None = None


def judge(answers: Answers, place: Place) -> Diagnosis:
    """What the answers say of the server."""
    search = answers.search
    if search.status < 300:
        return _judge_age(answers, place) if is_mlflow(search) else _not_mlflow(search, place)
    if search.status < 400:
        return _redirect(search, place)
    if search.status in (401, 403):
        return _refused(search, place)
    if search.status in (404, 405):
        return _missing(answers, place)
    return Diagnosis("failed", f"{place.host} answered {search.status}.", _remedy_of_status(search.status))


def is_mlflow(answer: Answer) -> bool:
    """Whether a search of experiments was answered as MLflow does."""
    if not answer.is_whole:
        return re.match(rb'^\s*\{\s*"(?:experiments|next_page_token)"\s*:', answer.body) is not None
    found = _json(answer)
    return isinstance(found, dict) and set(found) <= _KEYS


def version_of(answer: Answer | None) -> str | None:
    """MLflow's version, as `/version` says it."""
    if answer is None or answer.status != 200:
        return None
    text = answer.body[:100].decode("utf-8", "replace")
    return text.strip().strip('"') if _VERSION.match(text) else None


def _judge_age(answers: Answers, place: Place) -> Diagnosis:
    version = version_of(answers.version)
    found = _VERSION.match(version or "")
    if found is not None and (int(found[1]), int(found[2])) < OLDEST:
        return _too_old(place, f"MLflow {version}", version)
    # Aliases came with 2.3: a server that knows neither them nor its version is older than any we know.
    knows_aliases = answers.alias is None or isinstance(_json(answers.alias), dict)
    if version is None and not knows_aliases:
        return _too_old(place, "a very old MLflow", None)
    named = f"MLflow {version}" if version else "MLflow"
    return Diagnosis("ok", f"{place.host} answers: {named}.", None, version)


def _too_old(place: Place, what: str, version: str | None) -> Diagnosis:
    message = f"{place.host} runs {what}; this panel needs MLflow 2.9 or later."
    return Diagnosis("too-old", message, "Its operator must upgrade it.", version)


def _missing(answers: Answers, place: Place) -> Diagnosis:
    version = version_of(answers.version)
    if version is not None:
        return _too_old(place, f"MLflow {version}", version)
    return _not_mlflow(answers.search, place)


def _not_mlflow(answer: Answer, place: Place) -> Diagnosis:
    kind = answer.headers.get("content-type", "").lower()
    if b"<html" in answer.body[:2000].lower() or "html" in kind:
        what = "a web page"
    else:
        what = "something else" if _json(answer) is None else "other JSON"
    remedy = "Is the address complete? Some servers have MLflow below a path, such as `/mlflow`."
    if "login" in answer.body[:5000].decode("latin-1").lower() and what == "a web page":
        remedy = "Perhaps a login page stands before it: a token in MLFLOW_TRACKING_TOKEN may pass it."
    return Diagnosis("not-mlflow", f"{place.host} is no MLflow server: it answers with {what}.", remedy)


def _redirect(answer: Answer, place: Place) -> Diagnosis:
    target = shown_location(answer.headers.get("location", ""), place.address)
    message = f"{place.host} redirects to {target}." if target else f"{place.host} redirects."
    return Diagnosis(
        "redirect", message, "Set the tracking URI to the final address: redirects are not followed."
    )


def shown_location(location: str, address: str) -> str:
    """Where a redirect leads, without credentials and query; empty for what makes no sense."""
    try:
        parts = urlsplit(location.strip())
        host = parts.netloc.rpartition("@")[2] or urlsplit(address).netloc
        scheme = parts.scheme or urlsplit(address).scheme
    except ValueError:
        return ""
    if scheme not in ("http", "https"):
        return ""
    shown = f"{scheme}://{host}{parts.path}"
    return shown if len(shown) <= 200 and shown.isprintable() else f"{scheme}://{host}"[:200]


def _refused(answer: Answer, place: Place) -> Diagnosis:
    if answer.status == 403 and b"host header" in answer.body.lower():
        return Diagnosis(
            "host-header",
            f"The server does not accept the name “{place.host}”.",
            f"Its operator must add it: `mlflow server --allowed-hosts {place.host}`.",
        )
    if answer.status == 403:
        return Diagnosis(
            "permission",
            f"{place.host} does not permit this user to see experiments (403).",
            "Ask its operator for permission, or log in as somebody else.",
        )
    return Diagnosis("login", f"{place.host} refused the login (401).", login_remedy(place))


def login_remedy(place: Place) -> str:
    """Where credentials for a server are to be put."""
    if place.is_trusted:
        return (
            "Set MLFLOW_TRACKING_USERNAME and MLFLOW_TRACKING_PASSWORD where the Jupyter server starts, "
            "or ~/.mlflow/credentials."
        )
    scheme, _, rest = place.address.partition("://")
    return f"Add it with user and password in its address: `{scheme}://user:password@{rest}`."


def _remedy_of_status(status: int) -> str | None:
    if status == 429:
        return "It is asked too often: try again later."
    if status in (502, 503, 504):
        return "A proxy answers, but not the server behind it: its operator must look."
    return "Its operator finds more in its log." if status >= 500 else None


def _json(answer: Answer) -> object:
    try:
        return json.loads(answer.body)
    except (ValueError, RecursionError):
        return None


def place_of(uri: str, is_trusted: bool) -> Place:
    """The place of a tracking URI."""
    return Place(uris.host_of(uri), uris.without_credentials(uri).rstrip("/"), is_trusted)
