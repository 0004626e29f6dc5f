"""The part that runs in the user's kernel: quick to import, standard library only."""

from __future__ import annotations

from typing import Any


def tell(json_text: str) -> None:
    """Takes what the browser says of this kernel's notebook, as JSON; may be told again; never raises."""
    from .guard import quietly

    with quietly("being told"):
        from .telling import tell as take

        take(json_text)


def set_autologging(on: bool) -> None:
    """Turns MLflow's autologging of this kernel on or off and publishes the state; never raises."""
    from .guard import quietly

    with quietly("setting autologging"):
        from .telling import set_autologging as turn

        turn(on)


def load_ipython_extension(shell: Any) -> None:
    """Registers all in a shell that nobody has told: `%load_ext jupyterlab_experiments.kernel`."""
    from .guard import quietly

    with quietly("loading the extension"):
        from .telling import start

        start(shell)
