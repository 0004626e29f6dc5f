"""What can go wrong, and the one table that maps it to HTTP statuses and MLflow's error codes."""

# ruff: noqa: N818 - named as they are told: "raise UnknownConnection"
from __future__ import annotations


class ExperimentsError(Exception):
    """Base of all errors of this part; its text is for people and holds no secret."""

    retry_after_s: int | None = None


class UnknownConnection(ExperimentsError):
    """No connection has this id."""


class ForbiddenConnection(ExperimentsError):
    """The administrator does not allow this tracking URI."""


class NoSuchRoute(ExperimentsError):
    """This path is not forwarded."""


class BadRequest(ExperimentsError):
    """The request cannot be understood."""


class NotAuthorized(ExperimentsError):
    """The user, or the token, may not do this."""


class LoginRefused(ExperimentsError):
    """The remote tracking server refused the credentials."""


class UpstreamRedirected(ExperimentsError):
    """The remote tracking server answered with a redirect, which is never followed."""


class NoSuchArtifact(ExperimentsError):
    """The run, or the model, has no such artifact."""


class UpstreamRefused(ExperimentsError):
    """The remote tracking server answered one of our own questions with an error, which is the client's."""

    def __init__(self, message: str, status: int, code: str) -> None:
        super().__init__(message)
        self.status = status
        self.code = code


class NotMlflow(ExperimentsError):
    """What answers at the address of the remote tracking server is something else."""


class BodyTooLarge(ExperimentsError):
    """The body of the request is larger than is taken."""


class SchemaMismatch(ExperimentsError):
    """The database was written by another MLflow."""


class TrackingServerUnavailable(ExperimentsError):
    """The tracking server cannot be started or reached; `retry_after_s` says when it is tried again."""

    def __init__(self, message: str, retry_after_s: int | None = None) -> None:
        super().__init__(message)
        self.retry_after_s = retry_after_s


class AnswerLost(ExperimentsError):
    """The request was sent, but its answer did not arrive: it may or may not have been carried out."""


_TABLE: dict[type[ExperimentsError], tuple[int, str]] = {
    UnknownConnection: (404, "RESOURCE_DOES_NOT_EXIST"),
    ForbiddenConnection: (403, "PERMISSION_DENIED"),
    NoSuchRoute: (404, "ENDPOINT_NOT_FOUND"),
    NoSuchArtifact: (404, "RESOURCE_DOES_NOT_EXIST"),
    BadRequest: (400, "INVALID_PARAMETER_VALUE"),
    NotAuthorized: (403, "PERMISSION_DENIED"),
    LoginRefused: (401, "UNAUTHENTICATED"),
    # Not a 5xx: MLflow's client would repeat it for minutes.
    UpstreamRedirected: (400, "BAD_REQUEST"),
    NotMlflow: (400, "BAD_REQUEST"),
    BodyTooLarge: (413, "INVALID_PARAMETER_VALUE"),
    SchemaMismatch: (409, "INVALID_STATE"),
    TrackingServerUnavailable: (503, "TEMPORARILY_UNAVAILABLE"),
    AnswerLost: (502, "TEMPORARILY_UNAVAILABLE"),
}

_STATUS_CODES: dict[int, str] = {
    400: "BAD_REQUEST",
    401: "UNAUTHENTICATED",
    403: "PERMISSION_DENIED",
    404: "ENDPOINT_NOT_FOUND",
    405: "ENDPOINT_NOT_FOUND",
}


def status_of(error: ExperimentsError) -> int:
    """The HTTP status of an error."""
    if isinstance(error, UpstreamRefused):
        return error.status
    return _TABLE.get(type(error), (500, "INTERNAL_ERROR"))[0]


def code_of(error: ExperimentsError) -> str:
    """MLflow's error code of an error."""
    if isinstance(error, UpstreamRefused):
        return error.code
    return _TABLE.get(type(error), (500, "INTERNAL_ERROR"))[1]


def code_of_status(status: int) -> str:
    """MLflow's error code that fits an HTTP status of another origin."""
    return _STATUS_CODES.get(status, "INTERNAL_ERROR")
