"""One written word as it is said: Vietnamese words stay, foreign ones are respelled, capitals come down."""

import re
from functools import lru_cache
from typing import NamedTuple

from broadcaster.refusals.reasons import Reason
from broadcaster.text.language.letters import LOWER, NAMES, UPPER, spell, vietnamese_letters
from broadcaster.text.language.lexicon import words
from broadcaster.text.language.syllables import cut_bare, is_bare_syllable, is_syllable
from broadcaster.text.page.doubts import (
    LOW_CONFIDENCE,
    MISSING_LETTERS,
    MISSING_MARKS,
    UNKNOWN_ACRONYM,
    UNREADABLE,
    lost_its_mark,
    reason,
)
from broadcaster.text.words.acronyms import like
from broadcaster.text.words.meanings import FOREIGN, KNOWN, PHONE, always, compounded, in_parts
from broadcaster.text.words.respelling import respelled

_VOWEL = re.compile(r"[aeiouy]")
_HUMP = re.compile(rf"[{UPPER}]{{2,}}(?=[{LOWER}])|[{UPPER}]?[{LOWER}]+|[{UPPER}]+")
_LONE_VOWELS = words("vi_capitals")
_LONGEST_ACRONYM = 24


class Spelling(NamedTuple):
    """How a word is said, and the doubt that goes with it."""

    words: str
    kind: str = ""
    reason: Reason | None = None


@lru_cache(maxsize=50_000)
def plain(word: str) -> bool:
    """Whether a word is said as it stands: an ordinary syllable, at most its first letter a capital."""
    low = word.lower()
    if (word != low and word[1:] != low[1:]) or word in KNOWN or low in PHONE:
        return False
    if len(word) == 1:
        return word in _LONE_VOWELS or (word == low and is_syllable(low) and low not in "ăâ")
    return is_syllable(low) and low not in FOREIGN


@lru_cache(maxsize=50_000)
def say(word: str, *, capitals: bool = False) -> Spelling:
    """Read one word by itself; ``capitals`` tells that its whole line is written in capitals."""
    low = word.lower()
    if plain(word) or word in _LONE_VOWELS:
        return Spelling(word)
    if low in FOREIGN:
        return Spelling(like(word, FOREIGN[low]) if not word.isupper() else FOREIGN[low])
    if len(word) == 1:
        near = vietnamese_letters(low)
        if near == "e" and low != "e":
            # "e" would be taken for "em" by whoever reads the script again.
            return Spelling("ê")
        return Spelling(NAMES.get(low) or NAMES.get(near) or (near if is_syllable(near) else spell(near)))
    if is_syllable(low):
        return Spelling(low if word[1:] != low[1:] else word)
    return _strange(word, capitals=capitals)


def _strange(word: str, *, capitals: bool) -> Spelling:
    low = word.lower()
    if low[0] == "q" and is_syllable("qu" + low[1:]):
        # Typed in a hurry: "qà", "qyết định".
        return _doubted(like(word, "qu" + low[1:]), LOW_CONFIDENCE, word)
    apart = _taken_apart(word)
    if apart:
        return _doubted(apart, LOW_CONFIDENCE, word)
    syllables = cut_bare(low) if 5 <= len(low) <= 40 and low.isascii() else None
    near = " ".join(syllables) if syllables and len(syllables) * 2 <= len(low) else vietnamese_letters(low)
    if near != low:
        # "Äc" is no "ac", which whoever reads the script again takes for "anh chị".
        near = spell(near) if near in PHONE else " ".join(say(part).words for part in near.split())
    shouted = sum(letter.isupper() for letter in word) > 1
    if not near:
        return _doubted("", UNREADABLE, word)
    if shouted and not _is_probably_name(low):
        parts = _known_parts(word) if len(word) <= _LONGEST_ACRONYM else ""
        return _doubted(parts, LOW_CONFIDENCE, word) if parts else _doubted(spell(word) or near, UNKNOWN_ACRONYM, word)
    sayable = [part if _sayable(part) else respelled(part) for part in near.lower().split()]
    if not all(sayable):
        return _doubted(spell(near), MISSING_LETTERS, word)
    near = " ".join(FOREIGN.get(part, part) for part in " ".join(sayable).split())
    if word[0].isupper() and not capitals:
        near = like(word, near)
    return _doubted(near, MISSING_MARKS if lost_its_mark(low) else LOW_CONFIDENCE, word)


def _known_parts(word: str) -> str:
    return (compounded(word) if len(word) > 5 else "") or in_parts(word)


def _taken_apart(word: str) -> str:
    """Words that lost the space between them, "HộiNghị" or "UBNDxã", or ""."""
    parts = _HUMP.findall(word)
    said = [_part_said(part) for part in parts]
    return " ".join(said) if len(parts) > 1 and all(said) else ""


def _part_said(part: str) -> str:
    low = part.lower()
    if always(part) or low in FOREIGN:
        return always(part) or like(part, FOREIGN[low])
    if len(part) > 1 and is_syllable(low):
        return low if part.isupper() else part
    return part if len(part) > 2 and part[1:].islower() and is_bare_syllable(low) else ""


def _sayable(part: str) -> bool:
    """Whether a part stays as it is; so does a syllable that lost its mark, for nobody knows which one."""
    return is_syllable(part) or (part.isascii() and is_bare_syllable(part))


def _doubted(words: str, kind: str, written: str) -> Spelling:
    return Spelling(words, kind, reason(kind, written))


def _is_probably_name(low: str) -> bool:
    return len(low) >= 6 and len(_VOWEL.findall(low)) * 4 >= len(low)
