"""Handlers of maintenance: begin a task, ask how it stands."""

from __future__ import annotations

import json

from tornado import web

from ..base import Action, ExperimentsHandler


class MaintainHandler(ExperimentsHandler):
    """Backs up and upgrades a store, or copies one."""

    @web.authenticated
    async def post(self) -> None:
        """Begins it and answers the task's id."""
        body = self.json_body()
        connection_id, what = body.get("id"), body.get("what")
        if not isinstance(connection_id, str) or not isinstance(what, str):
            raise web.HTTPError(400, "id or what is missing.")
        # Refuses those that the administrator does not allow.
        self.services.gateway.upstream(connection_id)
        spec = self.services.connections.get(connection_id)
        task = self.services.maintenance.begin(spec, what)
        self.finish(json.dumps({"task": task.id}))


class TaskHandler(ExperimentsHandler):
    """How a task stands."""

    def action(self) -> Action:
        """Everyone who may look may know."""
        return "read"

    @web.authenticated
    async def post(self) -> None:
        """Answers its state, its last words, and the connection that it made."""
        task_id = self.json_body().get("task")
        if not isinstance(task_id, str):
            raise web.HTTPError(400, "task is missing.")
        task = self.services.maintenance.task(task_id)
        made = self.services.print(task.made) if task.made else None
        self.finish(json.dumps({"state": task.state, "message": task.message, "connection": made}))
