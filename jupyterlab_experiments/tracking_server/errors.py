"""What the routes may answer instead of a result, in MLflow's words."""

from __future__ import annotations


class RouteError(Exception):
    """An error with MLflow's error code and the HTTP status that goes with it."""

    error_code = "INTERNAL_ERROR"
    status = 500


class BadRequestError(RouteError):
    """The request does not say what the route can do."""

    error_code = "INVALID_PARAMETER_VALUE"
    status = 400


class NotFoundError(RouteError):
    """What was asked for is not in the store."""

    error_code = "RESOURCE_DOES_NOT_EXIST"
    status = 404


class StoreNotReadableError(RouteError):
    """The store has no tables that can be read as columns; the caller pages through REST instead."""

    error_code = "NOT_IMPLEMENTED"
    status = 501


class StoreBusyError(RouteError):
    """The store could not be read now: locked, or its server is away."""

    error_code = "TEMPORARILY_UNAVAILABLE"
    status = 503
