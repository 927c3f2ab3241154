"""Headings in the middle of a line that nobody set apart: "thông báo Thời gian: 7h30 Địa điểm: nhà văn hóa"."""

import re

from broadcaster.text.language.lexicon import alternation, words
from broadcaster.text.page.cursor import TextCursor

_HEADINGS = words("heading")
FIRST_SYLLABLES = frozenset(heading.partition(" ")[0] for heading in _HEADINGS)
_HEADING = re.compile(rf"(?i:{'|'.join(sorted(_HEADINGS, key=len, reverse=True))})(?P<colon> ?:)?(?![^\W_])")
_FACT = re.compile(rf" (?:\d|(?:{alternation('fact_lead')}) )")
_FACTS = frozenset(("time", "date", "phone", "account", "number", "unit", "money", "rate"))
_ENDS = frozenset(("time", "date", "phone", "account"))
_PLAIN = words("plain_heading")
"""Those that are set apart behind a fact without a capital, too."""
_LEADS = words("no_heading_before")


def pause_before(cursor: TextCursor) -> str:
    """The pause that is due before the heading under the finger: "." or ",", or "" when none begins here."""
    found = _HEADING.match(cursor.text, cursor.at, cursor.limit)
    kind = cursor.last_kind()
    if found is None or kind in ("mark", "break"):
        return ""
    last = cursor.last()
    if last is None or last.words.endswith(",") or cursor.last_word() in _LEADS:
        return ""
    capital = cursor.text[cursor.at].isupper()
    if capital and found["colon"]:
        return "."
    heading = found.group().lower()
    if capital and not cursor.capitals and heading in _PLAIN:
        announced = heading != "nội dung" and _FACT.match(cursor.text, found.end())
        return "," if kind in _FACTS or announced else ""
    return "," if kind in _ENDS and found.group() in _PLAIN else ""
