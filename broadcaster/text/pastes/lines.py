"""Lines that a PDF or a narrow window broke: inside a sentence, a number, a date, a name or a word."""

import re

from broadcaster.text.language.syllables import is_syllable
from broadcaster.text.pastes.tables import group
from broadcaster.text.pastes.values import Edit

_BREAK = re.compile(r"[ \t]*(?:\r\n|\r|\n)[ \t]*")
_ENDED = re.compile(r"[.!?;:…]['\"”’)\]]*$|/\.?$")
_ITEM = re.compile(
    r"[-+*•●○▪■□►▶➢➤✓✔❖–—]\s|\(?\d{1,2}[.)]\s|\d{1,2}[/-]\s|\(?[a-zđA-ZĐ][.)]\s|[IVX]{1,5}[./]\s|Điều \d|#"
    r"|\W*[^\w\s\"'“(‘.,/-]"
)
_ROW = re.compile(r"\t|\||\S {3,}\S")
_UPPER = "A-ZÀÁẢÃẠĂẰẮẲẴẶÂẦẤẨẪẬĐÈÉẺẼẸÊỀẾỂỄỆÌÍỈĨỊÒÓỎÕỌÔỒỐỔỖỘƠỜỚỞỠỢÙÚỦŨỤƯỪỨỬỮỰỲÝỶỸỴ"
_NAME_WORD = re.compile(rf"[{_UPPER}][^\W\d_]*")
_LAST_WORDS = re.compile(r"([^\s,;:()]+)$")
_ACCOUNT = re.compile(r"(?:khoản|STK|TK)[^\n\d]{0,20}\d[\d .-]*\d$")
_LONGEST_NAME = 3
"""Words of a name that go on in the next line."""
_SHORT_LINE = 20
"""Letters: who ends a line before that meant to end it."""


def line_edits(text: str) -> list[Edit]:
    """Breaks that stand inside a sentence, each with what joins the two lines."""
    breaks = list(_BREAK.finditer(text))
    if not breaks:
        return []
    small_counts, edits = not _without_capitals(text), []
    for at, found in enumerate(breaks):
        start = breaks[at - 1].end() if at else 0
        end = breaks[at + 1].start() if at + 1 < len(breaks) else len(text)
        joining = joining_of(text[start : found.start()], text[found.end() : end], small_counts=small_counts)
        if joining is not None:
            cut, sign = joining
            edits.append(Edit(found.start() - cut, found.end(), sign))
    return edits


def _without_capitals(text: str) -> bool:
    """Whether somebody types without capitals: then a small letter says nothing about a line."""
    lines = [line.strip() for line in text.split("\n") if line.strip()]
    first = [line for line in lines if line[:1].isalpha()]
    return not first or first[0][:1].islower() or len(lines) < 2


def joining_of(above: str, below: str, *, small_counts: bool = True) -> tuple[int, str] | None:
    """How two lines belong together: letters to cut off the first, and what to put between. None: they are two lines.

    ``small_counts`` says that a small letter at the beginning of a line means something (its writer uses capitals).
    """
    above, below = above.rstrip(), below.strip()
    if not above or not below or _ROW.search(above) or _ROW.search(below) or _shouts(above) or _shouts(below):
        return None
    if (numbers := _number_joining(above, below)) is not None:
        return numbers
    if (hyphen := _hyphen_joining(above, below)) is not None:
        return hyphen
    if _ENDED.search(above) or _ITEM.match(below) or _is_label(below):
        return None
    if below[0].islower():
        if not small_counts:
            return None
        return (0, " ") if len(above) >= _SHORT_LINE or _is_open(above) else None
    if below[0].isdigit():
        return (0, " ") if _is_open(above) else None
    return (0, " ") if _breaks_a_name(above, below) else None


def _number_joining(above: str, below: str) -> tuple[int, str] | None:
    """A number, a date or a telephone number in two pieces."""
    if (re.search(r"\d/$", above) and re.match(r"\d", below)) or (re.search(r"\d$", above) and re.match(r"/\d", below)):
        return 0, ""
    if re.search(r"(?:^|\s|\()\d{1,3}(?:\.\d{3})*\.$", above) and re.match(
        r"000\b|\d{3}(?:\.\d{3})* ?(?:đ|đồng|vnđ)\b", below
    ):
        return 0, ""
    if re.search(r"ngày \d{1,2}$", above, re.IGNORECASE) and below.startswith("tháng "):
        return 0, " "
    if re.search(r"tháng \d{1,2}$", above, re.IGNORECASE) and re.match(r"năm \d{4}", below):
        return 0, " "
    if _ACCOUNT.search(above) and re.match(r"\d{3,}(?:[ .-]\d+)*(?=[\s,.;)]|$)", below):
        return 0, " "
    if (phone := _phone_joining(above, below)) is not None:
        return phone
    if re.search(r"\d{1,2}(?:h|g|giờ)?\d{0,2} ?[-–]$", above) and re.match(r"\d", below):
        return 0, ""
    figure = re.search(r"\d$", above) and re.match(r"[^\W\d_]+", below)
    if figure and isinstance(figure, re.Match) and figure.group().lower() in group("breaks", "figures"):
        return 0, " "
    return None


def _phone_joining(above: str, below: str) -> tuple[int, str] | None:
    """The two pieces of one telephone number, ten or eleven digits together."""
    head = re.search(r"(?:^|[\s(:])(0\d{1,4}(?:[. -]\d{1,4})*)([. -]?)$", above)
    tail = re.match(r"([.-]?)(\d{1,4}(?:[. -]\d{2,4})*)(?![\d/]|[.,]\d|[)/]\s)", below)
    if head is None or tail is None or _ITEM.match(below):
        return None
    first, second = (sum(letter.isdigit() for letter in part) for part in (head[1], tail[2]))
    if first >= 10 or not 10 <= first + second <= 11:
        return None
    return 0, "" if head[2] in (".", "-") or tail[1] else " "


def _hyphen_joining(above: str, below: str) -> tuple[int, str] | None:
    """A word or a pair of words broken at a hyphen."""
    found = re.search(r"([^\W\d_]+)[-\xad\u2010]$", above)
    following = re.match(r"[^\W\d_]+", below)
    if found is None or following is None:
        return None
    first, second = found[1], following.group()
    if not second[0].islower():
        return 0, ""
    whole = (first + second).lower()
    if is_syllable(whole) and not (is_syllable(first.lower()) and is_syllable(second)):
        return 1, ""
    return 1, " "


def _shouts(line: str) -> bool:
    letters = [letter for letter in line if letter.isalpha()]
    return len(letters) > 3 and all(letter.isupper() for letter in letters)


def _is_label(below: str) -> bool:
    """Whether the line begins with "Thời gian:" or the like."""
    head = re.match(r"[^\W\d_]+(?: [^\W\d_]+){0,4} ?:", below)
    return bool(head) or any(
        below.lower().startswith(label) for label in group("breaks", "labels") if below[:1].isupper()
    )


def _is_open(above: str) -> bool:
    """Whether the last word cannot end a sentence."""
    last = _LAST_WORDS.search(above)
    return (len(above.split()) > 2 and above.endswith(",")) or (
        len(above.split()) > 1 and last is not None and last[1].lower() in group("breaks", "open")
    )


def _ends_as_a_name(words: list[str]) -> bool:
    """Whether one to three capitals stand first and then a pause, the end, or a small word as after a name."""
    for at, word in enumerate(words[:_LONGEST_NAME]):
        bare = word.rstrip(".,;:)")
        if not _NAME_WORD.fullmatch(bare):
            return at > 0 and bare.lower() in group("breaks", "after a name")
        if bare != word or at + 1 == len(words):
            return True
    return len(words) > _LONGEST_NAME and words[_LONGEST_NAME].lower() in group("breaks", "after a name")


def _breaks_a_name(above: str, below: str) -> bool:
    """Whether a name stands on both sides: "ông Nguyễn Văn / Bình, trưởng thôn", "thôn Lủng / Pảng."."""
    words = above.split()
    run: list[str] = []
    while words and _NAME_WORD.fullmatch(words[-1]):
        run.insert(0, words.pop())
    following = below.split()
    first = following[0].rstrip(".,;:)")
    if not _NAME_WORD.fullmatch(first) or first.lower() in group("breaks", "starters"):
        return False
    led = words[-1].lower() if words else ""
    if (
        run
        and run[-1] in group("breaks", "middles")
        and (led in group("breaks", "people") or run[0] in group("breaks", "names"))
    ):
        return len(run) <= 3
    if led not in group("breaks", "names") or len(run) > 1:
        return False
    if not run and led in group("breaks", "people"):
        return True
    return _ends_as_a_name(following)
