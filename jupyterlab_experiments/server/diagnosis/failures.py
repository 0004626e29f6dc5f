"""Pure: why no answer of an http(s) server could be had, told from the exception of the request."""

from __future__ import annotations

import asyncio
import socket
import ssl
from collections.abc import Iterator

import httpx

from .probe import Place
from .verdict import BAD_URI, Diagnosis

_BUNDLE = "Set MLFLOW_TRACKING_SERVER_CERT_PATH to {} where the Jupyter server starts."
_OWN = "the certificate"
_AUTHORITY = "the certificate of its authority"
#: By OpenSSL's X509_V_ERR codes: what is wrong, and what to do.
_CERTIFICATES = {
    9: ("The certificate of {} is not valid yet.", "Is the clock of this machine right?"),
    10: ("The certificate of {} has expired.", "Its operator must renew it."),
    18: ("The certificate of {} is self-signed.", _BUNDLE.format(_OWN)),
    19: (
        "The certificate of {} was signed by an authority that is not known here.",
        _BUNDLE.format(_AUTHORITY),
    ),
    20: (
        "The certificate of {} was signed by an authority that is not known here.",
        _BUNDLE.format(_AUTHORITY),
    ),
    21: (
        "The certificate of {} was signed by an authority that is not known here.",
        _BUNDLE.format(_AUTHORITY),
    ),
    62: ("The certificate of {} is for another name.", "Use the name that it is for, or have it renewed."),
    64: ("The certificate of {} is for another address.", "Use the name that it is for, or have it renewed."),
}


def judge_failure(error: BaseException, place: Place) -> Diagnosis:
    """What is wrong where there was no answer."""
    causes = list(_causes(error))
    for kind, judge in _JUDGES:
        found = next((cause for cause in causes if isinstance(cause, kind)), None)
        if found is not None:
            return judge(found, place)
    return Diagnosis("no-answer", f"{place.host} does not answer.", "Is it running, and is the port right?")


def _causes(error: BaseException) -> Iterator[BaseException]:
    """The error, what caused it, and the members of groups."""
    seen: set[int] = set()
    waiting: list[BaseException | None] = [error]
    while waiting:
        cause = waiting.pop(0)
        if cause is None or id(cause) in seen:
            continue
        seen.add(id(cause))
        yield cause
        waiting += [cause.__cause__, cause.__context__, *getattr(cause, "exceptions", ())]


def _of_certificate(error: BaseException, place: Place) -> Diagnosis:
    code = getattr(error, "verify_code", 0)
    known = ("The certificate of {} is not accepted.", _BUNDLE.format(_AUTHORITY))
    message, remedy = _CERTIFICATES.get(code, known)
    return Diagnosis("certificate", message.format(place.host), remedy)


def _of_tls(error: BaseException, place: Place) -> Diagnosis:
    reason = str(getattr(error, "reason", "") or "").upper()
    if "WRONG_VERSION" in reason or "HTTP_REQUEST" in reason or "RECORD_LAYER" in reason:
        return Diagnosis(
            "certificate", f"{place.host} does not speak https.", "Write `http://` in its address."
        )
    if "CERTIFICATE_REQUIRED" in reason or "HANDSHAKE_FAILURE" in reason:
        remedy = "Set MLFLOW_TRACKING_CLIENT_CERT_PATH where the Jupyter server starts."
        return Diagnosis("certificate", f"{place.host} asks for a certificate of the client.", remedy)
    return Diagnosis("certificate", f"No safe connection to {place.host} could be made.", None)


def _of_name(_error: BaseException, place: Place) -> Diagnosis:
    return Diagnosis("no-host", f"There is no host {place.host}.", "Is the name spelled right?")


def _of_refusal(_error: BaseException, place: Place) -> Diagnosis:
    return Diagnosis(
        "no-answer", f"Nothing listens at {place.host}.", "Is the server running, and is the port right?"
    )


def _of_time(_error: BaseException, place: Place) -> Diagnosis:
    return Diagnosis(
        "timeout", f"{place.host} does not answer in time.", "Is a firewall or a proxy in between?"
    )


def _of_protocol(_error: BaseException, place: Place) -> Diagnosis:
    return Diagnosis(
        "not-mlflow",
        f"What listens at {place.host} does not speak http as it should.",
        "Is the port right, and is it `http://` or `https://`?",
    )


def _of_uri(_error: BaseException, _place: Place) -> Diagnosis:
    return BAD_URI


_JUDGES = (
    (ssl.SSLCertVerificationError, _of_certificate),
    (ssl.SSLError, _of_tls),
    (socket.gaierror, _of_name),
    (ConnectionRefusedError, _of_refusal),
    ((httpx.TimeoutException, asyncio.TimeoutError, TimeoutError), _of_time),
    ((httpx.InvalidURL, httpx.UnsupportedProtocol, UnicodeError), _of_uri),
    ((httpx.RemoteProtocolError, httpx.DecodingError), _of_protocol),
)
