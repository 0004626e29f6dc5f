"""`jupyter experiments doctor`: versions, folders and connections, each tried, without secrets."""

from __future__ import annotations

import argparse
import asyncio
import importlib.metadata
import json
import logging
import os
import platform
import sys
import tempfile
from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from . import __version__
from . import tracking_uri as uris

if TYPE_CHECKING:
    from .server.app import ExperimentsApp
    from .server.connections.spec import Spec
    from .server.services import Services, Surroundings

_PACKAGES = ("jupyter_server", "jupyterlab", "notebook", "httpx", "pyarrow")
#: Only that they are set is told.
_VARIABLES = (
    "MLFLOW_TRACKING_URI",
    "MLFLOW_REGISTRY_URI",
    "MLFLOW_TRACKING_USERNAME",
    "MLFLOW_TRACKING_PASSWORD",
    "MLFLOW_TRACKING_TOKEN",
    "MLFLOW_TRACKING_INSECURE_TLS",
    "MLFLOW_TRACKING_SERVER_CERT_PATH",
    "MLFLOW_TRACKING_CLIENT_CERT_PATH",
)


def main(arguments: Sequence[str] | None = None) -> int:
    """The console script; answers 1 where something is wrong."""
    parser = argparse.ArgumentParser(prog="jupyter experiments", description=__doc__)
    commands = parser.add_subparsers(dest="command", required=True)
    doctor = commands.add_parser("doctor", help="print versions, paths and connections, and try each of them")
    doctor.add_argument("--json", action="store_true", help="print JSON")
    given = parser.parse_args(arguments)
    report = asyncio.run(examine())
    text = json.dumps(report, indent=2, ensure_ascii=False) if given.json else "\n".join(lines_of(report))
    # A terminal that cannot show a sign must not end the report.
    sys.stdout.buffer.write(text.encode(sys.stdout.encoding or "utf-8", "replace") + b"\n")
    sys.stdout.flush()
    return 0 if report["ok"] else 1


async def examine() -> dict[str, Any]:
    """All that is known of this environment, with `ok` and, in words, the `problems`."""
    app = _configured_app()
    warnings: list[str] = []
    with tempfile.TemporaryDirectory(prefix="jlx-doctor-") as folder:
        surroundings = replace(
            app.surroundings(),
            runtime_parent=folder,
            kernel_specs=None,
            log=_log_into(warnings),
            emit=lambda _: None,
        )
        report = await _examine(surroundings)
        return {**report, "ok": report["ok"] and not warnings, "problems": warnings + report["problems"]}


def _configured_app() -> ExperimentsApp:
    from jupyter_server.serverapp import ServerApp

    from .server.app import ExperimentsApp

    server = ServerApp()
    server.load_config_file()
    app = ExperimentsApp()
    app.serverapp = server
    app.load_config_file()
    app.update_config(server.config)
    return app


def _log_into(warnings: list[str]) -> logging.Logger:
    """A log of its own whose warnings are part of the report."""
    log = logging.Logger("jupyterlab_experiments.doctor", logging.WARNING)
    handler = logging.Handler()
    handler.emit = lambda record: warnings.append(uris.scrubbed(record.getMessage()))  # type: ignore[method-assign]
    log.addHandler(handler)
    return log


async def _examine(surroundings: Surroundings) -> dict[str, Any]:
    from .server.errors import ExperimentsError
    from .server.services import Services

    report: dict[str, Any] = {
        "versions": _versions(surroundings.python),
        "paths": _paths(surroundings),
        "variables": [name for name in _VARIABLES if os.environ.get(name)],
        "kernels": [],
        "connections": [],
        "problems": _problems_of_paths(surroundings),
    }
    try:
        services = Services(surroundings)
    except (OSError, ExperimentsError) as error:
        report["problems"].append(f"The settings cannot be used: {uris.scrubbed(str(error))}")
        return {"ok": False, **report}
    try:
        report["kernels"] = await asyncio.to_thread(_kernels, services)
        offered = services.connections.offered
        report["connections"] = list(await asyncio.gather(*(_connection(services, each) for each in offered)))
    finally:
        await services.close()
    report["problems"] += _problems(report)
    return {"ok": not report["problems"], **report}


def _versions(python: str) -> dict[str, str | None]:
    from .server.diagnosis.revisions import read_revisions

    revisions = read_revisions(python)
    return {
        "jupyterlab-experiments": __version__,
        "python": platform.python_version(),
        **{name: _version(name) for name in _PACKAGES},
        "mlflow": revisions.version,
        "mlflow_schema": revisions.head,
    }


def _version(name: str) -> str | None:
    try:
        return importlib.metadata.version(name)
    except importlib.metadata.PackageNotFoundError:
        return None


def _paths(surroundings: Surroundings) -> dict[str, str]:
    from jupyter_core.paths import jupyter_runtime_dir

    kept = os.path.join(surroundings.data_folder, "jupyterlab-experiments", "connections.json")
    return {
        "root": surroundings.configuration.root,
        "added connections": kept,
        "runtime folder": jupyter_runtime_dir(),
        "tracking server's Python": surroundings.python,
        "this Python": sys.executable,
    }


def _problems_of_paths(surroundings: Surroundings) -> list[str]:
    from jupyter_core.paths import jupyter_runtime_dir

    folders = (surroundings.data_folder, jupyter_runtime_dir())
    return [f"The folder {folder} cannot be written." for folder in folders if not _can_write(folder)]


def _can_write(folder: str) -> bool:
    while not os.path.exists(folder):
        folder = os.path.dirname(folder)
    return os.access(folder, os.W_OK)


def _kernels(services: Services) -> list[dict[str, Any]]:
    return [
        {
            "name": interpreter.name,
            "python": interpreter.python,
            "python_version": abilities.python_version,
            "mlflow": abilities.mlflow_version,
            "plugins": sorted({*abilities.tracking, *abilities.registry}),
        }
        for interpreter, abilities in services.interpreters.known()
    ]


async def _connection(services: Services, spec: Spec) -> dict[str, Any]:
    found = await services.tester.look(spec)
    registry = spec.registry_uri
    return {
        "id": spec.id,
        "label": spec.label,
        "source": spec.source,
        "tracking_uri": uris.without_credentials(spec.tracking_uri),
        "registry_uri": uris.without_credentials(registry) if registry else None,
        **found.printed(),
    }


def _problems(report: dict[str, Any]) -> list[str]:
    problems = [f"{each['label']}: {each['message']}" for each in report["connections"] if not each["ok"]]
    if report["versions"]["mlflow"] is None:
        problems.append("The Python of the tracking servers has no MLflow.")
    if not report["connections"]:
        problems.append("There is no connection.")
    return problems


def lines_of(report: dict[str, Any]) -> list[str]:
    """The report for people."""
    lines = ["Versions", *_pairs(report["versions"]), "", "Paths", *_pairs(report["paths"])]
    lines += ["", "Environment", f"  set: {', '.join(report['variables']) or 'nothing of MLflow'}"]
    lines += ["", "Kernels and the server", *(_kernel_line(each) for each in report["kernels"])]
    lines += ["", "Connections"]
    for each in report["connections"]:
        lines += _connection_lines(each)
    problems = [f"  ✗ {problem}" for problem in report["problems"]]
    return [*lines, "", *(["Problems", *problems] if problems else ["All is well."])]


def _pairs(pairs: dict[str, str | None]) -> list[str]:
    width = max(map(len, pairs))
    return [f"  {name:<{width}}  {value or '–'}" for name, value in pairs.items()]


def _kernel_line(kernel: dict[str, Any]) -> str:
    plugins = f", plugins: {', '.join(kernel['plugins'])}" if kernel["plugins"] else ""
    python = f"Python {kernel['python_version']}" if kernel["python_version"] else "cannot be run"
    return f"  {kernel['name']}: {python}, MLflow {kernel['mlflow'] or '–'}{plugins} ({kernel['python']})"


def _connection_lines(each: dict[str, Any]) -> list[str]:
    mark = "✓" if each["ok"] else "✗"
    registry = f", registry {each['registry_uri']}" if each["registry_uri"] else ""
    lines = [f"  {mark} {each['id']}: {each['label']} ({each['source']}): {each['tracking_uri']}{registry}"]
    lines.append(f"      {each['diagnosis']}: {each['message']}")
    return lines + ([f"      {each['remedy']}"] if each["remedy"] else [])


if __name__ == "__main__":
    sys.exit(main())
