"""Names as people type them: one Unicode form, one way of spacing, and the slug made from a Vietnamese name."""

import re
import unicodedata
from collections.abc import Callable

from broadcaster.errors import Invalid

MOST_ALIASES = 12
_INSTEAD = {"Cc": " ", "Cs": " ", "Cf": ""}
"""For characters of these categories of Unicode."""
_NOT_SLUG = re.compile(r"[^a-z0-9]+")


def tidy(text: str) -> str:
    """NFC, without control characters, halves of characters and what only turns or hides others; single spaces, no
    space at the ends."""
    plain = "".join(_INSTEAD.get(unicodedata.category(each), each) for each in unicodedata.normalize("NFC", text))
    return " ".join(plain.split())


def name_of(text: str, *, field: str, longest: int = 120) -> str:
    """A name fit to be stored. Raises Invalid when nothing is left of it or it is too long."""
    name = tidy(text)
    if not name:
        raise Invalid("name.empty", field=field)
    if len(name) > longest:
        raise Invalid("name.too_long", field=field, longest=longest)
    return name


def folded(text: str) -> str:
    """For comparing names: case and spacing do not matter, Vietnamese marks do."""
    return tidy(text).casefold()


def bare(text: str) -> str:
    """For finding names: small letters without Vietnamese marks, ``Lủng Pảng`` as ``lung pang``."""
    plain = unicodedata.normalize("NFKD", text.replace("đ", "d").replace("Đ", "D").replace("Ð", "D"))
    for mark in filter(unicodedata.combining, set(plain)):  # searches call this for every row: few passes, in C
        plain = plain.replace(mark, "")
    return plain.lower()


def slug(name: str) -> str:
    """``Lủng Pảng`` gives ``lung-pang``; at most 40 characters. Raises Invalid when no letter or digit is left."""
    made = _NOT_SLUG.sub("-", bare(name)).strip("-")[:40].strip("-")
    if not made:
        raise Invalid("name.no_letter", field="name")
    return made


def free_slug(name: str, taken: Callable[[str], bool]) -> str:
    """The slug of ``name``, with a number after it when it is taken."""
    base = made = slug(name)
    number = 1
    while taken(made):
        number += 1
        made = f"{base}-{number}"
    return made


def sort_key(name: str) -> tuple[str, str]:
    """Alphabetical as a Vietnamese reader expects well enough: by bare letters, then by marks."""
    plain = unicodedata.normalize("NFKD", name.casefold().replace("đ", "dz"))
    return "".join(each for each in plain if not unicodedata.combining(each)), name


def aliases_with(aliases: list[str], old: str, *, now: str) -> list[str]:
    """The older names, the latest last, without the name in use."""
    older = [each for each in aliases if folded(each) not in {folded(old), folded(now)}]
    return [*older, old][-MOST_ALIASES:]
