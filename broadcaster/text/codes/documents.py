"""Document numbers: 942/QĐ-TTg, 18-NQ/TW, 120/2013/NĐ-CP, 26/2023/QH15."""

import re
from functools import lru_cache

from broadcaster.text.language.letters import LETTERS, spell
from broadcaster.text.language.lexicon import readings, readings_in
from broadcaster.text.language.numbers import cardinal, digits, whole
from broadcaster.text.page.cursor import ReadingRule, RuleReading, TextCursor
from broadcaster.text.words.meanings import always, compounded

_MARKS = readings("documents")
_UNITS = readings("units")
_PARTY_MARKS = readings_in("party_mark")
_CODE = r"[A-ZĐƯ][A-Za-zĐđƯ]{0,9}&?[A-ZĐƯa-z]{0,8}\d{0,3}"
_NUMBER = re.compile(
    rf"(?P<number>\d{{1,6}})(?P<letter>[a-zA-ZĐđ]?)(?: ?/ ?(?P<year>(?:19|20)\d\d))? ?(?P<separator>[-/]) ?"
    rf"(?P<code>{_CODE}(?: ?[-/.] ?{_CODE}){{0,4}})(?![^\W_])"
)
_BLANK = re.compile(rf"[ .…_]*/ ?(?P<code>[A-ZĐƯ][A-Za-zĐđƯ]{{0,4}} ?- ?{_CODE}(?: ?[-/] ?{_CODE}){{0,3}})(?![^\W_])")
_PART = re.compile(r"([-/.]?) ?([^-/. ]+)")
_ASSEMBLY = re.compile(r"(QH|HĐND|UBTVQH|QHK)(\d{1,3})")
_ASSEMBLY_NAMES = {"QH": "quốc hội khóa", "QHK": "quốc hội khóa"}


def read_document_number(_cursor: TextCursor, found: re.Match[str]) -> RuleReading | None:
    """Read "57/KH-UBND" as "năm mươi bảy trên kế hoạch ủy ban nhân dân"; the hyphen is silent."""
    code = found["code"]
    if not _is_code(code) or (found["separator"] == "-" and not found["year"] and "/" not in code):
        return None
    words = whole(found["number"]) if found["number"][0] != "0" else _zero_first(found["number"])
    if found["letter"]:
        words += " " + spell(found["letter"])
    if found["year"]:
        words += f" trên {cardinal(int(found['year']))}"
    if found["separator"] == "/":
        words += " trên"
    party = found["separator"] == "-" and "/" in code
    return RuleReading(f"{words} {read_code(code, party=party)}", found.end(), "code")


def _read_blank_number(cursor: TextCursor, found: re.Match[str]) -> RuleReading | None:
    """ "Số:      /TB-UBND", "Quyết định số …/QĐ-UBND": the number is left open for the clerk."""
    if "số" not in cursor.before[-2:] or found["code"].split("-")[0].strip() not in _MARKS:
        return None
    return RuleReading(f"trên {read_code(found['code'])}", found.end(), "code")


def _zero_first(figures: str) -> str:
    # 08/TB-UBND: the register's leading zero is said, as clerks do.
    return whole(figures) if len(figures) > 2 or figures == "00" else f"không {cardinal(int(figures))}"


def _is_code(code: str) -> bool:
    first = re.split(r"[-/. ]", code, maxsplit=1)[0]
    capitals = sum(letter.isupper() for letter in first)
    if capitals < 2 and not (first in _MARKS and len(first) < len(code)):
        return False
    return first in _MARKS or bool(re.search(r"[-/\d]", code)) or first not in _UNITS


@lru_cache(maxsize=2000)
def read_code(code: str, *, party: bool = False) -> str:
    """Read the marks of a document: what is known by its name, the rest letter by letter.

    ``party`` tells that it is numbered as the Party numbers its papers (11-TB/CB): CB is a cell there.
    """
    words: list[str] = []
    for separator, mark in _PART.findall(code):
        if separator == "/" and words:
            words.append("trên")
        words.append((_PARTY_MARKS.get(mark) if party else "") or _read_mark(mark))
    return " ".join(words)


def _read_mark(mark: str) -> str:
    assembly = _ASSEMBLY.fullmatch(mark)
    if assembly:
        name = _ASSEMBLY_NAMES.get(assembly[1]) or _MARKS[assembly[1]] + " khóa"
        return f"{name} {cardinal(int(assembly[2]))}"
    letters, figures = re.fullmatch(r"(.*?)(\d*)", mark, re.DOTALL).groups()  # type: ignore[union-attr]
    if figures.startswith("0"):
        # A form's own number: mẫu CT01.
        return f"{spell(letters)} {digits(figures)}"
    known = _MARKS.get(letters) or always(letters) or compounded(letters) or spell(letters)
    return f"{known} {cardinal(int(figures))}" if figures else known


BLANK_NUMBER = ReadingRule(_BLANK, _read_blank_number, lead=" ./…_")
DOCUMENT_NUMBER = ReadingRule(_NUMBER, read_document_number, after="/-" + LETTERS, apart="/-", longest=6)
