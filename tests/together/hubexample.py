"""`examples/jupyterhub_config.py` as JupyterHub would load it, and what it gives to a user's server."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from types import SimpleNamespace
from typing import Any

from composed import EXAMPLES
from traitlets.config import Config, PyFileConfigLoader

from jupyterlab_experiments.server.app import ExperimentsApp


def hub_config() -> Config:
    """All that the file sets; reads the environment variables it names."""
    return PyFileConfigLoader("jupyterhub_config.py", path=str(EXAMPLES)).load_config()


def settings_of_server(config: Config) -> dict[str, Any]:
    """The values of ExperimentsApp's traits that a user's server has; raises for one that does not exist."""
    app = ExperimentsApp()
    app.parse_command_line(list(config.Spawner.args))
    names = list(app.config.ExperimentsApp)
    unknown = set(names) - set(ExperimentsApp.class_trait_names(config=True))
    assert not unknown, f"ExperimentsApp has no {unknown}"
    return {name: getattr(app, name) for name in names}


def environment_of_server(config: Config, user: str) -> Mapping[str, str]:
    """What the hook gives to the server of a user."""
    spawner = SimpleNamespace(user=SimpleNamespace(name=user), environment={})
    asyncio.run(config.Spawner.pre_spawn_hook(spawner))
    return {"JUPYTERHUB_USER": user, **spawner.environment}
