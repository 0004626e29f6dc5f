"""Pure: the command line and environment of a tracking server."""

from __future__ import annotations

import json
import os
import re
from collections.abc import Mapping, Sequence
from dataclasses import replace
from urllib.parse import unquote

from ... import tracking_uri as uris
from ..connections.catalogue import Spec
from .process import Launch

_MODULE = "jupyterlab_experiments.tracking_server"
_ARGUMENTS_VARIABLE = "JUPYTERLAB_EXPERIMENTS_ARGUMENTS"
_READ_ARGUMENTS = (
    f"import json, os, sys; from {_MODULE}.__main__ import main; "
    f"sys.exit(main(json.loads(os.environ.pop('{_ARGUMENTS_VARIABLE}'))))"
)


def launch_of(spec: Spec, python: str, socket_path: str, python_path: str) -> Launch:
    """How to start the tracking server of a connection."""
    arguments = ["--uds", socket_path, "--tracking-uri", spec.tracking_uri]
    if spec.registry_uri:
        arguments += ["--registry-uri", spec.registry_uri]
    if spec.artifact_root:
        arguments += ["--artifact-root", spec.artifact_root]
    secrets = [*_secrets(spec.tracking_uri), *_secrets(spec.registry_uri or "")]
    environ: dict[str, str] = {}
    if secrets:
        # Everyone on the machine can read command lines, but only its owner a process's environment.
        environ[_ARGUMENTS_VARIABLE] = json.dumps(arguments)
        command = [python, "-c", _READ_ARGUMENTS]
    else:
        command = [python, "-m", _MODULE, *arguments]
    # A folder with nothing but our package: Python puts the working folder first on the module path.
    return Launch(command, _environment(python_path, environ), python_path, secrets)


def _environment(python_path: str, extra: Mapping[str, str]) -> dict[str, str]:
    environ = dict(os.environ)
    before = environ.get("PYTHONPATH")
    environ["PYTHONPATH"] = python_path + (os.pathsep + before if before else "")
    environ.update(extra)
    return environ


def launch_maintenance(arguments: Sequence[str], python: str, python_path: str) -> Launch:
    """How to start the process that upgrades or copies a store of files; their names hold no secret."""
    command = [python, "-m", f"{_MODULE}.maintain", *arguments]
    return Launch(command, _environment(python_path, {}), python_path)


def with_environment(launch: Launch, environ: Mapping[str, str]) -> Launch:
    """The same with the variables of a kernelspec; our package stays first on the module path."""
    both = {**launch.environ, **environ}
    if environ.get("PYTHONPATH"):
        both["PYTHONPATH"] = launch.folder + os.pathsep + environ["PYTHONPATH"]
    return replace(launch, environ=both)


def _secrets(uri: str) -> list[str]:
    """Password of a URI, as written and decoded; whole query values, which may hold one."""
    if uris.kind_of(uri) in ("sqlite", "file"):
        return []
    found = re.match(r"^[^:]+://[^:/@]*:(.*)@", uri)
    query = uri.split("?", 1)[1] if "?" in uri else ""
    words = [found.group(1)] if found else []
    words += [part.split("=", 1)[1] for part in query.split("&") if "=" in part]
    return [word for word in {*words, *map(unquote, words)} if word]
