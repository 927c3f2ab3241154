"""Letters and figures in one: QL3B, Km12+500, A4, H5N1, Covid-19, DPT4, T7, mã PA0512345678."""

import re

from broadcaster.text.calendar.dates import month_name
from broadcaster.text.codes.documents import read_code
from broadcaster.text.codes.phones import grouped_digits
from broadcaster.text.language.letters import CAPITALS, DIGITS, spell
from broadcaster.text.language.lexicon import readings, words
from broadcaster.text.language.numbers import cardinal, decimal, digits, ordinal, whole
from broadcaster.text.language.syllables import is_syllable
from broadcaster.text.page.cursor import ReadingRule, RuleReading, TextCursor
from broadcaster.text.page.doubts import LOW_CONFIDENCE, guessed, two_ways
from broadcaster.text.words.acronyms import once
from broadcaster.text.words.meanings import FOREIGN, KNOWN, always

_MONTH_BEFORE = words("month_before")
_MONTHLY = words("month_paid")
_DAY_NAMES = words("day_before")
_MOTORWAY_BEFORE = words("motorway_before")
_ROAD_OR_SEED = words("road_or_seed")

_ROADS = readings("roads")
_SEEDS = words("seed")
_LETTERED = words("lettered") | words("named_by_letter") | words("class_before")
_BOOKS = words("booked_before")
_NUMBERED = words("serial_letters_before")
_NO_SERIAL = words("no_serial")
_CERTIFICATE = (6, 7, 8)
"""Figures in the number of a certificate."""
_SERIAL = words("serial_before")
_END = r"(?![^\W_])"
_ROAD = re.compile(
    rf"(?P<road>QL|L?TL|ĐT|DT|HL|ĐH|ĐX|CT|ql|tl|Ql)(?P<separator>[. -]?)(?P<number>\d{{1,4}})"
    rf"(?P<letter>[A-ZĐa-h]?){_END}(?![.,]\d)"
)
_KILOMETRE = re.compile(
    rf"(?P<mark>Km|KM|km|K(?=\d{{1,4}}\+\d)) ?(?P<km>\d{{1,4}})"
    rf"(?:,(?P<tenths>\d{{1,3}})| ?\+ ?(?P<metres>\d{{1,4}})(?:m{_END})?)?{_END}"
)
_LATE_MONTH = re.compile(rf"[Tt](?P<month>[89]|1[0-2]){_END}")
_MONTHS = re.compile(rf"[Tt](?P<month>[1-9]|1[0-2])(?= ?- ?[Tt](?:[189]|1[0-2]){_END})")
_WEEKDAY = re.compile(
    rf"[Tt](?P<day>[2-7])(?P<row>(?:,[2-7]|,CN|,cn){{1,5}}|(?:-[2-7]){{2,5}}|(?:/[2-7]){{2,5}}|-[3-7])?{_END}(?!/|[.,]\d)"
)
_MONTH_LIKE = re.compile(rf"[Tt](?P<month>[1-9]|1[0-2])/(?P<year>20\d\d){_END}")
_SIZE = re.compile(
    r"(?P<word>[^\W\d_]{1,12})[- ]?(?P<number>\d{1,3})(?:(?P<point>[.,])(?P<decimal>\d))?"
    rf"(?P<more>[A-Za-z]\d{{1,2}})?{_END}(?![.,/]\d)"
)
_BOOKED = re.compile(rf"(?P<letters>[A-ZĐ]{{1,3}}) ?(?P<figures>\d{{3,12}}){_END}")
_FORMULA = re.compile(rf"(?=[A-Za-z]*\d)(?:(?:Ca|Na|Mg|Al|Fe|Cu|Zn|Cl|[HCNOSPK])\d{{0,2}}){{2,5}}{_END}")
_SERIES = re.compile(rf"(?P<letters>[A-ZĐ]{{1,3}}) (?P<figures>\d{{6,12}}){_END}")
_BLEND = re.compile(r"E(?P<percent>\d{1,2})(?=[ -]?RON)")
_DOSSIER = re.compile(rf"\d{{2,6}}(?:[.-](?:[A-Z]{{1,3}}\d{{1,6}}|\d{{1,8}})){{2,8}}{_END}")
_STANDARD = re.compile(
    r"(?P<body>TCVN|QCVN|TCCS|TCXDVN|ISO) ?(?P<number>\d{1,5}(?:-\d{1,3})*)(?::(?P<year>\d{4}))?"
    r"(?:/(?P<ministry>[A-ZĐ]{2,6}))?(?![^\W_])"
)
_CODE = re.compile(r"(?P<letters>[^\W\d_]{1,5})[-.]?(?P<figures>\d[\dA-Za-z.-]{0,40})")


def _read_road(cursor: TextCursor, found: re.Match[str]) -> RuleReading | None:
    road, number = found["road"].upper(), found["number"]
    if road in _ROAD_OR_SEED and cursor.said(_SEEDS, within=60):
        return None
    if road in _ROAD_OR_SEED and not 2 <= len(number) <= 3:
        return None
    if road == "CT" and found["separator"] != "." and cursor.last_word() not in _MOTORWAY_BEFORE:
        return None
    name = _ROADS[road]
    if cursor.last_word() == name.split()[0]:
        name = name.partition(" ")[2]
    if " ".join(cursor.before[-2:]) == name:
        name = ""
    return RuleReading(f"{name} {cardinal(int(number))} {spell(found['letter'])}".strip(), found.end(), "code")


def _read_kilometre(cursor: TextCursor, found: re.Match[str]) -> RuleReading | None:
    if found.group().startswith("KM") and not found["metres"] and cursor.said(_SEEDS, within=60):
        return None
    mark = "ca" if found["mark"] == "K" else "ki lô mét"
    said = f"{mark} {cardinal(int(found['km']))}"
    if found["tenths"]:
        said = f"ki lô mét {decimal(found['km'], found['tenths'])}"
    if found["metres"]:
        said += f" cộng {whole(found['metres'].lstrip('0') or '0')}"
    return RuleReading(said, found.end(), "code")


def _read_weekday(cursor: TextCursor, found: re.Match[str]) -> RuleReading | None:
    last = cursor.last()
    if cursor.touching() and last is not None and last.words == "":
        return None
    words = f"thứ {_days(found['day'], found['row'] or '')}"
    if found["row"]:
        return RuleReading(words, found.end(), "date")
    month = month_name(int(found["day"]))
    if cursor.last_word() in _MONTH_BEFORE or _follows_a_day(cursor):
        return RuleReading(month, found.end(), "date")
    if cursor.last_kind() == "word" and cursor.said(_MONTHLY, within=3):
        return RuleReading(month, found.end(), "date", LOW_CONFIDENCE, two_ways(found.group(), month))
    return RuleReading(words, found.end(), "date")


def _follows_a_day(cursor: TextCursor) -> bool:
    """Whether a day of the month stands just before: "mùng 5 T7" is in July."""
    return cursor.last_kind() == "number" and not _DAY_NAMES.isdisjoint(cursor.before[-4:-1])


def _days(first: str, row: str) -> str:
    """T2,4,6 and T2-4-6 name each day, T2-6 the first and the last."""
    more = re.findall(r"[2-7]|[Cc][Nn]", row)
    said = [ordinal(int(first)), *(ordinal(int(day)) if day.isdecimal() else "chủ nhật" for day in more)]
    if row.startswith("-") and len(more) == 1:
        return f"{said[0]} đến thứ {said[1]}"
    return ", ".join(said)


def _read_late_month(cursor: TextCursor, found: re.Match[str]) -> RuleReading | None:
    """T12 is a month, for no weekday has that number; so is T7 in "T7-T9"."""
    if cursor.touching() and not cursor.last_word():
        return None
    return RuleReading(month_name(int(found["month"])), found.end(), "date")


def _read_month(_cursor: TextCursor, found: re.Match[str]) -> RuleReading:
    return RuleReading(f"{month_name(int(found['month']))} năm {cardinal(int(found['year']))}", found.end(), "date")


def _read_named(cursor: TextCursor, found: re.Match[str]) -> RuleReading | None:
    """A name or an acronym with a short number: Covid-19, DPT4, A4, 12A1; "thôn-3" is no such thing."""
    written, number = found["word"], found["number"]
    separator = found.group()[len(written)]
    name = _name(written, glued=separator.isdecimal())
    if not name or separator == " ":
        return None
    number = digits(number) if number[0] == "0" else whole(number)
    if found["decimal"]:
        number += f" {'chấm' if found['point'] == '.' and len(written) == 1 else 'phẩy'} {whole(found['decimal'])}"
    more = f" {spell(found['more'][0])} {whole(found['more'][1:])}" if found["more"] else ""
    said = f"{name} {number}{more}"
    if len(written) == 1 and written.islower() and cursor.last_word() not in _LETTERED:
        # On a telephone k1 can be a class, x3 a hamlet, t5 a floor.
        return RuleReading(said, found.end(), "code", LOW_CONFIDENCE, guessed(found.group(), said))
    return RuleReading(said, found.end(), "code")


def _read_series(_cursor: TextCursor, found: re.Match[str]) -> RuleReading | None:
    if found["letters"] in KNOWN:
        return None
    return RuleReading(f"{spell(found['letters'])} {grouped_digits(found['figures'])}", found.end(), "code")


def _read_booked(cursor: TextCursor, found: re.Match[str]) -> RuleReading | None:
    """The number in a book of papers, whatever its letters mean elsewhere: "số vào sổ: CN 00321"."""
    serial = len(found["figures"]) > 4 and cursor.said(_SERIAL, within=5)
    if cursor.last_word() not in _BOOKS and not serial and not _is_certificate(cursor, found):
        return None
    return RuleReading(f"{spell(found['letters'])} {grouped_digits(found['figures'])}", found.end(), "code")


def _is_certificate(cursor: TextCursor, found: re.Match[str]) -> bool:
    """Whether the number is that of a certificate: "sổ đỏ số CĐ 123456"."""
    letters = found["letters"]
    numbered = cursor.last_word() in _NUMBERED and len(letters) == len("CĐ") and letters not in _NO_SERIAL
    return numbered and len(found["figures"]) in _CERTIFICATE


def _name(written: str, *, glued: bool) -> str:
    """How the letters before the number are said, or "" when the two have nothing to do with each other."""
    low = written.lower()
    if low in FOREIGN:
        return FOREIGN[low]
    known = KNOWN.get(written, ())
    if known and known[-1].holds is None and not (glued and len(written) <= 2):
        return known[-1].reading
    return spell(written) if glued and (len(low) == 1 or written.isupper() or not is_syllable(low)) else ""


def _read_code(_cursor: TextCursor, found: re.Match[str]) -> RuleReading | None:
    letters, figures = found["letters"], found["figures"].rstrip(".-")
    if letters.lower() in FOREIGN and figures.isdecimal():
        return RuleReading(
            f"{FOREIGN[letters.lower()]} {whole(figures)}", found.start("figures") + len(figures), "code"
        )
    end = found.start("figures") + len(figures)
    if not letters.isupper() and len(letters) != 1:
        return None
    parts = re.findall(r"\d+|[A-Za-z]+", figures)
    said = ", ".join(_part(part) for part in parts)
    return RuleReading(f"{spell(letters)} {said}".strip(), end, "code")


def _read_blend(_cursor: TextCursor, found: re.Match[str]) -> RuleReading:
    """E5RON92: petrol with five parts of ethanol in a hundred."""
    return RuleReading(f"e {whole(found['percent'])}", found.end(), "word")


def _read_formula(_cursor: TextCursor, found: re.Match[str]) -> RuleReading:
    """K2O, H2S, CaCO3: a formula is said in one breath."""
    parts = re.findall(r"[A-Z][a-z]?|\d+", found.group())
    return RuleReading(
        " ".join(whole(part) if part.isdecimal() else spell(part) for part in parts), found.end(), "code"
    )


def _part(part: str) -> str:
    if not part.isdecimal():
        return spell(part)
    return grouped_digits(part) if len(part) > 3 else digits(part)


def _read_dossier(_cursor: TextCursor, found: re.Match[str]) -> RuleReading | None:
    """The number of a file at the public services: 000.00.19.H03-261120-0005."""
    if not any(letter.isalpha() for letter in found.group()):
        return None
    parts = re.findall(r"([A-Z]*)(\d+)", found.group())
    said = ", ".join(f"{spell(letters)} {grouped_digits(figures)}".strip() for letters, figures in parts)
    return RuleReading(said, found.end(), "code")


def _read_standard(cursor: TextCursor, found: re.Match[str]) -> RuleReading:
    """QCVN 01-1:2018/BYT: a standard, its part, its year and who made it."""
    parts = [digits(part) if part[0] == "0" else whole(part) for part in found["number"].split("-")]
    body = always(found["body"]) or FOREIGN[found["body"].lower()]
    said = f"{once(cursor, body)} {', '.join(parts)}"
    if found["year"]:
        said += f", {cardinal(int(found['year']))}"
    if found["ministry"]:
        said += f", {read_code(found['ministry'])}"
    return RuleReading(said, found.end(), "code")


DOSSIER = ReadingRule(_DOSSIER, _read_dossier, after=".-", shortest=2, longest=6)
STANDARD = ReadingRule(_STANDARD, _read_standard, lead="TQI", after=DIGITS, apart=DIGITS)
BOOKED_NUMBER = ReadingRule(_BOOKED, _read_booked, lead=CAPITALS, after=DIGITS, apart=DIGITS)
ROAD = ReadingRule(_ROAD, _read_road, lead="QLTĐDHCqtl", after=".-" + DIGITS, apart=DIGITS)
KILOMETRE_MARK = ReadingRule(_KILOMETRE, _read_kilometre, lead="Kk", after=DIGITS, apart=DIGITS)
SHORT_MONTH_AND_YEAR = ReadingRule(_MONTH_LIKE, _read_month, lead="Tt", after=DIGITS)
SHORT_MONTHS = ReadingRule(_MONTHS, _read_late_month, lead="Tt", after=DIGITS)
SHORT_LATE_MONTH = ReadingRule(_LATE_MONTH, _read_late_month, lead="Tt", after=DIGITS)
SHORT_WEEKDAY = ReadingRule(_WEEKDAY, _read_weekday, lead="Tt", after=DIGITS)
PETROL_BLEND = ReadingRule(_BLEND, _read_blend, lead="E", after=DIGITS)
FORMULA = ReadingRule(_FORMULA, _read_formula, lead="CNMAFZHOSPK", after=DIGITS)
SERIES_NUMBER = ReadingRule(_SERIES, _read_series, lead=CAPITALS, after="", apart=DIGITS)
NAME_WITH_NUMBER = ReadingRule(_SIZE, _read_named, after="-" + DIGITS, apart=DIGITS)
LETTERS_AND_FIGURES = ReadingRule(_CODE, _read_code, after="-." + DIGITS)
