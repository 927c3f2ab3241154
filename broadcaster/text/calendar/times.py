"""Times of the day: 6h45, 04:55, 18g, 8h0, 19 giờ 30, 24/24h, 24/7."""

import re

from broadcaster.text.language.lexicon import words
from broadcaster.text.language.numbers import cardinal, whole
from broadcaster.text.page.cursor import ReadingRule, RuleReading, TextCursor

_NO_CLOCK_BEFORE = words("no_clock_before")

_BEFORE = words("time_before")
_AFTER = words("time_after")
_DAYTIMES = words("daytime") | words("relative_day")
_HOUR = r"(?P<hour>[01]?\d|2[0-4])"
_MINUTE = r"(?P<minute>[0-5]\d|0|[1-9](?= ?'))"
_END = r"(?![^\W_])"
_AROUND_THE_CLOCK = re.compile(rf"24 ?/ ?24 ?(?:h|H|g|giờ)?{_END}|24 ?/ ?7{_END}")
_HOUR_MINUTE = re.compile(
    rf"{_HOUR} ?(?:h|H|g|G|giờ)(?: (?!\d{{1,2}} ?/ ?\d))?{_MINUTE}"
    rf"(?:'(?P<second>[0-5]?\d)(?:\"|'')| ?(?:phút|ph|p|'|m)?){_END}"
)
_CLOCK = re.compile(
    rf"{_HOUR}:(?P<minute>[0-5]\d)(?::(?P<second>[0-5]\d))? ?"
    rf"(?:(?:h|H|g|giờ|phút)?|(?P<half>[AaPp][Mm])){_END}(?! ?:|[.,]\d)"
)
_LAPSE = re.compile(rf"(?P<minutes>\d{{1,3}})'(?P<seconds>[0-5]?\d)(?:\"|'')(?P<tenths>\d{{1,2}})?{_END}")
_SPRINT = re.compile(rf"(?P<seconds>\d{{1,2}})(?:\"|'')(?P<tenths>\d{{1,2}}){_END}")
_TO_AN_HOUR = re.compile(r"g ?- ?(?:[01]?\d|2[0-4])[gh]")
_PLANNED = words("planned")
_HOUR_ONLY = re.compile(rf"{_HOUR} ?(?P<mark>h|H|g){_END}")


def clock_time(hour: int, minute: int) -> str:
    """ "bảy giờ", "bảy giờ ba mươi phút", "tám giờ không năm phút"."""
    if not minute:
        return f"{cardinal(hour)} giờ"
    said = f"không {cardinal(minute)}" if minute < 10 else cardinal(minute)
    return f"{cardinal(hour)} giờ {said} phút"


def _read_around_the_clock(_cursor: TextCursor, found: re.Match[str]) -> RuleReading | None:
    words = "hai mươi tư trên bảy" if found.group().endswith("7") else "hai mươi tư trên hai mươi tư"
    return RuleReading(words if not found.group()[-1].isalpha() else words + " giờ", found.end(), "code")


def _read_hour_minute(_cursor: TextCursor, found: re.Match[str]) -> RuleReading | None:
    hour, minute = int(found["hour"]), int(found["minute"])
    if len(found["minute"]) == 1 and minute:
        return RuleReading(f"{cardinal(hour)} giờ {cardinal(minute)} phút", found.end(), "time")
    seconds = f" {cardinal(int(found['second']))} giây" if found["second"] else ""
    return RuleReading(clock_time(hour, minute) + seconds, found.end(), "time")


def _read_clock(cursor: TextCursor, found: re.Match[str]) -> RuleReading | None:
    if cursor.last_word() in _NO_CLOCK_BEFORE:
        return None
    half = (found["half"] or "").lower()
    hour = int(found["hour"]) + 12 * (half == "pm" and int(found["hour"]) < 12)
    words = clock_time(hour, int(found["minute"])) + (" sáng" if half == "am" else "")
    if found["second"]:
        words += f" {cardinal(int(found['second']))} giây"
    return RuleReading(words, found.end(), "time")


def _read_hour(cursor: TextCursor, found: re.Match[str]) -> RuleReading | None:
    if found["mark"] == "g" and not (_is_hour(cursor, found) or _is_planned(cursor, found)):
        return None
    return RuleReading(f"{cardinal(int(found['hour']))} giờ", found.end(), "time")


def _is_hour(cursor: TextCursor, found: re.Match[str]) -> bool:
    """Whether the day or its part is named just before ("tối ni 7g"), or a word of time stands beside."""
    if cursor.last_word() in _BEFORE or cursor.next_word(found.end()) in _AFTER:
        return True
    return cursor.said(_DAYTIMES, within=2) or cursor.last_kind() == "date"


def _is_planned(cursor: TextCursor, found: re.Match[str]) -> bool:
    """Whether the hour begins a stretch of a plan: "lịch thi: Văn 7g30-9g30, Anh 14g-15g"."""
    return cursor.said(_PLANNED, within=20) and _TO_AN_HOUR.match(cursor.text, found.start("mark")) is not None


def _read_lapse(_cursor: TextCursor, found: re.Match[str]) -> RuleReading:
    """The time of a runner: 32'15", 9'58"4."""
    minutes = cardinal(int(found["minutes"]))
    return RuleReading(f"{minutes} phút {_seconds(found)}", found.end(), "time")


def _read_sprint(_cursor: TextCursor, found: re.Match[str]) -> RuleReading:
    return RuleReading(_seconds(found), found.end(), "time")


def _seconds(found: re.Match[str]) -> str:
    """Twelve seconds eight: 12"8."""
    said = f"{cardinal(int(found['seconds']))} giây"
    return f"{said} {whole(found['tenths'])}" if found["tenths"] else said


AROUND_THE_CLOCK = ReadingRule(_AROUND_THE_CLOCK, _read_around_the_clock, lead="2", after="/", apart="/", longest=2)
LAPSE = ReadingRule(_LAPSE, _read_lapse, after="'", longest=3)
SPRINT = ReadingRule(_SPRINT, _read_sprint, after="\"'", longest=2)
HOUR_AND_MINUTE = ReadingRule(_HOUR_MINUTE, _read_hour_minute, after="hHgG", apart="hHgG", longest=2)
CLOCK_TIME = ReadingRule(_CLOCK, _read_clock, after=":", longest=2)
HOUR = ReadingRule(_HOUR_ONLY, _read_hour, after="hHg", apart="hHg", longest=2)
