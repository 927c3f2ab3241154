"""The words of the audit trail."""

import ast
from collections.abc import Iterator

from tests.unit.structure.tree import product, text, walked
from web.audit.words import ACTS, KINDS


def test_every_act_belongs_to_a_kind() -> None:
    assert {code.partition(".")[0] for code in ACTS} <= set(KINDS) | {"broadcasts"}


def test_every_act_that_is_written_down_has_words() -> None:
    acts = set(_acts())
    assert {"gauge_rule.changed", "release.stopped", "dictionary.added"} <= acts
    assert sorted(acts - set(ACTS)) == []


def _acts() -> Iterator[str]:
    """The codes in calls of ``audit.record``, and in calls of the functions of the same file that hand them to it."""
    for path in product("py"):
        if "audit.record(" not in text(path):
            continue
        nodes = walked(text(path))
        functions = [each for each in nodes if isinstance(each, ast.FunctionDef)]
        handing = {each.name: code for each in functions for code in _recorded(each) if "{}" in code}
        yield from (code for each in functions for code in _recorded(each) if "{}" not in code)
        for node in nodes:
            called = node.func.id if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) else ""
            if isinstance(node, ast.Call) and called in handing:
                values = [*node.args, *(each.value for each in node.keywords)]
                words = [
                    each.value for each in values if isinstance(each, ast.Constant) and isinstance(each.value, str)
                ]
                yield from (handing[called].replace("{}", word) for word in words if _is_act(handing[called], word))


def _is_act(code: str, word: str) -> bool:
    return ("." in word) == (code == "{}") and word.replace(".", "").replace("_", "").isalpha()


def _recorded(function: ast.FunctionDef) -> Iterator[str]:
    """The code as the function records it; what it is given stands as {}."""
    for node in ast.walk(function):
        if isinstance(node, ast.Call) and ast.unparse(node.func) == "audit.record":
            for each in (keyword.value for keyword in node.keywords if keyword.arg == "action"):
                if isinstance(each, ast.Constant):
                    yield str(each.value)
                elif isinstance(each, ast.JoinedStr):
                    yield "".join(str(part.value) if isinstance(part, ast.Constant) else "{}" for part in each.values)
                else:
                    yield "{}"
