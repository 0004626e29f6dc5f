"""MLflow runs beside the notebook that made them.

Kernels import this package when they start: nothing heavy may be imported here.
"""

from __future__ import annotations

try:
    from ._version import __version__
except ImportError:
    # Written by the build; absent in a plain checkout and in the part sent to kernels.
    __version__ = "0.1.0"

__all__ = ["__version__"]


def _jupyter_labextension_paths() -> list[dict[str, str]]:
    return [{"src": "labextension", "dest": "jupyterlab-experiments"}]


def _jupyter_server_extension_points() -> list[dict[str, object]]:
    from .server.app import ExperimentsApp

    return [{"module": "jupyterlab_experiments", "app": ExperimentsApp}]
