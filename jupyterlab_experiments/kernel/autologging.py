"""MLflow's autologging: is it on, and on or off for one cell."""

from __future__ import annotations

import sys
from typing import Any

from .guard import quietly

_UTILS = "mlflow.utils.autologging_utils"
_GLOBAL_FLAG = "_AUTOLOGGING_GLOBALLY_DISABLED"


def _integrations() -> dict[str, dict[str, Any]]:
    found = getattr(sys.modules.get(_UTILS), "AUTOLOGGING_INTEGRATIONS", None)
    return found if isinstance(found, dict) else {}


def is_on() -> bool:
    """Whether a library is autologged in this kernel."""
    return any(config and not config.get("disable", False) for config in dict(_integrations()).values())


def turn(on: bool) -> None:
    """Turns autologging of all libraries on or off; imports MLflow to turn it on."""
    if not on and "mlflow" not in sys.modules:
        return
    import mlflow

    mlflow.autolog(disable=not on, silent=True)


class ForOneCell:
    """Autologging as one cell wants it; `restore` brings back what was before."""

    def __init__(self, on: bool) -> None:
        import mlflow

        self._on = on
        self._before = dict(_integrations())
        self._turned_off: list[tuple[dict[str, Any], Any]] = []
        self._flag = bool(getattr(sys.modules.get(_UTILS), _GLOBAL_FLAG, False))
        if on:
            mlflow.autolog(silent=True)
        else:
            self._turn_off()

    def _turn_off(self) -> None:
        for config in self._before.values():
            if config and not config.get("disable", False):
                self._turned_off.append((config, config.get("disable", False)))
                config["disable"] = True
        # For a library that the cell imports: MLflow's import hook would turn its autologging on.
        setattr(sys.modules[_UTILS], _GLOBAL_FLAG, True)

    def restore(self) -> None:
        """Brings back each library's setting; what the cell itself has set stays."""
        with quietly("restoring autologging"):
            if self._on:
                self._restore_off()
                return
            setattr(sys.modules[_UTILS], _GLOBAL_FLAG, self._flag)
            for config, was in self._turned_off:
                config["disable"] = was

    def _restore_off(self) -> None:
        config = self._before.get("mlflow")
        if not config or config.get("disable", False):
            turn(False)
        _integrations().update({name: found for name, found in self._before.items() if found})
