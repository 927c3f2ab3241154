"""What one cell of a paper's head or foot is: motto, number, place and date, body, office, name, "(đã ký)"."""

import re
from difflib import SequenceMatcher
from functools import lru_cache

from broadcaster.text.papers.folding import compact, fold, is_marked
from broadcaster.text.papers.knowledge import holds, opener, phrases, rows, shape_of
from broadcaster.text.papers.line_features import in_capitals, says_something

_STATE, _MOTTO, _PARTY = "conghoaxahoichunghiavietnam", "doclaptudohanhphuc", "dangcongsanvietnam"
_NUMBER = re.compile(
    r"so ?[:.]? ?[\d .…_]{0,14}\d{0,4}[a-z]?[ .…_]*[/-] ?[a-z0-9&. /-]*[a-z][a-z0-9&./-]*|so ?: ?[\d.…_ ]{1,14}"
    r"|so ?: ?[a-z0-9][a-z0-9_., -]{0,60}/ ?\d{1,2} ?h ?\d{0,2}[a-z0-9/._ -]{0,30}"  # weather service: with the hour
)
_BARE_NUMBER = re.compile(r"\d{1,5}[a-z]? ?[/-] ?(?:\d{4}/)?[A-ZĐ][A-ZĐa-z]{0,6}(?:[/-][A-ZĐa-z&]+)*")
_STANDING = re.compile(
    r"^\W*(?:[Tt]hay mặt|[Tt]hừa (?:lệnh|ủy quyền)|THAY MẶT|THỪA (?:LỆNH|ỦY QUYỀN)|[TKQ][./]?\s?[A-Z]{0,2})[.:]?\s*"
)
_LONGEST_CELL = 160
_PLACE_DATE = re.compile(
    r"(?P<place>[^\d,;:.]{2,40}?),? ?"
    r"(?:(?:hoi|luc) \d{1,2} ?(?:h|g|gio|:) ?(?:\d{2} ?(?:phut|p)?)?,? )?"
    r"ngay ?[\d.…_ ]{0,12} ?thang ?[\d.…_ ]{0,12} ?nam ?[\d.…_ ]{0,12}\.?"
    r"|(?P<place2>[^\d,;:.]{2,40}), ?(?:ngay )?\d{1,2}[/.-]\d{1,2}[/.-]\d{4}\.?"
)
_BARE_DATE = re.compile(r"ngay ?[\d.…_ ]{0,12} ?thang ?[\d.…_ ]{0,12} ?nam ?[\d.…_ ]{0,12}\.?")
_ABOUT = re.compile(r"\(?(?:v/v|v\.v|ve viec|vv)\b")
_NAME_WORD = re.compile(r"[^\W\d_]+(?:['’][^\W\d_]+)?")
_JOINED_OFFICES = re.compile(r"\s+[-–—]\s+|\s*[,;/]\s*|\s+kiêm\s+|\s+KIÊM\s+")


@lru_cache(maxsize=4096)
def mark_of(cell: str) -> str:
    """What a cell is: state, motto, party, number, bare_number, place_date, date, about, stamp, signed, standing,
    office, signature (an office with its name), body, name, ornament; or "" when it is none of them.
    """
    if len(cell) > _LONGEST_CELL:
        return ""
    folded, letters = fold(cell), compact(cell)
    if not any(letter.isalnum() for letter in folded) or re.fullmatch(r"[\W_]*[o0]{2,3}[\W_]*", folded):
        return "ornament"
    return _head_mark(cell, folded, letters) or _foot_mark(cell, folded)


def _head_mark(cell: str, folded: str, letters: str) -> str:
    for mark, formula in (("state", _STATE), ("motto", _MOTTO), ("party", _PARTY)):
        if _is_formula(letters, formula) or (letters.endswith(formula) and names_body(_without_tail(cell, formula))):
            return mark
    if _NUMBER.fullmatch(folded) or _BARE_NUMBER.fullmatch(cell.strip()):
        return "number"
    if re.fullmatch(r"so \d{1,4}", folded):
        return "bare_number"
    if _BARE_DATE.fullmatch(folded):
        return "date"
    if place_date(cell):
        return "place_date"
    if _is_number_and_date(folded):
        return "number"
    if _ABOUT.match(folded):
        return "about"
    return "stamp" if shape_of(folded, "anywhere") == "stamp" and not re.match(r"\W*(da )?ky", folded) else ""


def _is_formula(letters: str, formula: str) -> bool:
    """The formula itself, or the formula with an error or two of a keyboard or a scanner."""
    near = abs(len(letters) - len(formula)) <= 3
    return near and SequenceMatcher(None, letters, formula, autojunk=False).ratio() >= 0.88


def body_before(cell: str) -> str:
    """The body's name that stands before the state's name or the motto in one cell; or ""."""
    letters = compact(cell)
    formula = next((formula for formula in (_STATE, _MOTTO, _PARTY) if letters.endswith(formula)), "")
    return _without_tail(cell, formula) if formula else ""


def _without_tail(cell: str, formula: str) -> str:
    """What stands in the cell before the formula."""
    for at in range(len(cell)):
        if compact(cell[at:]) == formula and (at == 0 or not cell[at - 1].isalnum()):
            return cell[:at].strip(" -–—")
    return ""


def place_date(cell: str) -> bool:
    """Whether a cell is only a place and a date, a telegram's with its hour: "Đồng Khê, ngày 09 tháng 3 năm 2026"."""
    found = _PLACE_DATE.fullmatch(fold(cell))
    place = re.split(r",|\b[Hh][ồo]i\b|\b[Nn]g[àa]y\b|\bNG[ÀA]Y\b", cell)[0]
    return found is not None and not says_something(place) and len(place.split()) <= 7


def _is_number_and_date(folded: str) -> bool:
    """A number and a date that lost the gap between them."""
    found = re.match(r"so ?[:.]? ?[\d.…_ ]{0,10}[/-][a-z0-9&/.-]+ ", folded)
    return found is not None and place_date(folded[found.end() :])


def _foot_mark(cell: str, folded: str) -> str:
    if re.fullmatch(
        r"\W*(da )?ky( so| ten)?(,? ?(va )?(da )?(dong dau|ky ten|ghi ro ho( va)? ten))*\W*|\W*\(?chu ky\)?\W*", folded
    ):
        return "signed"
    if re.match(r"\W*da ky ?[:,-]? ?", folded) and is_name(re.sub(r"^\W*\w+ \w+ ?[:,)-]*\s*", "", cell)):
        return "signed"
    if folded.endswith((".", "!", "?", ";")) or len(folded.split()) > 14:
        return ""
    if opener("titles", "standing").match(folded) and _after_standing(cell):
        return "standing"
    return _office_mark(cell, folded) or ("name" if is_name(cell) else "")


def _after_standing(cell: str) -> bool:
    """Whether a body or an office stands after TM., KT., TL. or TUQ."""
    rest = _STANDING.sub("", cell)
    folded = fold(rest)
    if not rest or says_something(rest):
        return False
    known = opener("organisations").match(folded) or opener("titles", "office").match(folded)
    return rest != cell and ":" not in rest and (bool(known) or in_capitals(rest))


def _office_mark(cell: str, folded: str) -> str:
    """An office ("CHỦ TỊCH", "Trưởng thôn"), or an office with the name of who holds it."""
    found = opener("titles", "office").match(folded)
    if found is None or re.search(r"\d{4}", folded) or says_something(cell):
        return "body" if names_body(cell) else ""
    head, rest = _split_words(cell, len(found.group().split()))
    if not rest:
        return "office"
    if is_name(rest.lstrip(" :-–—,.")):
        return (
            "signature"
            if ":" in cell or in_capitals(head) or not opener("organisations").match(fold(rest))
            else "office"
        )
    return "office" if _is_complement(rest) else ""


def _split_words(cell: str, count: int) -> tuple[str, str]:
    parts = cell.split(maxsplit=count)
    return " ".join(parts[:count]), parts[count] if len(parts) > count else ""


def _is_complement(rest: str) -> bool:
    """What may follow an office: its body or place, a second office, a dash."""
    for part in _JOINED_OFFICES.split(rest.strip(" :-–—,.()")):
        folded = fold(part)
        short = len(folded.split()) <= 3 and (in_capitals(part) or part[:1].isupper()) and ":" not in part
        if part and not (opener("organisations").match(folded) or opener("titles", "office").match(folded) or short):
            return is_name(part)
    return True


@lru_cache(maxsize=4096)
def names_body(cell: str) -> bool:
    """Whether the cell is the name of a body or a place and nothing more: "BAN CÔNG TÁC MẶT TRẬN THÔN ĐÌA"."""
    folded = fold(cell).strip(" -*.()")
    if not opener("organisations").match(folded) or re.search(r"[:;!?]|\d{3}", folded) or len(folded.split()) > 16:
        return False
    if says_something(cell) or folded.endswith("."):
        return False
    return in_capitals(cell) or _is_titled(cell)


def _is_titled(cell: str) -> bool:
    """Whether a capital begins the cell and no comma cuts it: "Ban nhân dân thôn Đìa"."""
    return cell.lstrip(" -*(")[:1].isupper() and "," not in cell


_SURNAMES = frozenset(name for row in rows("surnames") for name in row[1].split("|"))
_NO_NAMES = frozenset(
    word for word in (phrase.split()[0] for phrase in phrases("organisations")) if word not in ("hoi", "ban", "cong")
)


_UNMARKED_SURNAMES = frozenset(fold(name) for name in _SURNAMES)


def _is_surname(word: str) -> bool:
    """Whether a word is a surname of the table, typed with its marks or without any."""
    return word.capitalize() in _SURNAMES or (not is_marked(word) and fold(word) in _UNMARKED_SURNAMES)


@lru_cache(maxsize=4096)
def is_name(cell: str) -> bool:
    """Whether the cell is the name of a person, with a rank or a degree before it perhaps."""
    name = _without_rank(cell.strip(" .,:-–—()*"))
    words = name.split()
    if not 2 <= len(words) <= 6 or not all(_NAME_WORD.fullmatch(word) for word in words):
        return False
    if not (in_capitals(name) or all(word[0].isupper() for word in words)):
        return False
    folded = fold(name)
    known = _is_surname(words[0]) or words[0].split("'")[0].capitalize() + "'" in _SURNAMES
    if opener("titles", "office").match(folded) or (opener("organisations").match(folded) and not known):
        return False
    if in_capitals(name):
        return known and not holds(name, "verb")
    return (known or folded.split()[0] not in _NO_NAMES) and len(words) <= 5 and (known or len(words) >= 3)


def has_surname(cell: str) -> bool:
    """Whether a name begins with a surname of the table."""
    words = _without_rank(cell.strip(" .,:-–—()*")).split()
    return bool(words) and words[0].capitalize() in _SURNAMES


def _without_rank(text: str) -> str:
    ranks = opener("titles", "rank")
    for _ in range(2):
        found = ranks.match(fold(text))
        if found is None or len(text.split()) <= len(found.group().split()):
            return text
        text = _split_words(text, len(found.group().split()))[1].lstrip(" .,:")
    return text
