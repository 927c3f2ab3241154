"""What scripts, style sheets and templates give names to."""

import re
from collections.abc import Iterator
from pathlib import Path

from tests.unit.structure.tree import text

_NAME = re.compile(r"[A-Za-z_$][\w$]*")
_SILENT = re.compile(r"""//[^\n]*|/\*.*?\*/|"(?:\\.|[^"\\\n])*"|'(?:\\.|[^'\\\n])*'""", re.DOTALL)
"""Comments and texts of a script."""
_ATTRIBUTE = re.compile(r"\bdata-[\w-]+")
_SELECTOR = re.compile(r"(?:[.#]|--)([A-Za-z][\w-]*)")
_CODE = re.compile(r"\{[{%](.*?)[%}]\}", re.DOTALL)
_QUOTED = re.compile(r"\"(?:\\.|[^\"])*\"|'(?:\\.|[^'])*'")
_NAMING = re.compile(r"\b(?:class|id|for|name|form)=\"([^\"]*)\"")


def names(path: Path) -> set[str]:
    """Of a file of these kinds: js, css, html."""
    return set(_OF_KIND[path.suffix](text(path)))


def _of_script(source: str) -> Iterator[str]:
    yield from _NAME.findall(_SILENT.sub(" ", source))
    yield from _ATTRIBUTE.findall(source)


def _of_style(source: str) -> Iterator[str]:
    yield from _SELECTOR.findall(re.sub(r"/\*.*?\*/", "", source, flags=re.DOTALL))


def _of_template(source: str) -> Iterator[str]:
    spoken = re.sub(r"\{#.*?#\}", "", source, flags=re.DOTALL)
    for code in _CODE.findall(spoken):
        yield from _NAME.findall(_QUOTED.sub(" ", code))
    plain = _CODE.sub(" ", spoken)
    yield from _ATTRIBUTE.findall(plain)
    for value in _NAMING.findall(plain):
        yield from value.split()


_OF_KIND = {".js": _of_script, ".css": _of_style, ".html": _of_template}
