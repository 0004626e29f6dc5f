"""Keeps our own failures out of the user's cells."""

from __future__ import annotations

import functools
import logging
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any, TypeVar, cast

logger = logging.getLogger("jupyterlab_experiments.kernel")

_F = TypeVar("_F", bound=Callable[..., Any])


@contextmanager
def quietly(what: str) -> Iterator[None]:
    """Runs the block; an exception of it goes to the log at debug and no further."""
    try:
        yield
    except Exception:
        logger.debug("%s failed", what, exc_info=True)


def guarded(function: _F) -> _F:
    """The function, answering None where it would have raised."""

    @functools.wraps(function)
    def call(*args: Any, **kwargs: Any) -> Any:
        with quietly(function.__qualname__):
            return function(*args, **kwargs)
        return None

    return cast(_F, call)
