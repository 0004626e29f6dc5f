"""The line of `%%run` as options; pure."""

from __future__ import annotations

import argparse
import ast
import shlex
from dataclasses import dataclass
from typing import Any, NoReturn


class LineError(ValueError):
    """A line that cannot be understood, in words for its writer."""


@dataclass(frozen=True)
class RunOptions:
    """What the line of a `%%run` cell asks for."""

    name: str | None
    experiment: str | None
    params: dict[str, str]
    tags: dict[str, str]
    description: str | None
    is_nested: bool
    autolog: bool | None
    variable: str | None
    is_quiet: bool


class LineParser(argparse.ArgumentParser):
    """Parses a magic's line; raises LineError where argparse would end the process."""

    def __init__(self, name: str) -> None:
        super().__init__(prog=name, add_help=False, allow_abbrev=False)

    def error(self, message: str) -> NoReturn:
        """Raises instead of leaving the kernel."""
        raise LineError(f"{self.prog}: {message}")


def split(line: str, name: str) -> list[str]:
    """The words of a line, quotes taken away as a shell does it."""
    try:
        return shlex.split(line)
    except ValueError as error:
        raise LineError(f"{name}: {error}") from error


def _parser() -> LineParser:
    parser = LineParser("%%run")
    parser.add_argument("name", nargs="?")
    parser.add_argument("-e", "--experiment")
    parser.add_argument("-p", "--param", action="append", default=[], metavar="K=V")
    parser.add_argument("-t", "--tag", action="append", default=[], metavar="K=V")
    parser.add_argument("-d", "--description")
    parser.add_argument("--nested", action="store_true")
    parser.add_argument("--autolog", dest="autolog", action="store_true", default=None)
    parser.add_argument("--no-autolog", dest="autolog", action="store_false")
    parser.add_argument("--as", dest="variable", metavar="VAR")
    parser.add_argument("--quiet", action="store_true")
    return parser


def parse(line: str) -> RunOptions:
    """Options of a `%%run` line, its `{expressions}` expanded already; raises LineError."""
    found = _parser().parse_intermixed_args(_joined(split(line, "%%run")))
    if found.variable is not None and not found.variable.isidentifier():
        raise LineError(f"%%run: --as needs a variable's name, not {found.variable!r}")
    return RunOptions(
        name=found.name,
        experiment=found.experiment,
        params=_pairs(found.param, "-p"),
        tags=_pairs(found.tag, "-t"),
        description=found.description,
        is_nested=found.nested,
        autolog=found.autolog,
        variable=found.variable,
        is_quiet=found.quiet,
    )


_TAKES_VALUE = {"-e", "-p", "-t", "-d", "--experiment", "--param", "--tag", "--description"}


def _joined(words: list[str]) -> list[str]:
    """Values that begin with a dash, such as `-d '-1 is better'`, kept as values."""
    joined: list[str] = []
    rest = iter(words)
    for word in rest:
        if word in _TAKES_VALUE:
            value = next(rest, None)
            if value is None:
                return [*joined, word]
            joined.append(f"{word}={value}" if word.startswith("--") else f"{word}{value}")
        else:
            joined.append(word)
    return joined


def _pairs(texts: list[str], option: str) -> dict[str, str]:
    pairs: dict[str, str] = {}
    for text in texts:
        key, separator, value = text.partition("=")
        if not separator or not key.strip():
            raise LineError(f"%%run: {option} needs name=value, not {text!r}")
        pairs[key.strip()] = value
    return pairs


def literal(text: str) -> Any:
    """The Python literal that a text spells, else the text."""
    try:
        return ast.literal_eval(text.strip())
    except (ValueError, SyntaxError, MemoryError, RecursionError):
        return text


def transformed(lines: list[str]) -> list[str]:
    """A cell whose first line is `%%run …`, as one statement and the rest; others unchanged."""
    if not lines or not lines[0].startswith("%%run") or lines[0][5:6].strip():
        return lines
    line = lines[0][5:].strip()
    rest = lines[1:]
    if rest and rest[0].startswith("%%"):
        from IPython.core.inputtransformer2 import cell_magic

        rest = cell_magic(rest)  # type: ignore[no-untyped-call]
    return [f"get_ipython().run_line_magic('begin_run', {line!r})\n", *rest]
