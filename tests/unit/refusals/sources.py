"""Every place of our code that makes a refusal or a reason, read from the source."""

import ast
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from tests.unit.structure.tree import walked

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


@dataclass(frozen=True, slots=True)
class Source:
    """What one file has of it.

    bases: of each class, the names of those it is made of.
    calls: name of what is called, and what is told there, for each call that begins with a text.
    raised: texts within a ``raise``.
    strings: each text that is written out.
    """

    bases: dict[str, set[str]]
    calls: list[tuple[str, Telling]]
    raised: list[Telling]
    strings: frozenset[str]


@cache
def calls() -> tuple[Telling, ...]:
    """Each call of a class of refusals, or of ``Reason``, whose code is written out."""
    names = refusal_classes() | {"Reason"}
    return tuple(telling for path in sources() for name, telling in _read(path).calls if name in names)


@cache
def raised_texts() -> tuple[Telling, ...]:
    """Each text that stands anywhere in a ``raise``."""
    return tuple(telling for path in sources() for telling in _read(path).raised)


def strings(path: Path) -> frozenset[str]:
    """Each text that is written out in a file."""
    return _read(path).strings


@cache
def sources() -> list[Path]:
    return [path for package in PACKAGES for path in sorted((ROOT / package).rglob("*.py"))]


def refusal_classes() -> set[str]:
    """Names of ``LoaError`` and everything below it."""
    bases = {name: above for path in sources() for name, above in _read(path).bases.items()}
    found = {"LoaError"}
    while more := {name for name, above in bases.items() if above & found} - found:
        found |= more
    return found


@cache
def _read(path: Path) -> Source:
    """Walks a file once for all tests."""
    nodes = walked(path.read_text(encoding="utf-8"))
    where = str(path.relative_to(ROOT))
    return Source(
        bases={node.name: {_last(base) for base in node.bases} for node in nodes if isinstance(node, ast.ClassDef)},
        calls=[
            (_last(node.func), telling)
            for node in nodes
            if isinstance(node, ast.Call)
            for telling in _tellings(node, where)
        ],
        raised=[
            Telling(f"{where}:{text.lineno}", str(text.value), frozenset(), spread=False)
            for node in nodes
            if isinstance(node, ast.Raise)
            for text in _texts(ast.walk(node))
        ],
        strings=frozenset(str(text.value) for text in _texts(nodes)),
    )


def _texts(nodes: Iterable[ast.AST]) -> Iterator[ast.Constant]:
    return (node for node in nodes if isinstance(node, ast.Constant) and isinstance(node.value, str))


def _last(name: ast.expr) -> str:
    """Of a dotted name the last part."""
    return name.attr if isinstance(name, ast.Attribute) else name.id if isinstance(name, ast.Name) else ""


def _tellings(call: ast.Call, file: str) -> Iterator[Telling]:
    given = {keyword.arg for keyword in call.keywords}
    facts = frozenset(name for name in given if name and name != "field")
    where = f"{file}:{call.lineno}"
    for code in _written(call.args[0]) if call.args else ():
        yield Telling(where, code, facts, None in given)


def _written(code: ast.expr) -> Iterator[str]:
    match code:
        case ast.Constant(value=str(text)):
            yield text
        case ast.IfExp(body=body, orelse=orelse):
            yield from _written(body)
            yield from _written(orelse)
