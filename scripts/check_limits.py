"""Holds the limits of size: in Python 300 lines a file and 40 a function; 300 lines a style sheet.

ESLint holds the same for TypeScript. A function's docstring does not count as its length.
"""

import ast
import sys
from pathlib import Path

ROOT = Path(__file__).parent.parent
FOLDERS = ("jupyterlab_experiments", "tests", "scripts", "ui-tests")
MAX_FILE_LINES = 300
MAX_FUNCTION_LINES = 40


def function_length(node: ast.FunctionDef | ast.AsyncFunctionDef) -> int:
    """Lines from `def` to the end, without the docstring."""
    length = (node.end_lineno or node.lineno) - node.lineno + 1
    first = node.body[0]
    if (
        isinstance(first, ast.Expr)
        and isinstance(first.value, ast.Constant)
        and isinstance(first.value.value, str)
    ):
        length -= (first.end_lineno or first.lineno) - first.lineno + 1
    return length


def problems(path: Path) -> list[str]:
    """What is too long in one file."""
    text = path.read_text(encoding="utf-8")
    name = path.relative_to(ROOT)
    found = []
    if (lines := text.count("\n")) > MAX_FILE_LINES:
        found.append(f"{name}: {lines} lines, at most {MAX_FILE_LINES}")
    for node in ast.walk(ast.parse(text)):
        if (
            isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
            and function_length(node) > MAX_FUNCTION_LINES
        ):
            found.append(
                f"{name}:{node.lineno}: {node.name} has {function_length(node)} lines, "
                f"at most {MAX_FUNCTION_LINES}"
            )
    return found


def style_problems(path: Path) -> list[str]:
    """What is too long of a style sheet."""
    lines = path.read_text(encoding="utf-8").count("\n")
    return (
        [f"{path.relative_to(ROOT)}: {lines} lines, at most {MAX_FILE_LINES}"]
        if lines > MAX_FILE_LINES
        else []
    )


def main() -> int:
    """Prints what is too long, and gives the exit status."""
    files = [
        path
        for folder in FOLDERS
        for path in sorted((ROOT / folder).rglob("*.py"))
        if "node_modules" not in path.parts
    ]
    found = [line for path in files if path.name != "_version.py" for line in problems(path)]
    found += [line for path in sorted((ROOT / "style").glob("*.css")) for line in style_problems(path)]
    print("\n".join(found))
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
