"""A text without marks and in lower case, so that one table reads a paper typed with, without or with wrong marks."""

import re
import unicodedata
from functools import lru_cache

_SPACES = re.compile(r"\s+")
_HIDDEN = dict.fromkeys(map(ord, "\u200b\u200c\u200d\ufeff\u2060\ufe0f\u00ad\u200e\u200f"))
_DASHES = str.maketrans("–—−‐‑―", "------")


@lru_cache(maxsize=8192)
def fold(text: str) -> str:
    """No marks, lower case, one space between words: "ĐỘC LẬP – Tự do" becomes "doc lap - tu do"."""
    letters = unicodedata.normalize("NFKD", text.translate(_HIDDEN).translate(_DASHES))
    plain = "".join(letter for letter in letters if not unicodedata.combining(letter))
    return _SPACES.sub(" ", plain.replace("đ", "d").replace("Đ", "D").replace("Ð", "D").lower()).strip()


def lowered(text: str) -> str:
    """Lower case with marks, composed, one space between words."""
    return _SPACES.sub(" ", unicodedata.normalize("NFC", text.translate(_HIDDEN).translate(_DASHES)).lower()).strip()


def is_marked(text: str) -> bool:
    """Whether the text carries marks at all; a paper typed without them is read by folded words."""
    return lowered(text) != fold(text)


def compact(text: str) -> str:
    """Only the folded letters, so that "C Ộ N G  H Ò A" and "CỘNG HÒA" are one."""
    return "".join(letter for letter in fold(text) if "a" <= letter <= "z")
