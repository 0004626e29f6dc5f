"""What all handlers share: who may ask, and how errors are answered."""

from __future__ import annotations

import json
from http.client import responses
from typing import TYPE_CHECKING, Any, Literal, cast

from jupyter_server.base.handlers import APIHandler
from jupyter_server.extension.handler import ExtensionHandlerMixin
from jupyter_server.utils import ensure_async
from tornado import web

from .errors import ExperimentsError, code_of, code_of_status, status_of

if TYPE_CHECKING:
    from .services import Services

RESOURCE = "experiments"
_MOST_JSON_BYTES = 1_000_000
Action = Literal["read", "write"]


class ExperimentsHandler(ExtensionHandlerMixin, APIHandler):
    """Authenticates, checks XSRF and authorises in `prepare`, before any method runs or a body is read."""

    auth_resource = RESOURCE

    @property
    def services(self) -> Services:
        """The objects that the extension wired."""
        return cast("Services", self.extensionapp.services)  # type: ignore[attr-defined]

    async def prepare(self) -> None:  # type: ignore[override]  # its result is not used
        """Refuses whoever is not known or not allowed."""
        await super().prepare()
        if self._finished or self.request.method == "OPTIONS":
            return
        # Jupyter lets anyone pass here where `allow_unauthenticated_access` is on, its default.
        if self.current_user is None:
            raise web.HTTPError(403, "Login required.")
        await self.authorize(self.action())

    def action(self) -> Action:
        """What the user must be allowed to do."""
        return "read" if self.request.method in ("GET", "HEAD") else "write"

    async def authorize(self, action: Action) -> None:
        """Asks Jupyter's authorizer. Raises HTTPError 403."""
        is_allowed = await ensure_async(
            self.authorizer.is_authorized(self, self.current_user, action, RESOURCE)
        )
        if not is_allowed:
            raise web.HTTPError(403, f"You may not {action} experiments here.")

    def json_body(self) -> dict[str, Any]:
        """The body as a JSON object. Raises HTTPError 400 or 413."""
        if len(self.request.body) > _MOST_JSON_BYTES:
            raise web.HTTPError(413, "The body is too large.")
        try:
            body = json.loads(self.request.body or b"{}")
        # Brackets by the thousand exhaust the parser.
        except (ValueError, RecursionError) as error:
            raise web.HTTPError(400, "The body is not JSON.") from error
        if not isinstance(body, dict):
            raise web.HTTPError(400, "The body is not a JSON object.")
        return body

    def send_error(self, status_code: int = 500, **kwargs: Any) -> None:
        """Gives our own errors their status."""
        error = (kwargs.get("exc_info") or (None, None))[1]
        if isinstance(error, ExperimentsError):
            status_code = status_of(error)
        super().send_error(status_code, **kwargs)

    def write_error(self, status_code: int, **kwargs: Any) -> None:
        """Errors are MLflow's JSON."""
        error = (kwargs.get("exc_info") or (None, None))[1]
        code, message = code_of_status(status_code), "The server failed."
        if isinstance(error, ExperimentsError):
            code, message = code_of(error), str(error)
            if error.retry_after_s is not None:
                self.set_header("Retry-After", str(error.retry_after_s))
        elif isinstance(error, web.HTTPError):
            message = error.log_message or error.reason or responses.get(status_code, message)
        self.finish(json.dumps({"error_code": code, "message": message}))

    def log_exception(self, typ: Any, value: Any, tb: Any) -> None:
        """Our own errors are told to the client; they are no fault of this server."""
        if isinstance(value, ExperimentsError):
            self.log.info("experiments: %s: %s", type(value).__name__, value)
            return
        super().log_exception(typ, value, tb)
