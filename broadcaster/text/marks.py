"""Punctuation, brackets, quotes and signs: what becomes a pause, what is said, what is dropped."""

import re

from broadcaster.text.doubts import UNREADABLE, reason
from broadcaster.text.letters import LOWER, NAMES, UPPER
from broadcaster.text.lexicon import words
from broadcaster.text.numbers import cardinal, decimal, digits, whole
from broadcaster.text.place import Place, Reading, Rule

_SAID = {
    "&": "và", "%": "phần trăm", "@": "a còng", "=": "bằng", "≥": "lớn hơn hoặc bằng", "≤": "nhỏ hơn hoặc bằng",
    "±": "cộng trừ", "°": "độ", "€": "ơ rô", "₫": "đồng", "£": "bảng", "¥": "yên", "$": "đô la", "‰": "phần nghìn",
    "½": "một phần hai", "¼": "một phần tư", "¾": "ba phần tư", "⅓": "một phần ba", "⅔": "hai phần ba",
    "⅕": "một phần năm", "⅛": "một phần tám", "²": "bình phương", "³": "lập phương", "≈": "xấp xỉ", "≠": "khác",
    "√": "căn", "Φ": "phi", "φ": "phi", "Ø": "phi", "ø": "phi", "∑": "tổng", "Ω": "ôm", "×": "nhân",
}  # fmt: skip
DIAMETERS = frozenset("ØøΦφ")
"""Letters elsewhere: Ø63 is "phi sáu mươi ba"."""
_PAUSES = {
    ",": ",",
    ";": ";",
    ":": ":",
    "(": ",",
    ")": ",",
    "[": ",",
    "]": ",",
    "{": ",",
    "}": ",",
    "|": ",",
    "\t": ",",
    "…": ",",
}
_END = re.compile(r" ?\./\.?|[.!?]{1,20}")
_LINE = re.compile(r"[\n]+")
_LABEL = re.compile(
    r"(?P<label>\d{1,2}(?:\.\d{1,2}){0,3}|[a-zđA-E])"
    rf"(?:\)(?= ?[^\W\d_])(?! ?\n)|\.(?: ?(?=[{UPPER}])|(?= [{LOWER}]))|/(?= ))"
    rf"|(?P<section>\d{{1,2}}(?:\.\d{{1,2}}){{1,3}})(?= [{UPPER}])"
)
_BRACKET_LABEL = re.compile(r"\((?P<label>\d{1,2}|[a-zđ])\)(?! ?[,.;])")
_LESS = re.compile(r"(?P<sign><=?|>=?) ?(?=\d)")
_AGE = re.compile(r"(?P<sign>>=|=>|≥|<=|≤) ?(?P<age>\d{1,3}) ?(?P<unit>tháng tuổi|tuổi)(?![^\W_])")
_CURRENCY = re.compile(
    r"(?P<sign>US\$|[$€£¥]) ?(?P<head>\d{1,3}(?:[.,]\d{3}){0,4}|\d{1,9})(?:[.,](?P<tail>\d{1,2}))?(?![\d])"
)
_CURRENCIES = {"$": "đô la", "US$": "đô la Mỹ", "€": "ơ rô", "£": "bảng Anh", "¥": "yên"}
_COMPARED = {"<": "dưới", "<=": "nhỏ hơn hoặc bằng", ">": "trên", ">=": "lớn hơn hoặc bằng"}
_BLOOD = words("blood")
_PLUS = re.compile(r"\+")
_TIMES = re.compile(r"[x*] ?(?=\d)")


def _read_end(place: Place, found: re.Match[str]) -> Reading:
    marks = found.group()
    end = found.end()
    after = place.text[end : end + 2]
    if "?" in marks:
        return Reading("?", end, "mark")
    if "!" in marks:
        return Reading("!", end, "mark")
    if "/" not in marks and len(marks) > 1 and after.strip()[:1].islower():
        return Reading(",", end, "mark")
    if after[:1].isdecimal() and len(marks) == 1 and place.touching() and place.last_kind() in ("number", "roman"):
        return Reading("chấm", end)
    if after[:1].isalpha() and len(marks) == 1 and place.touching() and len(place.last_word()) > 1:
        return Reading(".", end, "mark")
    if after[:1].isalnum() and len(marks) == 1:
        return Reading("", end, "word") if place.touching() else Reading(",", end, "mark")
    return Reading(".", end, "mark")


def _read_line(place: Place, found: re.Match[str]) -> Reading:
    text, end = place.text, found.end()
    wrapped = len(found.group()) == 1 and place.last_kind() not in ("mark", "break") and _continues(text, end)
    return Reading("", end, "word" if wrapped else "break")


def _continues(text: str, at: int) -> bool:
    """Whether the next line goes on with the sentence of this one, as text pasted from a PDF does."""
    return text[at : at + 1].islower() and not _LABEL.match(text, at)


def _read_label(place: Place, found: re.Match[str]) -> Reading | None:
    if not (place.at_line_start() or (_begins_item(place) and found["label"])):
        return None
    return Reading(f"{_label(found['label'] or found['section'])},", found.end(), "roman")


def _begins_item(place: Place) -> bool:
    """Whether a list goes on in the same line: "Nội dung: 1. Kiểm điểm; 2. Bầu trưởng thôn"."""
    last = place.last()
    return last is not None and last.words in (":", ";", ".") and not place.after_day()


def _read_bracket_label(_place: Place, found: re.Match[str]) -> Reading | None:
    return Reading(f"{_label(found['label'])},", found.end(), "roman")


def _label(label: str) -> str:
    if label.lower() in NAMES:
        return NAMES[label.lower()]
    return " chấm ".join(cardinal(int(part)) for part in label.split("."))


def _read_less(_place: Place, found: re.Match[str]) -> Reading:
    return Reading(_COMPARED[found["sign"]], found.end(), "word")


def _read_age(place: Place, found: re.Match[str]) -> Reading:
    """ "từ sáu mươi tuổi trở lên": nobody says of a person that he is greater than or equal to sixty."""
    since = "" if place.last_word() == "từ" else "từ "
    side = "xuống" if found["sign"] in ("<=", "≤") else "lên"
    return Reading(f"{since}{cardinal(int(found['age']))} {found['unit']} trở {side}", found.end(), "unit")


def _read_currency(place: Place, found: re.Match[str]) -> Reading:
    head = found["head"].replace(".", "").replace(",", "")
    amount = decimal(head, found["tail"]) if found["tail"] else whole(head)
    scale = place.next_word(found.end())
    if scale in ("triệu", "tỷ", "tỉ", "nghìn"):
        end = place.text.index(scale[-1], found.end() + len(scale) - 1) + 1
        return Reading(f"{amount} {scale} {_CURRENCIES[found['sign']]}", end, "money")
    return Reading(f"{amount} {_CURRENCIES[found['sign']]}", found.end(), "money")


def _read_plus(place: Place, found: re.Match[str]) -> Reading:
    figure = place.text[found.end() : found.end() + 2].strip()[:1].isdecimal()
    if place.at_line_start():
        return Reading("", found.end(), "break")
    blood = place.touching() and place.said(_BLOOD, within=3)
    spoken = figure or blood or (place.touching() and place.last_kind() in ("number", "unit", "money", "code"))
    return Reading("cộng" if spoken else ",", found.end(), "word" if spoken else "mark")


def _read_times(place: Place, found: re.Match[str]) -> Reading | None:
    return Reading("nhân", found.end(), "word") if place.last_kind() in ("number", "unit") else None


def read_sign(place: Place) -> Reading:
    """Any other sign: a pause, a word, or nothing."""
    sign = place.text[place.at]
    if sign in _PAUSES:
        return Reading(_PAUSES[sign], place.at + 1, "mark")
    if sign in _SAID:
        return Reading(_SAID[sign], place.at + 1, "word")
    if sign.isalnum():
        return Reading("", place.at + 1, "word", UNREADABLE, reason(UNREADABLE, sign))
    return Reading("", place.at + 1, "word")


LABEL_RULES = (Rule(_LABEL, _read_label),)


def _drop(_place: Place, found: re.Match[str]) -> Reading:
    return Reading("", found.end())


def _pause(_place: Place, found: re.Match[str]) -> Reading:
    return Reading(",", found.end(), "mark")


def _read_proportion(place: Place, found: re.Match[str]) -> Reading | None:
    """N:P:K names three parts of one thing."""
    one = place.touching() and not place.text[max(0, place.at - 2) : place.at - 1].isalnum()
    return Reading("", found.end()) if one and place.text[place.at - 1].isupper() else None


def _read_keys(_place: Place, found: re.Match[str]) -> Reading:
    """The keys of a telephone: *101#."""
    hash_key = " thăng" if found.group().endswith("#") else ""
    keys = ", sao ".join(digits(part) for part in found.group().strip("*#").split("*"))
    return Reading(f"sao {keys}{hash_key}", found.end(), "phone")


ARROW_RULES = (Rule(re.compile(r"[-=]{1,3}> ?"), _pause),)
RULES = (
    Rule(re.compile(r":(?=[A-ZĐ](?![^\W_]))"), _read_proportion),
    Rule(_AGE, _read_age),
    *ARROW_RULES,
    Rule(re.compile(r"\*\d{2,6}(?:\*\d{1,14}){0,3}#?(?![^\W_])"), _read_keys),
    Rule(re.compile(r"[:;]-?[()DP](?= |\n|$)"), _drop),
    Rule(_LINE, _read_line),
    Rule(_END, _read_end),
    Rule(_BRACKET_LABEL, _read_bracket_label),
    Rule(_CURRENCY, _read_currency),
    Rule(_LESS, _read_less),
    Rule(_PLUS, _read_plus),
    Rule(_TIMES, _read_times),
)
