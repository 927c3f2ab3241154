"""The tree as git knows it, and what stands in its Python files."""

import ast
import re
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import TypeGuard

import pytest

ROOT = Path(__file__).parents[3]
PRODUCT = ("broadcaster", "loa", "scheduler", "speaker_node", "web")


@cache
def tracked(*kinds: str) -> list[Path]:
    """Every file of these kinds that is, or will be, in git; from the root."""
    patterns = [f"*.{kind}" for kind in kinds]
    command = ["git", "ls-files", "--cached", "--others", "--exclude-standard", "--deduplicate", "--", *patterns]
    listed = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    if listed.returncode:
        pytest.skip("no git here, so nobody knows what belongs to the tree")
    return [Path(line) for line in listed.stdout.splitlines() if (ROOT / line).is_file()]


def product(*kinds: str) -> list[Path]:
    """Those of the product itself."""
    return [path for path in tracked(*kinds) if path.parts[0] in PRODUCT]


@cache
def text(path: Path) -> str:
    return (ROOT / path).read_text(encoding="utf-8")


def walked(source: str) -> list[ast.AST]:
    """Every node of a program, as ``ast.walk`` finds them, in a quarter of its time."""
    nodes: list[ast.AST] = [ast.parse(source)]
    for node in nodes:  # which grows meanwhile
        for value in vars(node).values():
            if isinstance(value, ast.AST):
                nodes.append(value)
            elif isinstance(value, list):
                nodes += [each for each in value if isinstance(each, ast.AST)]
    return nodes


@dataclass(frozen=True, slots=True)
class Outline:
    """functions: name and lines of each; classes: by name."""

    functions: tuple[tuple[str, int], ...]
    classes: tuple[str, ...]


@cache
def outline(path: Path) -> Outline:
    """Read once for all tests, from the statements alone: most of a program's nodes are in its expressions."""
    statements = _statements(ast.parse(text(path)))
    functions = [
        (node.name, node.end_lineno - node.lineno + 1)
        for node in statements
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef) and node.end_lineno
    ]
    return Outline(tuple(functions), tuple(node.name for node in statements if isinstance(node, ast.ClassDef)))


_TOKENS = re.compile(
    r"""(?:\b[bfruBFRU]{1,2})?(?:\"{3}.*?\"{3}|'{3}.*?'{3}|"(?:\\.|[^"\\\n])*"|'(?:\\.|[^'\\\n])*')|\#[^\n]*|[A-Za-z_]\w*""",
    re.DOTALL,
)


@cache
def words(path: Path) -> frozenset[str]:
    """Every word of a program outside its comments and texts, and texts that are one word: all ``names`` and more."""
    found: set[str] = set()
    for token in _TOKENS.findall(text(path)):
        if token[0] in "fF" and not token.isidentifier():
            found.update(re.findall(r"[A-Za-z_]\w*", token))
        else:
            found.add(token.strip("\"'"))
    return frozenset(each for each in found if each.isidentifier())


@cache
def names(path: Path) -> frozenset[str]:
    """Everything that the file gives a name to; the nodes themselves, a million, are not held in memory."""
    return frozenset(name for node in walked(text(path)) for name in _named(node))


def _statements(program: ast.Module) -> list[ast.AST]:
    found: list[ast.AST] = [program]
    for node in found:  # which grows meanwhile
        for part in ("body", "orelse", "finalbody", "handlers", "cases"):
            inside = getattr(node, part, ())
            found += inside if isinstance(inside, list) else ()
    return found


def _named(node: ast.AST) -> Iterator[str]:
    match node:
        case ast.FunctionDef(name=name) | ast.AsyncFunctionDef(name=name) | ast.ClassDef(name=name):
            yield name
        case ast.Name(id=name, ctx=ast.Store()) | ast.arg(arg=name) | ast.Attribute(attr=name, ctx=ast.Store()):
            yield name
        case ast.alias(asname=str(name)) | ast.keyword(arg=str(name)):
            yield name
        case ast.Dict(keys=keys):
            yield from (key.value for key in keys if isinstance(key, ast.Constant) and _is_name(key.value))


def _is_name(value: object) -> TypeGuard[str]:
    """Whether a key of a dictionary is a name, such as programs read from JSON."""
    return isinstance(value, str) and value.isascii() and value.isidentifier()
