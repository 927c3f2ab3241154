"""Hamlets that a text names: "thôn Gốc Sấu", "các thôn Đìa, Chợ Cũ và Rặng Nhãn", "tổ dân phố số 4"."""

import re

from broadcaster.text.papers.folding import fold
from broadcaster.text.papers.knowledge import listed, one_of
from broadcaster.text.papers.line_features import in_capitals
from broadcaster.text.papers.marks import has_surname

_KINDS = sorted(listed("places", "hamlet"), key=len, reverse=True)
_NO_NAMES = frozenset(listed("places", "not a name"))
_UPPER = "A-ZÀÁẢÃẠĂẰẮẲẴẶÂẦẤẨẪẬĐÈÉẺẼẸÊỀẾỂỄỆÌÍỈĨỊÒÓỎÕỌÔỒỐỔỖỘƠỜỚỞỠỢÙÚỦŨỤƯỪỨỬỮỰỲÝỶỸỴ"
_LOWER = "a-zàáảãạăằắẳẵặâầấẩẫậđèéẻẽẹêềếểễệìíỉĩịòóỏõọôồốổỗộơờớởỡợùúủũụưừứửữựỳýỷỹỵ"
_WORD = rf"[{_UPPER}][{_UPPER}{_LOWER}'’]*(?![{_UPPER}{_LOWER}])"
_COUNTED = rf"(?!\d|[/:%]|[.,]\d|[ ]?(?:{one_of('places', 'counts')}|em|(?:h|g|m|ca)\b))"
_NUMBER = rf"\d{{1,2}}[A-Z]?{_COUNTED}"
_NAME = rf"(?:{_WORD}(?:[ -](?:{_WORD}|{_NUMBER})){{0,4}}|(?:số )?{_NUMBER})"
_KIND = "(?i:" + "|".join(map(re.escape, _KINDS)) + ")"
_NAMED = re.compile(
    rf"\b(?P<kind>{_KIND}) (?P<names>{_NAME}(?:[ ]?(?:,|;|và|\+|&|-|–)[ ]?(?!{_KIND} ){_NAME}){{0,11}})"
)
_BETWEEN = re.compile(r"\s*(?:,|;|\bvà\b|\+|&|\s[-–]\s)\s*")
_NUMBER_KINDS = frozenset(listed("places", "numbered"))


def hamlets_in(text: str) -> tuple[str, ...]:
    """Each hamlet once, as written, in the order of the text."""
    found: dict[str, str] = {}
    for match in _NAMED.finditer(_spoken_plainly(text)):
        kind = match["kind"].lower()
        led = match.string[: match.start()].lower().endswith(("trưởng ", "phó "))
        for name in _BETWEEN.split(match["names"]):
            if _is_name(kind, name) and not (led and has_surname(name) and " " in name):
                whole = f"{kind} {name}"
                found.setdefault(fold(whole), whole)
    return tuple(found.values())


def _spoken_plainly(text: str) -> str:
    """Without the lines in capitals, where a name has no end that can be seen."""
    return "\n".join("" if in_capitals(line) else line for line in text.split("\n"))


def _is_name(kind: str, name: str) -> bool:
    """A name begins with a capital, or is a number after a kind that counts its hamlets."""
    first = name.split()[0] if name.split() else ""
    if not first or first.lower() in _NO_NAMES:
        return False
    if first[0].isdigit() or first.lower() == "số":
        return kind in _NUMBER_KINDS
    return first[0].isupper() and not (kind in ("tổ", "khu", "làng") and first.isupper() and len(first) > 3)
