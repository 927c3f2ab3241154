"""Fancy letters: mathematical bold and italic, full-width, circled and boxed ones, with the marks put on them."""

import re
import unicodedata

from broadcaster.text.pastes.tables import pairs
from broadcaster.text.pastes.values import Edit

_FANCY = "".join(sorted(pairs("fancy")))
_RANGES = (
    "\U0001d400-\U0001d7ff\uff01-\uff5e\u24b6-\u24e9\U0001f110-\U0001f149"
    "\u2102\u210a-\u2113\u2115\u2119-\u211d\u2124\u2128\u212c\u212d\u212f-\u2134\u2139"
)
_SUSPECT = re.compile(f"[{_RANGES}{_FANCY}]")
_WORD = re.compile(
    f"[{_RANGES}{_FANCY}\\w\u0300-\u036f\u3000]*[{_RANGES}{_FANCY}][{_RANGES}{_FANCY}\\w\u0300-\u036f\u3000]*"
)


def fancy_edits(text: str) -> list[Edit]:
    """Each word with a fancy letter as plain letters, its marks composed after folding."""
    if not _SUSPECT.search(text):
        return []
    return [Edit(found.start(), found.end(), plain(found.group())) for found in _WORD.finditer(text)]


def plain(word: str) -> str:
    """The word in plain composed letters."""
    folded = "".join(pairs("fancy").get(letter, letter) for letter in word)
    return unicodedata.normalize("NFC", unicodedata.normalize("NFKC", folded))
