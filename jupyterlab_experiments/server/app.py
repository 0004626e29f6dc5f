"""Extension app: settings in, objects wired, routes listed."""

from __future__ import annotations

import os
import sys
from urllib.parse import urlsplit

from jupyter_core.paths import jupyter_data_dir, jupyter_runtime_dir
from jupyter_events import EventLogger
from jupyter_server.extension.application import ExtensionApp
from jupyter_server.serverapp import ServerApp
from jupyter_server.utils import url_path_join
from traitlets import Bool, Dict, Float, Int, List, Unicode

from .changes import EVENT_SCHEMA
from .connections.catalogue import Configuration
from .contract import BASE, EVENT_SCHEMA_ID, ROUTES, RUNTIME_FOLDER_VARIABLE
from .forwardhandler import ForwardHandler
from .handlers import (
    AddHandler,
    ConnectionsHandler,
    FindHandler,
    KernelPartHandler,
    LogHandler,
    RemoveHandler,
    RestoreHandler,
    StatusHandler,
    TestHandler,
    UnknownRouteHandler,
)
from .limits import Limits
from .maintenance.handlers import MaintainHandler, TaskHandler
from .services import Services, Surroundings

_CONNECTIONS = ROUTES["connections"]


class ExperimentsApp(ExtensionApp):
    """Serves MLflow's tracking servers below the Jupyter base URL."""

    name = "jupyterlab_experiments"
    extension_url = f"/{BASE}"
    load_other_extensions = True

    tracking_uri = Unicode(
        "",
        help="Tracking URI of the default connection. Empty: MLFLOW_TRACKING_URI of the server's "
        "environment, else mlflow.db in the root folder.",
    ).tag(config=True)
    registry_uri = Unicode(
        "", help="Registry URI of the default connection. Empty: the tracking URI's own registry."
    ).tag(config=True)
    connections = Dict(
        help="More connections, by id, such as "
        "{'team': {'tracking_uri': 'https://…', 'registry_uri': '…', 'label': '…'}}."
    ).tag(config=True)
    allowed_tracking_uris = List(
        Unicode(),
        default_value=None,
        allow_none=True,
        help="Glob patterns of the tracking URIs, without credentials, that a kernel may turn the panel to, "
        "that are found beside notebooks and that users may add; of an http(s) one, host and path apart. "
        "Default: SQLite files and folders of files below the root folder; users may add any. "
        "Configured connections are always allowed.",
    ).tag(config=True)
    users_may_add = Bool(
        True,
        help="Whether users may add connections of their own. Those of notebooks and kernels are subject to "
        "`allowed_tracking_uris`.",
    ).tag(config=True)
    local_stores = Bool(
        True,
        help="False: no SQLite file and no folder of files is served at all; where no tracking URI is set, "
        "the first of `connections` that remains is the default one.",
    ).tag(config=True)
    forced_connection = Unicode(
        "", help="Id of the only connection that is offered, and that kernels are told; empty: all are."
    ).tag(config=True)
    credentials_command = List(
        Unicode(),
        help="Command, as a list of words and run without a shell, that reads a JSON object with the host "
        'of a tracking server ({"host": …, "tracking_uri": …}) from stdin and prints its credentials as one: '
        '{"username", "password"} or {"token"}, with an optional "expires_at" (seconds since 1970 or '
        "ISO 8601). It is asked for the default connection and those of `connections` only.",
    ).tag(config=True)
    max_body_bytes = Int(1 << 40, help="The largest body of a request that is forwarded, in bytes.").tag(
        config=True
    )
    request_timeout = Float(
        60, help="Seconds that a tracking server may take until the first byte of its answer."
    ).tag(config=True)
    tracking_server_pythons = Dict(
        Unicode(),
        help="Python interpreters that run the tracking servers of tracking URIs with a scheme, by that "
        "scheme, such as {'azureml': '/opt/azure/bin/python'}. Else one with the plugin is looked for.",
    ).tag(config=True)
    tracking_server_memory_limit = Float(
        1024, help="Megabytes of memory over which an idle tracking server is ended; 0: no limit."
    ).tag(config=True)
    idle_timeout = Float(
        1800, help="Seconds without a request after which a tracking server is stopped; 0: never."
    ).tag(config=True)
    tracking_server_python = Unicode(
        sys.executable, help="Python interpreter with MLflow that runs the tracking servers."
    ).tag(config=True)
    default_experiment = Unicode(
        "notebook",
        help="Experiment of notebooks that set none: 'notebook' (one of its own), 'none' or a template.",
    ).tag(config=True)

    services: Services

    def initialize_settings(self) -> None:
        """Makes the runtime folder and names it to the kernels; writes no store."""
        self._register_event()
        self.services = Services(self.surroundings())
        self.services.tell_kernels(self._address())
        os.environ[RUNTIME_FOLDER_VARIABLE] = str(self.services.runtime.path)

    def initialize_handlers(self) -> None:
        """Lists the routes."""
        self.handlers.extend(
            [
                (rf"/{BASE}/{ROUTES['status']}", StatusHandler),
                (rf"/{BASE}/{ROUTES['kernelPart']}", KernelPartHandler),
                (rf"/{BASE}/{_CONNECTIONS}", ConnectionsHandler),
                (rf"/{BASE}/{_CONNECTIONS}/find", FindHandler),
                (rf"/{BASE}/{_CONNECTIONS}/add", AddHandler),
                (rf"/{BASE}/{_CONNECTIONS}/remove", RemoveHandler),
                (rf"/{BASE}/{_CONNECTIONS}/restore", RestoreHandler),
                (rf"/{BASE}/{_CONNECTIONS}/log", LogHandler),
                (rf"/{BASE}/{_CONNECTIONS}/maintain", MaintainHandler),
                (rf"/{BASE}/{_CONNECTIONS}/task", TaskHandler),
                (rf"/{BASE}/{_CONNECTIONS}/test", TestHandler),
                (rf"/{BASE}/{_CONNECTIONS}/([\w.-]+)/(.*)", ForwardHandler),
                (rf"/{BASE}(?:/.*)?", UnknownRouteHandler),
            ]
        )

    async def _start_jupyter_server_extension(self, _serverapp: ServerApp) -> None:
        # Only now is the port certain: the one asked for may have been taken.
        self.services.tell_kernels(self._address())

    async def stop_extension(self) -> None:
        """Ends what was started, and removes the runtime folder."""
        if os.environ.get(RUNTIME_FOLDER_VARIABLE) == str(self.services.runtime.path):
            del os.environ[RUNTIME_FOLDER_VARIABLE]
        await self.services.close()

    def _server(self) -> ServerApp:
        assert self.serverapp is not None
        return self.serverapp

    def surroundings(self) -> Surroundings:
        """What the traits and the server say; nothing is made or opened."""
        return Surroundings(
            runtime_parent=jupyter_runtime_dir(),
            data_folder=jupyter_data_dir(),
            configuration=self._configuration(),
            python=self.tracking_server_python,
            idle_timeout_s=self.idle_timeout,
            default_experiment=self.default_experiment,
            log=self.log,
            emit=lambda content: self._events().emit(schema_id=EVENT_SCHEMA_ID, data=content),
            limits=Limits(self.max_body_bytes, self.request_timeout),
            pythons=self.tracking_server_pythons,
            memory_limit_mb=self.tracking_server_memory_limit,
            credentials_command=self.credentials_command,
            kernel_specs=self._kernel_specs,
        )

    def _configuration(self) -> Configuration:
        return Configuration(
            root=os.path.abspath(os.path.expanduser(self._server().root_dir)),
            tracking_uri=self.tracking_uri,
            registry_uri=self.registry_uri,
            connections=self.connections,
            allowed=self.allowed_tracking_uris,
            users_may_add=self.users_may_add,
            local_stores=self.local_stores,
            forced=self.forced_connection,
        )

    def _kernel_specs(self) -> object:
        manager = self._server().kernel_spec_manager
        return manager.get_all_specs() if manager else {}

    def _events(self) -> EventLogger:
        events = self._server().event_logger
        assert events is not None
        return events

    def _register_event(self) -> None:
        if EVENT_SCHEMA_ID not in self._events().schemas:
            self._events().register_event_schema(EVENT_SCHEMA)

    def _address(self) -> str | None:
        # A socket, or port 0, of which Jupyter does not say what became of it: nothing a kernel could call.
        if self._server().sock or not self._server().port:
            return None
        parts = urlsplit(self._server().local_url)
        origin = f"{parts.scheme}://{parts.netloc}"
        return origin + url_path_join(self._server().base_url, BASE, _CONNECTIONS) + "/"
