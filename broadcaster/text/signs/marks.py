"""Punctuation, brackets, quotes and signs: what becomes a pause, what is said, what is dropped."""

import re

from broadcaster.text.language.letters import LOWER, NAMES, UPPER
from broadcaster.text.language.lexicon import readings_in, words
from broadcaster.text.language.numbers import cardinal, decimal, digits, whole
from broadcaster.text.page.cursor import ReadingRule, RuleReading, TextCursor
from broadcaster.text.page.doubts import LOW_CONFIDENCE, UNREADABLE, guessed, left_out, reason

_CURRENCY_SCALES = words("currency_scale")

_SAID = readings_in("sign")
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
_LESS = re.compile(r"(?P<sign><=?|>=?) ?(?=\d|[Bb]\.?[Đđ]|[Bb]áo động|[Mm]ức )")
_AGE = re.compile(r"(?P<sign>>=|=>|≥|<=|≤) ?(?P<age>\d{1,3})(?: ?(?P<unit>tháng tuổi|tuổi)(?![^\W_])|(?=[:;,]))")
_CURRENCY = re.compile(
    r"(?P<sign>US\$|[$€£¥]) ?(?P<head>\d{1,3}(?:[.,]\d{3}){0,4}|\d{1,9})(?:[.,](?P<tail>\d{1,2}))?(?![\d])"
)
_CURRENCIES = readings_in("currency")
_COMPARED = readings_in("compared")
_BLOOD = words("blood")
_PLUS = re.compile(r"\+")
_FIGURED = frozenset(("number", "money", "unit", "time", "date", "code"))
"""Kinds of which two can be the ends of a stretch."""
_TIMES = re.compile(r"[x*] ?(?=\d)")


def _read_end(cursor: TextCursor, found: re.Match[str]) -> RuleReading:
    marks = found.group()
    end = found.end()
    after = cursor.text[end : end + 2]
    if "?" in marks:
        return RuleReading("?", end, "mark")
    if "!" in marks:
        return RuleReading("!", end, "mark")
    if "/" not in marks and len(marks) > 1 and after.strip()[:1].islower():
        return RuleReading(",", end, "mark")
    if after[:1].isdecimal() and len(marks) == 1 and cursor.touching() and cursor.last_kind() in ("number", "roman"):
        return RuleReading("chấm", end)
    if after[:1].isalpha() and len(marks) == 1 and cursor.touching() and len(cursor.last_word()) > 1:
        return RuleReading(".", end, "mark")
    if after[:1].isalnum() and len(marks) == 1:
        return RuleReading("", end, "word") if cursor.touching() else RuleReading(",", end, "mark")
    return RuleReading(".", end, "mark")


def _read_line(cursor: TextCursor, found: re.Match[str]) -> RuleReading:
    text, end = cursor.text, found.end()
    wrapped = len(found.group()) == 1 and cursor.last_kind() not in ("mark", "break") and _continues(text, end)
    return RuleReading("", end, "word" if wrapped else "break")


def _continues(text: str, at: int) -> bool:
    """Whether the next line goes on with the sentence of this one, as text pasted from a PDF does."""
    return text[at : at + 1].islower() and not _LABEL.match(text, at)


def _read_label(cursor: TextCursor, found: re.Match[str]) -> RuleReading | None:
    if not (cursor.at_line_start() or (_begins_item(cursor) and found["label"])):
        return None
    return RuleReading(f"{_label(found['label'] or found['section'])},", found.end(), "roman")


def _begins_item(cursor: TextCursor) -> bool:
    """Whether a list goes on in the same line: "Nội dung: 1. Kiểm điểm; 2. Bầu trưởng thôn"."""
    last = cursor.last()
    return last is not None and last.words in (":", ";", ".") and not cursor.after_day()


def _read_bracket_label(_cursor: TextCursor, found: re.Match[str]) -> RuleReading | None:
    return RuleReading(f"{_label(found['label'])},", found.end(), "roman")


def _label(label: str) -> str:
    if label.lower() in NAMES:
        return NAMES[label.lower()]
    return " chấm ".join(cardinal(int(part)) for part in label.split("."))


def _read_less(_cursor: TextCursor, found: re.Match[str]) -> RuleReading:
    return RuleReading(_COMPARED[found["sign"]], found.end(), "word")


def _read_result(_cursor: TextCursor, found: re.Match[str]) -> RuleReading:
    """The result of a test: (+), (-)."""
    words = "dương tính" if found["sign"] == "+" else "âm tính"
    return RuleReading(words, found.end(), "word", LOW_CONFIDENCE, guessed(found.group(), words))


def _read_age(cursor: TextCursor, found: re.Match[str]) -> RuleReading | None:
    """ "từ sáu mươi tuổi trở lên": nobody says of a person that he is greater than or equal to sixty."""
    if not found["unit"] and "tuổi" not in cursor.before:
        return None
    since = "" if cursor.last_word() == "từ" else "từ "
    side = "xuống" if found["sign"] in ("<=", "≤") else "lên"
    return RuleReading(
        f"{since}{cardinal(int(found['age']))} {found['unit'] or ''} trở {side}".replace("  ", " "), found.end(), "unit"
    )


def _read_currency(cursor: TextCursor, found: re.Match[str]) -> RuleReading:
    head = found["head"].replace(".", "").replace(",", "")
    amount = decimal(head, found["tail"]) if found["tail"] else whole(head)
    scale = cursor.next_word(found.end())
    if scale in _CURRENCY_SCALES:
        end = cursor.text.index(scale[-1], found.end() + len(scale) - 1) + 1
        return RuleReading(f"{amount} {scale} {_CURRENCIES[found['sign']]}", end, "money")
    return RuleReading(f"{amount} {_CURRENCIES[found['sign']]}", found.end(), "money")


def _read_plus(cursor: TextCursor, found: re.Match[str]) -> RuleReading:
    figure = cursor.text[found.end() : found.end() + 2].strip()[:1].isdecimal()
    if cursor.at_line_start():
        return RuleReading("", found.end(), "break")
    blood = cursor.touching() and cursor.said(_BLOOD, within=3)
    spoken = (
        figure
        or blood
        or _graded(cursor)
        or (cursor.touching() and cursor.last_kind() in ("number", "unit", "money", "code"))
    )
    return RuleReading("cộng" if spoken else ",", found.end(), "word" if spoken else "mark")


def _graded(cursor: TextCursor) -> bool:
    """Whether the plus belongs to the one capital letter before it: hạng A+, kênh K+."""
    written = cursor.text[max(0, cursor.at - 2) : cursor.at]
    return written[-1:].isupper() and not written[:-1].isalnum()


def _read_times(cursor: TextCursor, found: re.Match[str]) -> RuleReading | None:
    return RuleReading("nhân", found.end(), "word") if cursor.last_kind() in ("number", "unit") else None


def read_sign(cursor: TextCursor) -> RuleReading:
    """Any other sign: a pause, a word, or nothing."""
    sign = cursor.text[cursor.at]
    if sign in _PAUSES:
        return RuleReading(_PAUSES[sign], cursor.at + 1, "mark")
    if sign in _SAID:
        return RuleReading(_SAID[sign], cursor.at + 1, "word")
    if sign.isalnum():
        return RuleReading("", cursor.at + 1, "word", UNREADABLE, reason(UNREADABLE, sign))
    return RuleReading("", cursor.at + 1, "word")


def _drop(_cursor: TextCursor, found: re.Match[str]) -> RuleReading:
    return RuleReading("", found.end())


def _read_arrow(cursor: TextCursor, found: re.Match[str]) -> RuleReading:
    """Between two figures an arrow is the way from one to the other: "nhà số 12->45"."""
    between = cursor.last_kind() in _FIGURED and cursor.text[found.end() : found.end() + 1].isdecimal()
    return RuleReading("đến", found.end()) if between else RuleReading(",", found.end(), "mark")


def _read_proportion(cursor: TextCursor, found: re.Match[str]) -> RuleReading | None:
    """N:P:K names three parts of one thing."""
    one = cursor.touching() and not cursor.text[max(0, cursor.at - 2) : cursor.at - 1].isalnum()
    return RuleReading("", found.end()) if one and cursor.text[cursor.at - 1].isupper() else None


def _read_hashtag(cursor: TextCursor, found: re.Match[str]) -> RuleReading | None:
    """What a social network collects posts by is for no listener."""
    if cursor.touching():
        return None
    return RuleReading("", found.end(), "word", UNREADABLE, left_out(found.group()))


def _read_keys(_cursor: TextCursor, found: re.Match[str]) -> RuleReading:
    """The keys of a telephone: *101#."""
    hash_key = " thăng" if found.group().endswith("#") else ""
    keys = ", sao ".join(digits(part) for part in found.group().strip("*#").split("*"))
    return RuleReading(f"sao {keys}{hash_key}", found.end(), "phone")


ARROW = ReadingRule(re.compile(r" ?[-=]{1,3}> ?"), _read_arrow, lead=" -=")
PROPORTION_NAME = ReadingRule(re.compile(r":(?=[A-ZĐ](?![^\W_]))"), _read_proportion, lead=":")
TELEPHONE_KEYS = ReadingRule(re.compile(r"\*\d{2,6}(?:\*\d{1,14}){0,3}#?(?![^\W_])"), _read_keys, lead="*")
HASHTAG = ReadingRule(re.compile(r"#[^\W\d_]\w{0,60}"), _read_hashtag, lead="#")
SMILEY = ReadingRule(re.compile(r"[:;]-?[()DP](?= |\n|$)"), _drop, lead=":;")
LIST_LABEL = ReadingRule(_LABEL, _read_label, after=")./", longest=2)
RESULT_OF_TEST = ReadingRule(re.compile(r"\((?P<sign>[+-])\)"), _read_result, lead="(")
BRACKET_LABEL = ReadingRule(_BRACKET_LABEL, _read_bracket_label, lead="(")
AGE_LIMIT = ReadingRule(_AGE, _read_age, lead="><=≥≤")
LINE_END = ReadingRule(_LINE, _read_line, lead="\n")
SENTENCE_END = ReadingRule(_END, _read_end, lead=" ./!?")
CURRENCY = ReadingRule(_CURRENCY, _read_currency, lead="U$€£¥")
COMPARISON = ReadingRule(_LESS, _read_less, lead="<>")
PLUS = ReadingRule(_PLUS, _read_plus, lead="+")
TIMES_SIGN = ReadingRule(_TIMES, _read_times, lead="x*")
