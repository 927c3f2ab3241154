"""Whether a spoken text is one of those a template allows: "ngày {mùng |}hai" is "ngày mùng hai" or "ngày hai".

Alternatives may be empty and may nest. Capitals, punctuation, mark-up, the place of a tone mark and spellings that
sound the same do not count: hoà and hòa, tỷ and tỉ, ngàn and nghìn, kilomet and ki lô mét.
"""

import re
import unicodedata
from functools import lru_cache

_TONES = "\u0300\u0301\u0303\u0309\u0323"
_OLD_PLACE = re.compile(rf"(?<!q)(o|u)([{_TONES}])(a|e|y)(?!\w)")
_Y = re.compile(rf"(?<!\w)([hklmstv])y(?=[{_TONES}]?(?!\w))")
_MARKUP = re.compile(r"</?[a-zA-Z][^<>]{0,20}>")
_PART = re.compile(r"[{}|]|[^{}|\s]+")
_SAME = tuple(
    (re.compile(rf"(?<!\w)(?:{written})(?!\w)"), said)
    for written, said in (
        ("bẩy", "bảy"), ("phảy|phết", "phẩy"), ("uỷ", "ủy"), ("ngàn", "nghìn"), ("rưởi", "rưỡi"), ("mồng", "mùng"),
        (r"linh(?= (?:một|hai|ba|bốn|tư|năm|sáu|bảy|tám|chín)(?!\w))", "lẻ"), ("lẻ tư", "lẻ bốn"),
        ("mươi bốn", "mươi tư"), ("mươi nhăm", "mươi lăm"), ("tháng bốn", "tháng tư"), ("phần bốn", "phần tư"),
        ("(?:xen|xăng|sen|cen) ?ti ?m[eé]t", "xăng ti mét"), ("mi ?li ?m[eé]t", "mi li mét"),
        ("mi ?li ?l[ií]t", "mi li lít"), ("mi ?li ?gr?am", "mi li gam"), ("k[iíi] ?l[oô] ?m[eé]t", "ki lô mét"),
        ("k[ií] ?l[oô] ?(?:gr?am|gờ ram)", "ki lô gam"), ("h[eé]c ?t[aáo]", "héc ta"), ("watt|oắt|wát|quát", "oát"),
        ("volt", "vôn"), ("độ c|độ celsius|độ xen xi ?út?", "độ xê"), ("đôla|u s d|u ét đê", "đô la"),
        ("giga ?bai|gigabyte|gi ga bít", "gi ga bai"), ("héc|hertz", "hẹc"), ("việt nam đồng|vê en đê", "đồng"),
    )
)  # fmt: skip


def folded(text: str, *, template: bool = False) -> str:
    """A text or a template without what is not heard."""
    stored = "{}|" if template else ""
    letters = unicodedata.normalize("NFC", _MARKUP.sub(" ", text)).casefold()
    letters = "".join(letter if letter.isalnum() or letter in stored else " " for letter in letters)
    loose = _Y.sub(r"\1i", unicodedata.normalize("NFD", letters))
    words = unicodedata.normalize("NFC", _OLD_PLACE.sub(r"\1\3\2", loose))
    for written, said in _SAME:
        words = written.sub(said, words)
    return " ".join(words.split())


@lru_cache(maxsize=4000)
def _shape(template: str) -> re.Pattern[str]:
    signs = {"{": "(?:", "|": "|", "}": ")"}
    parts = _PART.findall(folded(template, template=True))
    return re.compile("".join(signs.get(part) or re.escape(part) + " " for part in parts))


def allows(templates: list[str], said: str) -> bool:
    """Whether one of the templates allows what was said."""
    spoken = folded(said) + " "
    return any(_shape(template).fullmatch(spoken) for template in templates)
