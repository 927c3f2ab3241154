"""A slash or a colon between two numbers: 3/4 số thôn, 15/19 tiêu chí, tỷ lệ 1/2000, nhà 47/3, tỷ số 2-1."""

import re

from broadcaster.text.language.letters import LOWER, UPPER
from broadcaster.text.language.lexicon import alternation, words
from broadcaster.text.language.numbers import cardinal, ordinal, whole
from broadcaster.text.page.cursor import ReadingRule, RuleReading, TextCursor
from broadcaster.text.page.doubts import LOW_CONFIDENCE, two_ways
from broadcaster.text.quantities.amounts import unit_at

_SAME_AGAIN = words("same_again")
_SCORE_PAIRS = words("score_pair")
_NO_SCORE_AFTER = words("no_score_after")
_YEARLY = words("yearly_number")
_YEAR = re.compile(r"(?:19|20)\d\d")
_WEEKLY = words("weekly_after")

PAIRED = "gặp"
"""What is said for the dash between two teams."""
_ADDRESS_BEFORE = words("address_before")
_RATIO_BEFORE = words("ratio_before")
_SCORE_BEFORE = words("score_before")
_SCORE_AFTER = words("score_after")
_COUNTED_WHOLE = words("counted_whole")
_PERSONS = words("person")
_THRESHOLD = words("threshold")
_CLASS_BEFORE = words("class_before")
_MATCH = re.compile(rf"{alternation('match_phrase')}|(?<!mặt )trận đấu|thắng(?! lợi)")
_SHARED = re.compile(rf" (?:{alternation('shared_amount')})")
_FIGURE = r"\d{1,3}(?:\.\d{3}){1,3}|\d{1,9}(?:,\d{1,3})?"
_OVER = re.compile(rf"(?P<top>{_FIGURE}) ?/ ?(?P<bottom>{_FIGURE})(?![\d]|[.,]\d)(?:/(?P<third>\d{{1,5}})(?!\d))?")
_RATIO = re.compile(r"(?P<top>\d{1,4}):(?P<bottom>\d{1,3}(?:\.\d{3}){1,2}|\d{1,6})(?:[:](?P<third>\d{1,4}))?(?![\d:])")
_SCORE = re.compile(r"(?P<top>\d{1,2}) ?- ?(?P<bottom>\d{1,2})(?![\d/%]|[.,-]\d|[^\W\d_])")
_ROW = re.compile(r"\d{1,3}(?:-\d{1,3}){2,4}(?![\d/%-]|[.,]\d|[^\W\d_])")
_WEEKDAYS = re.compile(r"[2-5](?P<separator>[-/])[3-6](?:(?P=separator)[4-7]){1,3}(?![\d/-]|[.,]\d|[^\W\d_])")
_DAYTIMES = words("daytime")
_PLACE = re.compile(r"(?P<top>[1-9]\d?)/(?P<bottom>[1-9])(?![\d/%]|[.,]\d|[^\W_])")
_COUNTED = words("count_noun")
_PLACES = words("numbered_place")
_HOLIDAYS = words("holiday")
_MOST_HAMLETS = 20
_CALENDAR = words("calendar_after")
_LABELS = words("labelled") | _PLACES | words("listed") | words("day_before") | words("roman_before") | words("street")
_NAME_NEXT = re.compile(rf" [{UPPER}][{LOWER}]+ [{UPPER}\d]")
_TEAM_NEXT = re.compile(rf" (?:{alternation('numbered_place')}) [{UPPER}\d]")
_SCORE_HOW = words("score_how")
_SCHOOL_YEAR = re.compile(r"(?P<top>(?:19|20)\d\d) ?/ ?(?P<bottom>(?:19|20)\d\d)(?!\d)")


def _read_over(cursor: TextCursor, found: re.Match[str]) -> RuleReading:
    top, bottom = _figure(found["top"]), _figure(found["bottom"])
    third = f" trên {_figure(found['third'])}" if found["third"] else ""
    if cursor.last_word() == "thứ" and found["top"].isdecimal():
        top = ordinal(int(found["top"]))
    if _YEAR.fullmatch(found["bottom"]) and not third and cursor.last_word() in _YEARLY:
        return RuleReading(f"{top} năm {bottom}", found.end(), "number")
    unit = unit_at(cursor.text, found.end())
    if unit is not None and not third:
        connective = "phần" if _is_share(cursor, found) else "trên"
        return RuleReading(f"{top} {connective} {_under(bottom, connective)} {unit[0]}", unit[2], "unit")
    connective = "phần" if not third and _is_share(cursor, found) else "trên"
    return RuleReading(f"{top} {connective} {_under(bottom, connective)}{third}", found.end(), "number")


def _is_share(cursor: TextCursor, found: re.Match[str]) -> bool:
    """Three quarters of something, and not three out of the four there are."""
    if cursor.said(_ADDRESS_BEFORE, within=1) or cursor.said(_RATIO_BEFORE, within=1):
        return False
    if "," in found["top"] + found["bottom"] or "." in found["top"] + found["bottom"]:
        return False
    if found["top"][0] == "0" and len(found["top"]) > 1:
        return False
    top, bottom = int(found["top"]), int(found["bottom"])
    after = cursor.next_word(found.end())
    if bottom > 4 and after in _COUNTED_WHOLE and not _SHARED.match(cursor.text, found.end()):
        return False
    if after in _PERSONS and _THRESHOLD.isdisjoint(cursor.before[-2:]):
        return False
    return 0 < top < bottom <= (10 if top > 1 else 20)


def _under(bottom: str, connective: str) -> str:
    return "tư" if connective == "phần" and bottom == "bốn" else bottom


def _figure(written: str) -> str:
    head, _, tail = written.partition(",")
    said = whole(head.replace(".", ""))
    return f"{said} phẩy {whole(tail)}" if tail else said


def _read_ratio(cursor: TextCursor, found: re.Match[str]) -> RuleReading | None:
    if (
        len(found["bottom"]) == 2
        and not found["third"]
        and not cursor.said(_RATIO_BEFORE, within=3)
        and int(found["top"]) < 25
    ):
        return None
    connective = "trên" if cursor.said(_RATIO_BEFORE, within=3) else ""
    parts = [_figure(part) for part in (found["top"], found["bottom"], found["third"]) if part]
    return RuleReading(" ".join(f" {connective} ".join(parts).split()), found.end(), "number")


def _read_place(cursor: TextCursor, found: re.Match[str]) -> RuleReading | None:
    """Xóm 5/1 is the first part of hamlet five; "họp xóm 5/1" and "khu 3/2" are dates."""
    if int(found["top"]) > _MOST_HAMLETS or (found.group() in _HOLIDAYS and not _names_places(cursor)):
        return None
    after = cursor.next_word(found.end())
    if after in _COUNTED and int(found["top"]) < int(found["bottom"]):
        return None
    if after in _CALENDAR or not (_names_place(cursor) or _next_place(cursor)):
        return None
    words = f"{_figure(found['top'])} trên {_figure(found['bottom'])}"
    return RuleReading(words, found.end(), "number", LOW_CONFIDENCE, two_ways(found.group(), words))


def _names_place(cursor: TextCursor) -> bool:
    return cursor.last_word() in _PLACES and cursor.last_kind() == "word" and cursor.before[-2:-1] != ["họp"]


def _names_places(cursor: TextCursor) -> bool:
    return any(piece.kind == "number" and " trên " in piece.words for piece in cursor.latest(8))


def _next_place(cursor: TextCursor) -> bool:
    """Whether places with a slash were named just before: "xóm 5/1, 5/2 và 5/3"."""
    before = cursor.last(2)
    if cursor.last_word() not in _SAME_AGAIN and cursor.last_kind() != "mark":
        return False
    return (
        before is not None and before.kind == "number" and bool(_PLACE.fullmatch(cursor.text, before.start, before.end))
    )


def in_match(cursor: TextCursor) -> bool:
    """Whether the sentence speaks of a match: two numbers with a dash are then its score."""
    return bool(_MATCH.search(" ".join(cursor.before[-40:])))


def _read_score(cursor: TextCursor, found: re.Match[str]) -> RuleReading | None:
    before = cursor.before
    played = cursor.last_word() in _SCORE_BEFORE or _tells_how(cursor, found) or " ".join(before[-2:]) in _SCORE_PAIRS
    after = cursor.text[found.end() : found.end() + 2].strip()
    team = _TEAM_NEXT.match(cursor.text, found.end()) is not None
    matched = (in_match(cursor) or _between_names(cursor, found)) and (team or not after[:1].islower())
    if played or matched or (cursor.said(_SCORE_BEFORE, within=5) and cursor.next_word(found.end()) in _SCORE_AFTER):
        top, bottom = (cardinal(int(found[side])) for side in ("top", "bottom"))
        return RuleReading(f"{top} {bottom}", found.end(), "number")
    return None


def _read_score_of_pair(cursor: TextCursor, found: re.Match[str]) -> RuleReading | None:
    """The score of two teams that a dash has just paired: "Xóm 1 – Xóm 4: 3-2"."""
    paired = any(piece.words == PAIRED and cursor.text[piece.start] in " -" for piece in cursor.latest(7))
    if not paired:
        return None
    top, bottom = (cardinal(int(found[side])) for side in ("top", "bottom"))
    return RuleReading(f"{top} {bottom}", found.end(), "number")


def _between_names(cursor: TextCursor, found: re.Match[str]) -> bool:
    """Whether the names of two teams stand around: "Thôn Đông 2 - 0 Thôn Đoài"; "Điều 2-3 Luật" numbers parts."""
    last = cursor.last()
    if last is None or last.kind != "word" or last.words.lower() in _LABELS or not last.words[:1].isupper():
        return False
    follows = _NAME_NEXT.match(cursor.text, found.end()) or _TEAM_NEXT.match(cursor.text, found.end())
    return last.end - last.start > 1 and follows is not None


def _tells_how(cursor: TextCursor, found: re.Match[str]) -> bool:
    """Whether who won is told with a word more: "thua đậm 0-3", "thắng ngược 3-2"."""
    how = cursor.last_word() in _SCORE_HOW and cursor.said(_SCORE_BEFORE, within=4)
    return how and cursor.next_word(found.end()) not in _NO_SCORE_AFTER


def _read_school_year(_cursor: TextCursor, found: re.Match[str]) -> RuleReading:
    return RuleReading(f"{_figure(found['top'])} đến {_figure(found['bottom'])}", found.end(), "number")


def _read_row(cursor: TextCursor, found: re.Match[str]) -> RuleReading:
    """Three figures in a row are parts of a name, not a range: NPK 16-16-8; thứ 2-4-6 names weekdays."""
    if cursor.last_word() == "thứ":
        days = ", ".join(ordinal(int(part)) for part in found.group().split("-"))
        return RuleReading(days, found.end(), "date")
    pause = ", " if cursor.said(_CLASS_BEFORE, within=1) else " "
    return RuleReading(pause.join(whole(part) for part in found.group().split("-")), found.end(), "number")


def _read_weekdays(cursor: TextCursor, found: re.Match[str]) -> RuleReading | None:
    """2/4/6 hằng tuần, tối 3-5-7: days of the week, which rise."""
    days = [int(day) for day in re.split("[-/]", found.group())]
    weekly = cursor.next_word(found.end()) in _WEEKLY or cursor.last_word() in _DAYTIMES
    if days != sorted(set(days)) or not weekly:
        return None
    name = "" if cursor.last_word() == "thứ" else "thứ "
    return RuleReading(name + ", ".join(map(ordinal, days)), found.end(), "date")


WEEKDAYS_IN_A_ROW = ReadingRule(_WEEKDAYS, _read_weekdays, after="-/", longest=1)
PLACE_WITH_PART = ReadingRule(_PLACE, _read_place, after="/", longest=2)
SCHOOL_YEAR = ReadingRule(_SCHOOL_YEAR, _read_school_year, after="/", apart="/", shortest=4, longest=4)
NUMBER_OVER_NUMBER = ReadingRule(_OVER, _read_over, after="/.,", apart="/")
RATIO = ReadingRule(_RATIO, _read_ratio, after=":", longest=4)
SCORE = ReadingRule(_SCORE, _read_score, after="-", apart="-", longest=2)
SCORE_OF_PAIR = ReadingRule(_SCORE, _read_score_of_pair, after="-", apart="-", longest=2)
FIGURES_IN_A_ROW = ReadingRule(_ROW, _read_row, after="-", longest=3)
