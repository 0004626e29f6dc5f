"""Which Python interpreter can serve a tracking URI: one that has the plugin; each is asked once."""

from __future__ import annotations

import itertools
import json
import logging
import os
import re
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from typing import Any

from jupyter_client.kernelspec import KernelSpecManager

from ...tracking_uri import scheme_of
from ..errors import TrackingServerUnavailable
from .plugins import missing_plugin_message, missing_server_message, plugin_needed

__all__ = ["Abilities", "Interpreter", "Interpreters", "missing_plugin_message"]

_ASK_TIMEOUT_S = 10.0
_AT_A_TIME = 4
_MOST = 40
# A plugin may be installed without a change of the kernelspecs.
_NOTHING_FOUND_LIVES_S = 20.0
_PYTHON = re.compile(r"^(?:.*[\\/])?python(?:w|\d(?:\.\d+)?)?(?:\.exe)?$")
_DATABRICKS = ("databricks", "databricks-uc")
# `-c` puts the working folder first on the path; modules of strangers must not be found there.
_QUESTION = """
import sys
sys.path[:] = [folder for folder in sys.path if folder]
import json
from importlib import metadata
def names(group):
    try:
        found = metadata.entry_points(group=group)
    except TypeError:
        found = metadata.entry_points().get(group, ())
    return sorted({point.name for point in found})
def version(name):
    try:
        return metadata.version(name)
    except metadata.PackageNotFoundError:
        return None
print(json.dumps({
    "tracking": names("mlflow.tracking_store"),
    "registry": names("mlflow.model_registry_store"),
    "versions": {name: version(name) for name in ("mlflow", "mlflow-skinny", "flask", "databricks-sdk",
                                                  "databricks-cli")},
    "python": sys.version.split()[0],
}))
"""

KernelSpecs = Callable[[], Any]


@dataclass(frozen=True)
class Interpreter:
    """A Python interpreter, the variables its kernelspec adds, and what it is called for people."""

    python: str
    environ: Mapping[str, str] = field(default_factory=dict)
    name: str = ""


@dataclass(frozen=True)
class Abilities:
    """What an interpreter answered: its plugins, its MLflow, its Python; all empty without an answer."""

    tracking: tuple[str, ...] = ()
    registry: tuple[str, ...] = ()
    versions: Mapping[str, str | None] = field(default_factory=dict)
    python_version: str | None = None

    @property
    def mlflow_version(self) -> str | None:
        """Version of its MLflow, full or skinny; None: it has none."""
        return self.versions.get("mlflow") or self.versions.get("mlflow-skinny")

    @property
    def can_serve(self) -> bool:
        """Whether its MLflow comes with a server."""
        return bool(self.mlflow_version and self.versions.get("flask"))

    def has(self, scheme: str) -> bool:
        """Whether it opens stores of a plugin's scheme."""
        if scheme in _DATABRICKS:
            client = self.versions.get("databricks-sdk") or self.versions.get("databricks-cli")
            return bool(self.mlflow_version and client)
        return scheme in self.tracking or scheme in self.registry


class Interpreters:
    """Finds the interpreter of a connection. Every method may block: call them in a thread."""

    def __init__(
        self,
        python: str,
        by_scheme: Mapping[str, str],
        log: logging.Logger,
        kernel_specs: KernelSpecs | None = None,
    ) -> None:
        self._own = Interpreter(python, name="the Jupyter server")
        self._by_scheme = dict(by_scheme)
        self._log = log
        self._kernel_specs = kernel_specs or KernelSpecManager().get_all_specs
        self._lock = threading.Lock()
        self._answers: dict[tuple[str, str], tuple[Abilities, float]] = {}

    def find(self, tracking_uri: str, registry_uri: str | None = None) -> Interpreter:
        """The interpreter for a connection: the given one, our own, or one of a kernel.

        Raises TrackingServerUnavailable, with what to install, when none can open its stores.
        """
        given = self._given(tracking_uri, registry_uri)
        schemes = plugin_needed(tracking_uri, registry_uri)
        if given is not None:
            return given
        if not schemes:
            return self._own
        known = self.known()
        able = [(one, can) for one, can in known if all(can.has(scheme) for scheme in schemes)]
        for interpreter, abilities in able:
            if abilities.can_serve:
                return interpreter
        uris = [uri for uri in (tracking_uri, registry_uri) if uri and scheme_of(uri) in schemes]
        if able:
            interpreter, abilities = able[0]
            message = missing_server_message(uris[0], interpreter.python, abilities.mlflow_version)
            raise TrackingServerUnavailable(message)
        unknown = [uri for uri in uris if not any(can.has(scheme_of(uri)) for _, can in known)]
        raise TrackingServerUnavailable(missing_plugin_message((unknown or uris)[0]))

    def known(self) -> list[tuple[Interpreter, Abilities]]:
        """Our own interpreter and those of the kernels, with what each can; each is asked once."""
        found = [self._own, *self._of_kernels()][:_MOST]
        with self._lock, ThreadPoolExecutor(_AT_A_TIME) as threads:
            now = time.monotonic()
            unasked = [one for one in found if self._must_ask(_key(one), now)]
            for one, abilities in zip(unasked, threads.map(self._ask, unasked), strict=True):
                self._answers[_key(one)] = (abilities, time.monotonic())
            return [(one, self._answers[_key(one)][0]) for one in found]

    def _given(self, tracking_uri: str, registry_uri: str | None) -> Interpreter | None:
        for uri in (tracking_uri, registry_uri):
            python = self._by_scheme.get(scheme_of(uri)) if uri else None
            if python:
                return self._with_kernel_environment(os.path.expanduser(python))
        return None

    def _with_kernel_environment(self, python: str) -> Interpreter:
        """The interpreter as a kernel runs it, where a kernel does."""
        same = (one for one in self._of_kernels() if one.python == python)
        return next(same, Interpreter(python, name=python))

    def _must_ask(self, key: tuple[str, str], now: float) -> bool:
        if key not in self._answers:
            return True
        abilities, asked_at = self._answers[key]
        is_empty = not (abilities.tracking or abilities.registry)
        return is_empty and now - asked_at > _NOTHING_FOUND_LIVES_S

    def _of_kernels(self) -> list[Interpreter]:
        try:
            specs = self._kernel_specs()
        except Exception as error:  # noqa: BLE001 - any manager may be configured, and may fail in its own way
            self._log.warning("The kernelspecs could not be read: %s", type(error).__name__)
            return []
        if not isinstance(specs, dict):
            # Kernels of a gateway run elsewhere.
            getattr(specs, "close", lambda: None)()
            return []
        found = [interpreter_of(specs[name]) for name in sorted(specs)]
        unique = {_key(one): one for one in reversed(found) if one is not None}
        return [one for one in reversed(unique.values()) if _key(one) != _key(self._own)]

    def _ask(self, interpreter: Interpreter) -> Abilities:
        try:
            answer = subprocess.run(
                [interpreter.python, "-c", _QUESTION],
                stdin=subprocess.DEVNULL,
                capture_output=True,
                timeout=_ASK_TIMEOUT_S,
                env={**os.environ, **interpreter.environ},
                check=True,
            )
            return _decode(json.loads(answer.stdout.decode().strip().splitlines()[-1]))
        except (OSError, subprocess.SubprocessError, ValueError, LookupError, TypeError) as error:
            self._log.info("%s did not say what it can: %s", interpreter.python, type(error).__name__)
            return Abilities()


def interpreter_of(entry: Any) -> Interpreter | None:
    """Pure: the interpreter of a kernelspec as its manager prints it; None for another language."""
    spec = entry.get("spec", {}) if isinstance(entry, dict) else {}
    arguments = [str(part) for part in spec.get("argv") or []]
    python = _python_in(arguments)
    if python is None or str(spec.get("language", "python")).lower() != "python":
        return None
    folder = str(entry.get("resource_dir", ""))
    environ = {str(key): str(value) for key, value in (spec.get("env") or {}).items()}
    # As jupyter_client does when it starts a kernel.
    environ = {key: value.replace("{resource_dir}", folder) for key, value in environ.items()}
    return Interpreter(
        python.replace("{resource_dir}", folder), environ, str(spec.get("display_name") or python)
    )


def _python_in(arguments: list[str]) -> str | None:
    """The program before `-m`, which may stand behind a wrapper such as `env` or `conda run`."""
    before = [one for one, next_ in itertools.pairwise(arguments) if next_ in ("-m", "-Xfrozen_modules=off")]
    pythons = [one for one in [*reversed(before), *arguments[:1]] if _PYTHON.match(one)]
    if not pythons:
        return None
    # A bare name means the interpreter of whoever starts the kernel.
    return pythons[0] if os.path.dirname(pythons[0]) else sys.executable


def _key(interpreter: Interpreter) -> tuple[str, str]:
    return os.path.abspath(interpreter.python), json.dumps(dict(interpreter.environ), sort_keys=True)


def _decode(answer: Any) -> Abilities:
    return Abilities(
        tuple(map(str, answer["tracking"])),
        tuple(map(str, answer["registry"])),
        {str(name): version for name, version in answer["versions"].items()},
        str(answer["python"]),
    )
