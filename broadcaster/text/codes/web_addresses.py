"""E-mail and web addresses: https://muonglong.nghean.gov.vn, gopy@nari.gov.vn."""

import re
from functools import lru_cache

from broadcaster.text.language.letters import WORDS, spell
from broadcaster.text.language.lexicon import readings, readings_in, table
from broadcaster.text.language.numbers import digits, whole
from broadcaster.text.language.syllables import cut_bare, is_syllable
from broadcaster.text.page.cursor import ReadingRule, RuleReading, TextCursor
from broadcaster.text.page.doubts import LOW_CONFIDENCE, guessed
from broadcaster.text.words.spelling import say

_KNOWN = readings("web_words")
_FOREIGN = readings("foreign")
_TOPS = "vn|com|net|org|gov|edu|info|asia|biz|me|io|app|online|site|shop|store|ly|gl|tv|cc|dev|xyz|ai|page|link|be"
_HOST = rf"(?:[A-Za-z0-9_-]{{1,63}}\.){{1,6}}(?:{_TOPS})"
_WEB = rf"(?:(?:https?|ftp)://[^\s\"'<>()]{{1,400}}|(?:www\.)?{_HOST}(?![A-Za-z0-9_@-])(?:/[^\s\"'<>(),;]{{0,400}})?)"
_ADDRESS = re.compile(rf"[A-Za-z0-9._%+-]{{1,64}}@{_HOST}(?![A-Za-z0-9_-])|{_WEB}", re.IGNORECASE)
_VOWEL = re.compile("[aeiouy]")
_OFFICE = re.compile(r"(ubnd|hdnd|mttq|thcs|thpt|bhxh|ttyt|cskh|vp)([a-z]{2,60})$")
_OF_OFFICE = re.compile(r"([a-z]{3,60})(ubnd|hdnd|mttq|thcs|thpt|bhxh|ttyt|cskh)$")
_ENDINGS = [word for word in _KNOWN if len(word) > 5 and _KNOWN[word].count(" ") >= 1]
_UNMARKED = frozenset(row[0] for row in table("web_words") if row[2] in ("place", "unmarked Vietnamese"))
_PART = re.compile(r"[A-Za-z]+|\d+|[^A-Za-z\d]")
_SIGNS = readings_in("web_sign")


def _read_address(cursor: TextCursor, found: re.Match[str]) -> RuleReading:
    written = found.group()
    end = found.end() - (len(written) - len(written.rstrip(".,;:!?-_")))
    written = re.sub(r"^[a-zA-Z]{3,5}://", "", cursor.text[found.start() : end]).rstrip("/")
    parts = _PART.findall(written)
    words = " ".join(filter(None, map(_part, parts)))
    if any(map(_is_guessed, parts)):
        return RuleReading(words, end, "code", LOW_CONFIDENCE, guessed(written, words))
    return RuleReading(words, end, "code")


@lru_cache(maxsize=4000)
def _is_guessed(part: str) -> bool:
    """Whether nobody explained a part of an address: it is cut into syllables that have lost their marks."""
    low = part.lower()
    if not low.isalpha() or low in _KNOWN or low in _FOREIGN or not _VOWEL.search(low):
        return False
    return not (_in_known_words(low) or _known_with_letters(low))


@lru_cache(maxsize=4000)
def _part(part: str) -> str:
    low = part.lower()
    if low in _KNOWN:
        return _KNOWN[low]
    if part.isdecimal():
        return digits(part) if len(part) > 3 else whole(part)
    if not part.isalpha():
        return _SIGNS.get(part, "")
    if low in _FOREIGN:
        return _FOREIGN[low]
    return _unmarked(low)


def _unmarked(low: str) -> str:
    if (len(low) <= 2 and not is_syllable(low)) or not _VOWEL.search(low):
        return spell(low)
    office = _OFFICE.match(low)
    if office:
        return f"{spell(office[1])} {_unmarked(office[2])}"
    of_office = _OF_OFFICE.match(low)
    if of_office:
        return f"{_unmarked(of_office[1])} {spell(of_office[2])}"
    words = _in_known_words(low) or _known_with_letters(low)
    if words:
        return words
    for known in _ENDINGS:
        if low.endswith(known) and len(low) > len(known):
            return f"{_part(low.removesuffix(known))} {_KNOWN[known]}"
    syllables = cut_bare(low[:60])
    if syllables and len(syllables) * 1.6 <= len(low):
        return " ".join(_FOREIGN.get(syllable, syllable) for syllable in syllables)
    return spell(low) if len(low) <= 4 else _syllables_with_letters(low) or say(low).words


def _known_with_letters(low: str) -> str:
    """Known words with consonants behind them, which are letters: tracuunnt; or ""."""
    stem = low.rstrip("bcdfghjklmnpqrstvwxz")
    for cut in range(len(stem), len(low)):
        words = _in_known_words(low[:cut]) if len(low) - cut <= 4 else ""
        if words:
            return f"{words} {spell(low[cut:])}"
    return ""


def _syllables_with_letters(low: str) -> str:
    """Syllables with the letters of an office behind them: phongvhxh, dangkykhamsk; or ""."""
    stem = low.rstrip("bcdfghjklmnpqrstvwxz")
    for cut in range(len(low) - 2, max(len(stem), 2), -1):
        syllables = None if "s" in low[cut:-1] + low[-1] and cut < 5 else cut_bare(low[:cut])
        if syllables:
            return f"{' '.join(map(_part, syllables))} {spell(low[cut:])}"
    return ""


def _in_known_words(low: str) -> str:
    """The whole of a part in words of the table, or "": conganxa, thuedientu."""
    said = [""] + [""] * len(low)
    for end in range(2, len(low) + 1):
        for start in range(max(0, end - 20), end - 1):
            if (start == 0 or said[start]) and low[start:end] in _UNMARKED:
                said[end] = f"{said[start]} {_KNOWN[low[start:end]]}".strip()
                break
    return said[len(low)]


ADDRESS = ReadingRule(_ADDRESS, _read_address, after="@._%+-:" + WORDS)
