"""The size rules of the house: how long, how deep, how wide."""

import ast
from collections.abc import Iterator

from tests.tidy.sources import Source

FILE_LINES = 300
QML_LINES = 250
FUNCTION_LINES = 60
PARAMETERS = 5
NESTING = 3
COLUMNS = 100

Function = ast.FunctionDef | ast.AsyncFunctionDef
BLOCKS = (
    ast.If, ast.For, ast.AsyncFor, ast.While, ast.With, ast.AsyncWith, ast.Try, ast.TryStar,
    ast.Match,
)  # fmt: skip


def long_file(source: Source) -> Iterator[str]:
    """A file longer than a reader keeps in mind."""
    most = QML_LINES if source.path.endswith(".qml") else FILE_LINES
    if len(source.lines) > most:
        yield source.at(most + 1, f"{len(source.lines)} lines, at most {most}")


def wide_line(source: Source) -> Iterator[str]:
    """A line that does not fit, unless it is one address that cannot be broken."""
    for number, line in enumerate(source.lines, start=1):
        if len(line) > COLUMNS and "https://" not in line:
            yield source.at(number, f"{len(line)} columns, at most {COLUMNS}")


def long_function(source: Source) -> Iterator[str]:
    for function in functions(source):
        length = (function.end_lineno or function.lineno) - function.lineno + 1
        if length > FUNCTION_LINES:
            yield source.at(function.lineno, f"{function.name}: {length} lines")


def many_parameters(source: Source) -> Iterator[str]:
    """A function that takes more than five values; it wants a dataclass. `self` is not a value."""
    for function in functions(source):
        given = function.args
        names = [each.arg for each in (*given.posonlyargs, *given.args, *given.kwonlyargs)]
        names += [each.arg for each in (given.vararg, given.kwarg) if each is not None]
        values = [name for name in names if name not in {"self", "cls"}]
        if len(values) > PARAMETERS:
            yield source.at(function.lineno, f"{function.name}: {len(values)} parameters")


def deep_nesting(source: Source) -> Iterator[str]:
    for function in functions(source):
        depth = max((block_depth(statement) for statement in function.body), default=0)
        if depth > NESTING:
            yield source.at(function.lineno, f"{function.name}: nested {depth} deep")


def functions(source: Source) -> Iterator[Function]:
    """Every function of the file, methods and inner functions included."""
    for node in ast.walk(source.tree):
        if isinstance(node, Function):
            yield node


def block_depth(statement: ast.AST) -> int:
    """How many blocks are inside each other here; an inner function starts anew."""
    if isinstance(statement, (Function, ast.ClassDef, ast.Lambda)):
        return 0
    below = 0
    for name, value in ast.iter_fields(statement):
        children = value if isinstance(value, list) else [value]
        # An `elif` is an `if` alone in the `else`; it reads as one level, not two.
        same_level = name == "orelse" and len(children) == 1 and isinstance(children[0], ast.If)
        for child in children:
            if isinstance(child, ast.AST):
                below = max(below, block_depth(child) - (1 if same_level else 0))
    return below + isinstance(statement, BLOCKS)
