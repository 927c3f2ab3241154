"""Which of some places a text names, by names of today or older ones."""

import re
import unicodedata
from collections.abc import Callable, Collection, Iterable, Iterator
from dataclasses import dataclass
from functools import cache

from broadcaster.text.papers.folding import fold, is_marked, lowered
from broadcaster.text.warnings.knowledge import terms

_UPPER = "".join(chr(code) for code in (*range(0x41, 0x250), *range(0x1E00, 0x1F00)) if chr(code).isupper())
_BETWEEN = re.compile(r"\s*(?:[,;+&]|\bvà\b|\bva\b|\s[-–]\s)\s*")
_ADDRESS = re.compile(r"\s*(?:,|-|–|thuộc|thuoc|của|cua)?\s*")
_NEXT_WORD = re.compile(r" (\w+)")


@dataclass(frozen=True, slots=True)
class _Mention:
    start: int
    end: int
    name: str


def named_in(text: str, names: Iterable[str], *, wider: Collection[str] = ()) -> list[str]:
    """Those of ``names`` that stand in the text, in its order; ``wider``: those of them that hold other places.

    A name of one syllable or a number needs its kind before it ("thôn Đông", "các tổ 5, 6"); others also stand alone
    where they are written with capitals. What holds a place and stands behind it ("thôn Bản Cuôn, xã Côn Minh") is its
    address and not meant by itself.
    """
    whole, marked = unicodedata.normalize("NFC", text), is_marked(text)
    alike = _alike(marked)
    known: dict[str, list[str]] = {}
    for name in names:
        known.setdefault(alike(bare(name)), []).append(name)
    lists = list(_lists(marked).finditer(whole))
    found = [each for match in lists for each in _in_list(match, known, wider, marked)]
    spans = [match.span() for match in lists]
    for each in _standing_alone(whole, known, marked):
        if not any(start <= each.start < end for start, end in spans):
            found.append(each)
    found.sort(key=lambda each: (each.start, -each.end))
    ordered: dict[str, None] = {}
    end_of_narrow = -1
    for each in found:
        behind = each.name in wider and 0 <= end_of_narrow <= each.start
        if behind and _ADDRESS.fullmatch(whole, end_of_narrow, each.start):
            continue
        ordered.setdefault(each.name)
        if each.name not in wider:
            end_of_narrow = max(end_of_narrow, each.end)
    return list(ordered)


def bare(name: str) -> str:
    """The name without the words for its kind: "Thôn Bản Cuôn" and "Bản Cuôn" are one."""
    plain = " ".join(unicodedata.normalize("NFC", name).split())
    for kind in sorted((*terms("wide places"), *terms("narrow places")), key=len, reverse=True):
        rest = plain[len(kind) + 1 :]
        if plain.lower().startswith(f"{kind} ") and (len(rest.split()) > 1 or rest.isdigit() or kind == "thôn"):
            return rest.removeprefix("số ")
    return plain


def _in_list(
    match: re.Match[str], known: dict[str, list[str]], wider: Collection[str], marked: bool
) -> Iterator[_Mention]:
    """Names in a list behind a word of kind; a kind of hamlets means no commune, and the other way round."""
    alike = _alike(marked)
    wide = alike(match["kind"]) in set(map(alike, terms("wide places")))
    start, at = match.start(), match.start("names")
    for item in _BETWEEN.split(match["names"]):
        at = match.string.index(item, at)
        for name in dict.fromkeys((*known.get(alike(bare(item)), ()), *known.get(alike(item), ()))):
            if (name in wider) is wide:
                yield _Mention(start, at + len(item), name)
        start = at = at + len(item)


def _standing_alone(text: str, known: dict[str, list[str]], marked: bool) -> Iterator[_Mention]:
    for plain, names in known.items():
        parts = plain.split()
        if len(parts) < 2 or any(part.isdigit() for part in parts):
            continue
        searched = text if marked else fold(text)
        for match in re.finditer(rf"(?<!\w){r'[ ]+'.join(map(re.escape, parts))}(?!\w)", searched, re.IGNORECASE):
            if not marked or (_is_a_name(match[0]) and not _goes_on(text, match)):
                yield from (_Mention(match.start(), match.end(), name) for name in names)


def _is_a_name(written: str) -> bool:
    return all(part[:1].isupper() for part in written.split())


def _goes_on(text: str, match: re.Match[str]) -> bool:
    """Whether it is a part of a longer name: "Côn Minh Thượng"; in capitals no end can be seen."""
    after = _NEXT_WORD.match(text, match.end())
    return after is not None and after[1][:1].isupper() and not match[0].isupper()


def _alike(marked: bool) -> Callable[[str], str]:
    """How names are compared: with marks in a text that has them, else without."""
    return lowered if marked else fold


@cache
def _lists(marked: bool) -> re.Pattern[str]:
    alike = _alike(marked)
    kinds = sorted({alike(each) for each in (*terms("wide places"), *terms("narrow places"))}, key=len, reverse=True)
    name = rf"(?:[{_UPPER}][\w'’]*(?: (?:[{_UPPER}][\w'’]*|\d{{1,2}}(?![\d/:%])))*|(?:số )?\d{{1,2}}(?![\d/:%.,]\d)\w?)"
    kind = "|".join(map(re.escape, kinds))
    return re.compile(
        rf"(?<!\w)(?i:(?P<kind>{kind}))[.:]? *(?P<names>{name}(?:{_BETWEEN.pattern}(?!(?i:{kind})\b){name})*)(?!\w)"
    )
