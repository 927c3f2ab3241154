"""One word per thing: what ``docs/glossary.md`` lists as lost stands nowhere any more."""

import re
from functools import cache
from pathlib import Path

import pytest

from tests.unit.structure import page_names
from tests.unit.structure.tree import names, text, tracked, words

GLOSSARY = Path("docs/glossary.md")
KINDS = ("py", "js", "css", "html", "md", "tsv", "po", "yaml", "toml", "sh", "xml", "svg")
LOST = re.compile(r"^\| (\w+) \| [^|]+ \| (anywhere|names) \|$", re.MULTILINE)
OLD_KEYS = re.compile(
    r"""["'/]poles\b|\bpole_silent|\bpole_trouble|\bpole\.melted|\bpower pole|\bweather bulletins"""
    r"""|(exchange/1|ROOT\})/bulletins|get\("/bulletins|"/bulletins\""""
)
"""What outlived its word: keys that programs and stored rows know, a pole of wood, and a path of the exchange."""
STORED_NAMES = {"kept_drafts", "house_clips", "pole_silent", "pole_trouble"}
"""Tables and kinds of matters made by version 0.1."""


def lost(where: str) -> list[str]:
    return [word for word, place in LOST.findall(text(GLOSSARY)) if place == where]


def test_the_glossary_lists_the_words_that_lost() -> None:
    assert {"pole", "bulletin", "airing", "tongue"} <= set(lost("anywhere"))
    assert {"carried", "kept", "told", "desk", "house"} <= set(lost("names"))
    assert {"door", "looks", "joint", "crowd", "slip", "rescue"} <= set(lost("names"))


def test_no_word_that_lost_stands_in_code_documents_or_texts() -> None:
    lost_words = lost("anywhere")
    word = re.compile(rf"(?<![a-z])(?:{'|'.join(lost_words)})(?:s|es)?(?![a-z])", re.IGNORECASE)
    found = [
        f"{path}:{number}: {line.strip()[:100]}"
        for path in tracked(*KINDS)
        if path not in (GLOSSARY, Path("tests/unit/structure/test_vocabulary.py"))
        and any(each in text(path).lower() for each in lost_words)
        for number, line in enumerate(text(path).splitlines(), 1)
        if word.search(OLD_KEYS.sub("", line))
    ]
    assert "\n".join(found) == ""


def test_nothing_is_named_by_a_word_that_lost() -> None:
    lost_words = {*lost("anywhere"), *lost("names")}

    @cache
    def is_lost(name: str) -> bool:
        return name not in STORED_NAMES and bool(lost_words & _parts(name))

    found = {
        f"{path}: {name}"
        for path in tracked("py")
        if is_lost(path.stem) or any(map(is_lost, words(path)))  # the others need not be taken apart
        for name in [path.stem, *names(path)]
        if is_lost(name)
    }
    assert "\n".join(sorted(found)) == ""


@pytest.mark.parametrize("kind", ["js", "css", "html"])
def test_nothing_in_a_page_is_named_by_a_word_that_lost(kind: str) -> None:
    lost_words = {*lost("anywhere"), *lost("names")}
    found = [
        f"{path}: {name}" for path in tracked(kind) for name in page_names.names(path) if lost_words & _parts(name)
    ]
    assert "\n".join(sorted(found)) == ""


def _parts(name: str) -> set[str]:
    """The words of a name, each also without an s at its end; a test's name is a sentence and has none."""
    if name.startswith("test_"):
        return set()
    parts = re.sub(r"(?<=[a-z])(?=[A-Z])", "_", name).lower().replace("-", "_").split("_")
    return {*parts, *(part.removesuffix("s") for part in parts)}
