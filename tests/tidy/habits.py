"""The rules of the house about what Python of ours may say."""

import ast
import re
from collections.abc import Iterator, Mapping

from tests.tidy.sources import Source

MONEY = re.compile(r"(^|_)(minor|amount|price|total|subtotal|tax|discount|change_due|money)(_|$)")
VAGUE = re.compile(r"(Manager|Helpers?|Utils?|Utilities)$", re.IGNORECASE)
CLOCKS = frozenset(
    {
        "datetime.date.today", "datetime.datetime.now", "datetime.datetime.today",
        "datetime.datetime.utcnow", "time.gmtime", "time.localtime", "time.monotonic",
        "time.monotonic_ns", "time.time", "time.time_ns",
    }
)  # fmt: skip
FROZEN = frozenset({"frozen", "slots", "kw_only"})


def missing_docstring(source: Source) -> Iterator[str]:
    """A module that does not say what it is for. An empty `__init__` has nothing to say."""
    if source.tree.body and not ast.get_docstring(source.tree):
        yield source.at(1, "no module docstring")


def uses_any(source: Source, allowed: Mapping[str, str]) -> Iterator[str]:
    """`Any` switches the type checker off; only the listed files may."""
    if source.path in allowed:
        return
    for node in ast.walk(source.tree):
        named = isinstance(node, ast.Name) and node.id == "Any"
        dotted = isinstance(node, ast.Attribute) and node.attr == "Any"
        if (named or dotted) and isinstance(node, ast.expr):
            yield source.at(node.lineno, "Any")


def open_dataclass(source: Source, allowed: Mapping[str, str]) -> Iterator[str]:
    """A dataclass that can be changed, or be built by position, or carries a `__dict__`."""
    for node in ast.walk(source.tree):
        if not isinstance(node, ast.ClassDef) or f"{source.path}:{node.name}" in allowed:
            continue
        for decorator in node.decorator_list:
            given = set(true_keywords(decorator))
            if called_name(decorator).endswith("dataclass") and not given >= FROZEN:
                missing = ", ".join(sorted(FROZEN - given))
                yield source.at(node.lineno, f"{node.name}: dataclass without {missing}")


def float_money(source: Source) -> Iterator[str]:
    """A division, a float or a float's type beside a name of money."""
    for node in ast.walk(source.tree):
        match node:
            case ast.BinOp(op=ast.Div()):
                guilty = names_money(node)
            case ast.BinOp(left=left, right=right):
                guilty = names_money(node) and (is_float(left) or is_float(right))
            case ast.Call(func=ast.Name(id="float")):
                guilty = names_money(node)
            case ast.AnnAssign(target=target, annotation=annotation):
                guilty = names_money(target) and mentions_float(annotation)
            case ast.arg(arg=name, annotation=annotation) if annotation is not None:
                guilty = bool(MONEY.search(name)) and mentions_float(annotation)
            case _:
                guilty = False
        if guilty:
            yield source.at(getattr(node, "lineno", 1), "a float near money")


def reads_clock(source: Source, roots: tuple[str, ...]) -> Iterator[str]:
    """Time is handed in; only the front doors and their clock may ask the machine."""
    if source.path.startswith(roots):
        return
    names = imported_names(source.tree)
    for node in ast.walk(source.tree):
        if isinstance(node, (ast.Name, ast.Attribute)):
            first, _, rest = dotted(node).partition(".")
            full = ".".join(part for part in (names.get(first, ""), rest) if part)
            if full in CLOCKS:
                yield source.at(node.lineno, full)


def prints(source: Source, rooms: tuple[str, ...]) -> Iterator[str]:
    """Output that is not a command's answer; elsewhere there is a log."""
    if source.path.startswith(rooms):
        return
    for node in ast.walk(source.tree):
        if isinstance(node, ast.Call) and called_name(node) in {"print", "pprint.pprint"}:
            yield source.at(node.lineno, "print")


def vague_name(source: Source) -> Iterator[str]:
    """A class or a module named after nothing in particular."""
    module = source.path.rpartition("/")[2].removesuffix(".py")
    if VAGUE.search(module):
        yield source.at(1, f"module {module}")
    for node in ast.walk(source.tree):
        if isinstance(node, ast.ClassDef) and VAGUE.search(node.name):
            yield source.at(node.lineno, f"class {node.name}")


def open_match(source: Source) -> Iterator[str]:
    """A match that says nothing about the case nobody thought of."""
    for node in ast.walk(source.tree):
        if isinstance(node, ast.Match):
            last = node.cases[-1]
            rest = isinstance(last.pattern, ast.MatchAs) and last.pattern.pattern is None
            if not rest or last.guard is not None:
                yield source.at(node.lineno, "a match without a last case for the rest")


def imported_modules(source: Source) -> Iterator[tuple[int, str]]:
    """Every module the file imports, with the line; `from a import b` counts as `a.b`."""
    for node in ast.walk(source.tree):
        if isinstance(node, ast.Import):
            yield from ((node.lineno, alias.name) for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            yield from ((node.lineno, f"{node.module}.{alias.name}") for alias in node.names)


def imported_names(tree: ast.Module) -> dict[str, str]:
    """What each name of the file stands for, as far as imports say."""
    names: dict[str, str] = {}
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            names |= {alias.asname or alias.name: alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            for alias in node.names:
                names[alias.asname or alias.name] = f"{node.module}.{alias.name}"
    return names


def dotted(node: ast.AST) -> str:
    """`a.b.c` as written, or nothing if the expression is something else."""
    match node:
        case ast.Name(id=name):
            return name
        case ast.Attribute(value=value, attr=name):
            return f"{dotted(value)}.{name}"
        case _:
            return ""


def called_name(node: ast.expr) -> str:
    return dotted(node.func if isinstance(node, ast.Call) else node)


def true_keywords(decorator: ast.expr) -> Iterator[str]:
    """The keywords set to True in a decorator's call."""
    if isinstance(decorator, ast.Call):
        for keyword in decorator.keywords:
            if isinstance(keyword.value, ast.Constant) and keyword.value.value is True:
                yield keyword.arg or ""


def names_money(node: ast.AST) -> bool:
    """Whether a name or an attribute below here is one of money."""
    return any(
        bool(MONEY.search(each.id if isinstance(each, ast.Name) else each.attr))
        for each in ast.walk(node)
        if isinstance(each, (ast.Name, ast.Attribute))
    )


def is_float(node: ast.AST) -> bool:
    return isinstance(node, ast.Constant) and isinstance(node.value, float)


def mentions_float(node: ast.AST) -> bool:
    return any(isinstance(each, ast.Name) and each.id == "float" for each in ast.walk(node))
