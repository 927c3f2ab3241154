"""Letters written as codes: HTML entities, ``\\u00e0``, and UTF-8 that was read as another code page (mojibake)."""

import html
import re
import unicodedata
from collections.abc import Callable, Iterator
from functools import cache, partial
from html.entities import html5

from broadcaster.text.pastes.values import Edit, Traced

_ENTITY = re.compile(r"&(?:#\d{1,7}|#[xX][0-9a-fA-F]{1,6}|[A-Za-z][A-Za-z0-9]{1,30});")
_ESCAPE = re.compile(r"(?:\\u[0-9a-fA-F]{4})+")
_FEWEST_ESCAPES = 2
_UTF8 = re.compile(r"[\xc2-\xdf][\x80-\xbf]|[\xe0-\xef][\x80-\xbf]{2}|[\xf0-\xf4][\x80-\xbf]{3}")
_PAGES = ("cp1252", "cp1258", "mac_roman")
_FEWEST_SEQUENCES = 3
_LEAST_SHARE = 0.6
_CONTINUATION = re.compile(
    "[\x80-\xbf"
    + "".join(
        re.escape(letter)
        for page in ("cp1252", "mac_roman")
        for letter in bytes(range(0x80, 0xC0)).decode(page, "ignore")
        if ord(letter) > 0xFF or page == "cp1252"
    )
    + "]"
)
"""Every sequence has one of these; most texts have none."""
_HOLE = "\u0100"
"""Stands for a letter that the code page does not have; never part of a sequence."""


def entity_edits(text: str) -> list[Edit]:
    """Entities as letters; a code written twice over (``&amp;agrave;``) is undone to its end."""
    return [
        Edit(found.start(), found.end(), letter)
        for found in _ENTITY.finditer(text)
        if (letter := _letter(found.group()))
    ]


def _letter(entity: str) -> str:
    if not entity.startswith("&#") and entity[1:] not in html5:
        return ""
    letter = html.unescape(entity)
    return "" if letter == entity or any(unicodedata.category(part) in ("Cs", "Cn") for part in letter) else letter


def escape_edits(text: str) -> list[Edit]:
    """``\\u00e0`` as letters, when there are several."""
    founds = list(_ESCAPE.finditer(text))
    if sum(len(found.group()) // 6 for found in founds) < _FEWEST_ESCAPES:
        return []
    return [Edit(found.start(), found.end(), decoded) for found in founds if (decoded := _unescaped(found.group()))]


def _unescaped(written: str) -> str:
    units = bytes.fromhex("".join(written.split("\\u")))
    try:
        return units.decode("utf-16-be")
    except UnicodeDecodeError:
        return ""


def mojibake_edits(text: str) -> list[Edit]:
    """Sequences of UTF-8 that were read letter by letter in a code page, line by line where they are the rule."""
    if not _CONTINUATION.search(text):
        return []
    best = max((_decoded(text, page, _is_expected) for page in _PAGES), key=len)
    twice = _read_wrongly_twice(text)
    return twice if len(twice) > len(best) else best


def _read_wrongly_twice(text: str) -> list[Edit]:
    """The outer layer of a text that was read wrongly two times: what it gives must itself be mojibake."""
    for page in _PAGES:
        edits = _decoded(text, page, partial(_is_expected, upper=frozenset(_bytes_of(page))))
        if edits and _decoded(Traced.of(text).edited(edits).text, page, _is_expected):
            return edits
    return []


def _decoded(text: str, page: str, expected: Callable[[str], bool]) -> list[Edit]:
    found = [edit for edit in _sequences(text.translate(_bytes_of(page))) if expected(edit.now)]
    if len(found) < _FEWEST_SEQUENCES and not any(edit.end - edit.start > 2 for edit in found):
        return []
    remaining, at, place = [], 0, 0
    for line in text.split("\n"):
        end = at + len(line)
        inside = []
        while place < len(found) and found[place].start < end:
            inside.append(found[place])
            place += 1
        odd = sum(ord(letter) > 0x7F for letter in line)
        if inside and sum(edit.end - edit.start for edit in inside) >= _LEAST_SHARE * odd:
            remaining += inside
        at = end + 1
    return remaining


def _sequences(seen: str) -> Iterator[Edit]:
    for found in _UTF8.finditer(seen):
        try:
            yield Edit(found.start(), found.end(), found.group().encode("latin-1").decode("utf-8"))
        except UnicodeDecodeError:
            continue


def _is_expected(letter: str, *, upper: frozenset[int] = frozenset()) -> bool:
    """A letter or mark of Vietnamese, punctuation, a space or a picture; or one of the upper half of a code page."""
    code = ord(letter)
    if code in upper:
        return True
    if unicodedata.category(letter)[0] == "L":
        return letter.lower() in _VIETNAMESE
    return (
        0xA0 <= code <= 0xBF
        or 0x300 <= code <= 0x323
        or 0x2010 <= code <= 0x27BF
        or code >= 0x1F000
        or code in (0xFE0F, 0xFEFF)
    )


_VIETNAMESE = frozenset("đ") | {
    unicodedata.normalize("NFC", vowel + tone)
    for vowel in "aăâeêioôơuưy"
    for tone in ("", "\u0300", "\u0301", "\u0303", "\u0309", "\u0323")
}


@cache
def _bytes_of(page: str) -> dict[int, str]:
    """For ``str.translate``: each letter of the upper half of a code page as the byte it was, as a Latin-1 letter."""
    table = dict.fromkeys(range(0x80, 0x100), _HOLE) if page != "cp1252" else {}
    for byte in range(0x80, 0x100):
        try:
            table[ord(bytes([byte]).decode(page))] = chr(byte)
        except UnicodeDecodeError:
            table[byte] = chr(byte)
    for byte in range(0x80, 0xA0):
        table.setdefault(byte, chr(byte))
        table[byte] = chr(byte)
    return {code: byte for code, byte in table.items() if code > 0x7F}
