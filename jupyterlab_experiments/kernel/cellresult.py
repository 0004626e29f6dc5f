"""How a cell ended: its status as a run's, and its error in one line; pure."""

from __future__ import annotations

import asyncio
import traceback
from dataclasses import dataclass
from typing import Any

ERROR_TAG_LENGTH = 500
_RANK = {"FINISHED": 0, "FAILED": 1, "KILLED": 2}
_HINT = 'Pass serialization_format="cloudpickle" to log_model.'


@dataclass(frozen=True)
class Outcome:
    """Status of the run; `error` for its tag, `shown` for its card with a hint where we have one."""

    status: str = "FINISHED"
    error: str | None = None
    shown: str | None = None


def outcome_of(result: Any) -> Outcome:
    """Outcome of IPython's result of a cell; None is a cell that was cancelled."""
    if result is None:
        return Outcome("KILLED")
    error = getattr(result, "error_in_exec", None) or getattr(result, "error_before_exec", None)
    if error is None:
        return Outcome() if getattr(result, "success", True) else Outcome("FAILED")
    if isinstance(error, (KeyboardInterrupt, asyncio.CancelledError)):
        return Outcome("KILLED", "Interrupted", "Interrupted")
    line = last_line(error)
    return Outcome("FAILED", line, f"{line} {_HINT}" if is_refused_format(error) else line)


def worst(first: Outcome, second: Outcome) -> Outcome:
    """The worse of two; the earlier one of equals."""
    return second if _RANK[second.status] > _RANK[first.status] else first


def last_line(error: BaseException) -> str:
    """The line that a traceback ends with; of a message of several lines the first."""
    try:
        text = "".join(traceback.format_exception_only(type(error), error)[-1:]).strip()
    except Exception:  # noqa: BLE001 - the user's own exception class may fail to print itself
        text = type(error).__name__
    return (text.splitlines() or [type(error).__name__])[0].strip()


def is_refused_format(error: BaseException) -> bool:
    """Whether MLflow's default model format, skops, has refused a model."""
    text = f"{error} {error.__cause__ or ''}".lower()
    return "skops" in text or "untrusted types" in text
