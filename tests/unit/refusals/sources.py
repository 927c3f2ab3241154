"""Every place of our code that makes a refusal or a reason, read from the source."""

import ast
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

ROOT = Path(__file__).parents[3]
PACKAGES = ("broadcaster", "scheduler", "web", "loa")


@dataclass(frozen=True, slots=True)
class Telling:
    """code: as written there; facts: names given to it; spread: whether more are given by ``**``."""

    where: str
    code: str
    facts: frozenset[str]
    spread: bool

    def __str__(self) -> str:
        return f"{self.where} {self.code}"


@cache
def calls() -> tuple[Telling, ...]:
    """Each call of a class of refusals, or of ``Reason``, whose code is written out."""
    trees = {path: _tree(path) for path in sources()}
    names = refusal_classes(trees.values()) | {"Reason"}
    return tuple(
        telling
        for path, tree in trees.items()
        for node in ast.walk(tree)
        if isinstance(node, ast.Call) and ast.unparse(node.func).split(".")[-1] in names
        for telling in _tellings(node, path)
    )


@cache
def raised_texts() -> tuple[Telling, ...]:
    """Each text that stands anywhere in a ``raise``."""
    return tuple(
        Telling(f"{path.relative_to(ROOT)}:{node.lineno}", node.value, frozenset(), spread=False)
        for path in sources()
        for raised in ast.walk(_tree(path))
        if isinstance(raised, ast.Raise)
        for node in ast.walk(raised)
        if isinstance(node, ast.Constant) and isinstance(node.value, str)
    )


def strings(path: Path) -> set[str]:
    """Each text that is written out in a file."""
    found = (node.value for node in ast.walk(_tree(path)) if isinstance(node, ast.Constant))
    return {text for text in found if isinstance(text, str)}


@cache
def _tree(path: Path) -> ast.Module:
    return ast.parse(path.read_text(encoding="utf-8"))


def sources() -> list[Path]:
    return [path for package in PACKAGES for path in sorted((ROOT / package).rglob("*.py"))]


def refusal_classes(trees: Iterable[ast.Module]) -> set[str]:
    """Names of ``LoaError`` and everything below it."""
    bases = {
        node.name: {ast.unparse(base).split(".")[-1] for base in node.bases}
        for tree in trees
        for node in ast.walk(tree)
        if isinstance(node, ast.ClassDef)
    }
    found = {"LoaError"}
    while more := {name for name, above in bases.items() if above & found} - found:
        found |= more
    return found


def _tellings(call: ast.Call, path: Path) -> Iterator[Telling]:
    given = {keyword.arg for keyword in call.keywords}
    facts = frozenset(name for name in given if name and name != "field")
    where = f"{path.relative_to(ROOT)}:{call.lineno}"
    for code in _written(call.args[0]) if call.args else ():
        yield Telling(where, code, facts, None in given)


def _written(code: ast.expr) -> Iterator[str]:
    match code:
        case ast.Constant(value=str(text)):
            yield text
        case ast.IfExp(body=body, orelse=orelse):
            yield from _written(body)
            yield from _written(orelse)
