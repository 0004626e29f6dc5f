"""Calls a function once a module has been imported, without importing it."""

from __future__ import annotations

import sys
from collections.abc import Callable, Sequence
from importlib.machinery import ModuleSpec
from types import ModuleType
from typing import Any

from .guard import quietly

_waiting: dict[str, list[Callable[[ModuleType], None]]] = {}


def when_imported(name: str, call: Callable[[ModuleType], None]) -> None:
    """Calls at once if the module is there already, else right after its import."""
    module = sys.modules.get(name)
    if module is not None and not _is_initializing(module):
        _call(module, call)
        return
    _waiting.setdefault(name, []).append(call)
    if _finder not in sys.meta_path:
        sys.meta_path.insert(0, _finder)


def _is_initializing(module: ModuleType) -> bool:
    return bool(getattr(getattr(module, "__spec__", None), "_initializing", False))


def _call(module: ModuleType, call: Callable[[ModuleType], None]) -> None:
    with quietly(f"hook of {module.__name__}"):
        call(module)


def _done(name: str) -> None:
    module = sys.modules.get(name)
    for call in _waiting.pop(name, []):
        if module is not None:
            _call(module, call)
    if not _waiting and _finder in sys.meta_path:
        sys.meta_path.remove(_finder)


class _Finder:
    """Stands first in `sys.meta_path` while something waits; finds nothing itself."""

    def find_spec(
        self, fullname: str, path: Sequence[str] | None = None, target: ModuleType | None = None
    ) -> ModuleSpec | None:
        """The real spec with its loader wrapped, for a module that is waited for."""
        # A module that was half imported when we came can be served at the next import only.
        for name in list(_waiting):
            module = sys.modules.get(name)
            if module is not None and not _is_initializing(module):
                _done(name)
        if fullname not in _waiting:
            return None
        return _wrapped(_real_spec(fullname, path, target), fullname)


def _real_spec(name: str, path: Sequence[str] | None, target: ModuleType | None) -> ModuleSpec | None:
    for finder in list(sys.meta_path):
        find_spec = getattr(finder, "find_spec", None)
        if finder is _finder or find_spec is None:
            continue
        spec: ModuleSpec | None = find_spec(name, path, target)
        if spec is not None:
            return spec
    return None


def _wrapped(spec: ModuleSpec | None, name: str) -> ModuleSpec | None:
    loader: Any = getattr(spec, "loader", None)
    execute = getattr(loader, "exec_module", None)
    if execute is None:
        return spec

    def exec_module(module: ModuleType) -> None:
        execute(module)
        _done(name)

    loader.exec_module = exec_module
    return spec


_finder: Any = _Finder()
