"""The edge: codes become sentences in the reader's language. Nothing else in the node makes sentences of them.

``vi.tsv`` and ``en.tsv`` have one line a code: the code, a tab, the sentence with its facts in braces. A fact that is
itself a code, such as the cause of a card's refusal, has a line of its own: ``cause.full``.
"""

from collections.abc import Mapping
from functools import cache
from importlib.resources import files
from string import Formatter

LANGUAGES = ("vi", "en")
UNKNOWN = "?"
"""Stands for a fact that is not named."""


def sentence(code: str, facts: Mapping[str, str | int], language: str = "vi") -> str:
    """What people read; code and facts as they are when no table knows the code."""
    template = table(language).get(code)
    if template is None:
        return " ".join([code, *(f"{name}={fact!r}" for name, fact in facts.items())])
    words = {name: table(language).get(f"{name}.{fact}", str(fact)) for name, fact in facts.items()}
    return template.format_map({name: words.get(name, UNKNOWN) for name in placeholders(template)})


@cache
def table(language: str) -> Mapping[str, str]:
    """Sentences by code; an unknown language is Vietnamese."""
    name = language if language in LANGUAGES else LANGUAGES[0]
    lines = (files("speaker_node") / f"{name}.tsv").read_text("utf-8").splitlines()
    return {code: text for code, _, text in (line.partition("\t") for line in lines)}


def placeholders(template: str) -> set[str]:
    """Names of the facts a sentence needs."""
    return {name for _, name, _, _ in Formatter().parse(template) if name}


def language_of(environ: Mapping[str, str]) -> str:
    """The language of whoever reads this terminal, by ``LOA_LANGUAGE``; Vietnamese unless it says otherwise."""
    named = environ.get("LOA_LANGUAGE", LANGUAGES[0])
    return named if named in LANGUAGES else LANGUAGES[0]
