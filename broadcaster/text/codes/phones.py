"""Telephone, account and identity numbers: digit by digit, in groups with a short pause between them."""

import re
from collections.abc import Iterable
from itertools import pairwise

from broadcaster.text.language.letters import DIGITS
from broadcaster.text.language.lexicon import alternation, words
from broadcaster.text.language.numbers import digits
from broadcaster.text.page.cursor import ReadingRule, RuleReading, TextCursor

_TEXTING_BEFORE = words("texting_before")
_EXTENSION_BEFORE = words("extension_before")
_SHORT_NUMBER_PAIRS = words("short_number_pair")
_NUMBER_AGAIN = words("number_again")

_PHONE_BEFORE = words("phone_before")
_EMERGENCY_BEFORE = words("emergency_before")
_TEXTING = words("texting")
_TELEPHONE = words("telephone")
_CODED = words("coded")
_COUNTED = words("count_noun")
_EXPLAINED = 10
"""Pieces between two telephone numbers, at most."""
_EMERGENCY_AFTER = words("emergency_after") | {""}
_ACCOUNT_BEFORE = words("account_before")
_ACCOUNT_PAIRS = words("account_pair")
_CALLED = words("called")
_END = r"(?![^\W_]|[.,]\d)"
_MONEY_FOLLOWS = rf"(?! ?(?:{alternation('money_after')})(?![^\W_]))"
_PHONE = re.compile(
    r"(?:\(?\+84\)?[ .-]?(?:\(0\))?|(?=0)|\((?=0\d{1,3}\)))"
    rf"\d{{1,5}}\)?(?:[ .-]?\d{{1,5}}){{1,5}}{_END}{_MONEY_FOLLOWS}"
)
_SPREAD_PHONE = re.compile(r"0\d{2,4} [-.] \d{3,4} [-.] \d{3,4}(?![^\W_]| ?[-.,] ?\d)")
_BARE_PHONE = re.compile(rf"(?:\d{{6,8}}|[2-9]\d{{2,3}}[. ]\d{{3,4}}){_END}{_MONEY_FOLLOWS}(?!/)")
_SHORT_CODE = re.compile(rf"\d{{3,5}}{_END}{_MONEY_FOLLOWS}(?!/)")
_SERVICE = re.compile(rf"1[89]00[ .-]?\d{{2,4}}(?:[ .-]\d{{2,4}}){{0,3}}{_END}{_MONEY_FOLLOWS}")
_EMERGENCY = re.compile(rf"11[1-9]{_END}(?!/(?!11\d))")
_GROUPED = re.compile(rf"\d{{1,20}}(?:[ .-]\d{{1,20}}){{1,8}}{_END}{_MONEY_FOLLOWS}")
_LONG = re.compile(rf"\d{{5,40}}{_END}{_MONEY_FOLLOWS}")
_BREAK = re.compile(r"[^\d]+")


def grouped_digits(number: str) -> str:
    """Say the digits in the groups as written, or in threes and fours when there are none."""
    groups = _joined(group for group in _BREAK.split(number) if group)
    parts = [part for group in groups for part in _breaths(group)]
    return ", ".join(digits(part) for part in parts)


def _joined(groups: Iterable[str]) -> list[str]:
    """Let a lone digit lead the group behind it: 3.884.567 is said "ba tám tám bốn, năm sáu bảy"."""
    joined: list[str] = []
    for group in groups:
        if joined and len(joined[-1]) == 1:
            joined[-1] += group
        else:
            joined.append(group)
    return joined


def _breaths(group: str) -> list[str]:
    """Cut a run of digits into groups a listener can write down: 0912345678 -> 0912 345 678."""
    if len(group) <= 5:
        return [group]
    if len(group) == 10 and group[0] == "0":
        return [group[:4], group[4:7], group[7:]]
    size = 3 if len(group) % 3 == 0 and len(group) % 4 else 4
    parts = [group[start : start + size] for start in range(0, len(group), size)]
    if len(parts) > 1 and len(parts[-1]) == 1:
        parts[-2:] = [parts[-2] + parts[-1]]
    return parts


def _read_phone(cursor: TextCursor, found: re.Match[str]) -> RuleReading | None:
    written = found.group()
    count = sum(figure.isdecimal() for figure in written)
    if not 8 <= count <= 12 or (count == 12 and "+" not in written):
        return None
    if _is_account(cursor) and written[0] != "(":
        return None
    if "+" in written:
        return RuleReading(f"cộng tám bốn, {grouped_digits(written.replace('+84', ''))}", found.end(), "phone")
    return RuleReading(grouped_digits(written), found.end(), "phone")


def _read_service(cursor: TextCursor, found: re.Match[str]) -> RuleReading | None:
    written = found.group()
    if len(written) < 8 and not cursor.said(_PHONE_BEFORE, within=4):
        return None
    return RuleReading(grouped_digits(written), found.end(), "phone")


def _read_emergency(cursor: TextCursor, found: re.Match[str]) -> RuleReading | None:
    if cursor.last_kind() == "phone" or _after_phone(cursor) or _calls(cursor, found):
        return RuleReading(digits(found.group()), found.end(), "phone")
    return None


def _calls(cursor: TextCursor, found: re.Match[str]) -> bool:
    if cursor.last_word() == "số" and (cursor.before[-2:-1] == ["tổng"] or cursor.next_word(found.end()) in _COUNTED):
        return False
    if cursor.last_word() in _EMERGENCY_BEFORE:
        return True
    return cursor.said(_EMERGENCY_BEFORE, within=6) and cursor.next_word(found.end()) in _EMERGENCY_AFTER


def _read_short_code(cursor: TextCursor, found: re.Match[str]) -> RuleReading | None:
    """A short number to call or to text: tổng đài 1022, nhắn tin tới 1414."""
    before = cursor.before
    if cursor.said(_TEXTING, within=8) and cursor.last_kind() == "code":
        return RuleReading(grouped_digits(found.group()), found.end(), "phone")
    texting = cursor.said(_TEXTING, within=20) and cursor.last_word() in _TEXTING_BEFORE
    branch = cursor.last_word() in _EXTENSION_BEFORE
    calling = cursor.last_word() == "gọi" and cursor.next_word(found.end()) in _EMERGENCY_AFTER
    if texting or branch or calling or " ".join(before[-2:]) in _SHORT_NUMBER_PAIRS:
        return RuleReading(grouped_digits(found.group()), found.end(), "phone")
    return None


def _read_bare_phone(cursor: TextCursor, found: re.Match[str]) -> RuleReading | None:
    """A number without its area code, after the word for telephone."""
    if cursor.said(_TELEPHONE, within=4):
        return RuleReading(grouped_digits(found.group()), found.end(), "phone")
    return None


def _after_phone(cursor: TextCursor) -> bool:
    last, previous = cursor.last(), cursor.last(2)
    joined = last is not None and (last.kind == "mark" or last.words in _NUMBER_AGAIN)
    if not joined or previous is None:
        return False
    # "111 (bảo vệ trẻ em) hoặc 113": what a number is for stands in its brackets.
    explained = previous.words == "," and any(piece.kind == "phone" for piece in cursor.latest(_EXPLAINED))
    return previous.kind == "phone" or explained


def _read_account(cursor: TextCursor, found: re.Match[str]) -> RuleReading | None:
    written = found.group()
    if not _is_account(cursor) or sum(figure.isdecimal() for figure in written) < 6:
        return None
    return RuleReading(grouped_digits(written), found.end(), "account")


def _is_account(cursor: TextCursor) -> bool:
    before = cursor.before[-4:]
    if before[-2:] == ["dân", "số"] or not _CALLED.isdisjoint(before[-3:]):
        return False
    if not _ACCOUNT_BEFORE.isdisjoint(before[-3:]):
        return True
    return any(" ".join(pair) in _ACCOUNT_PAIRS for pair in pairwise(before))


def _read_code(_cursor: TextCursor, found: re.Match[str]) -> RuleReading | None:
    """A structure no quantity has: 3713.0.1046597.00000, 0451-0009-99888."""
    written = found.group()
    if sum(figure.isdecimal() for figure in written) < 9 or re.fullmatch(r"[1-9]\d{0,2}(\.\d{3})+", written):
        return None
    return RuleReading(grouped_digits(written), found.end(), "account")


def _read_long(cursor: TextCursor, found: re.Match[str]) -> RuleReading | None:
    written = found.group()
    coded = len(written) > 5 and cursor.said(_CODED, within=8)
    if len(written) < 8 and not (_is_account(cursor) or written[0] == "0" or coded):
        return None
    return RuleReading(grouped_digits(written), found.end(), "account")


ACCOUNT = ReadingRule(_GROUPED, _read_account, after=".-", apart=DIGITS)
PHONE = ReadingRule(_PHONE, _read_phone, lead="0(+")
SPREAD_PHONE = ReadingRule(_SPREAD_PHONE, _read_phone, lead="0", after="", apart="-.")
SERVICE_NUMBER = ReadingRule(_SERVICE, _read_service, lead="1", shortest=4)
EMERGENCY_NUMBER = ReadingRule(_EMERGENCY, _read_emergency, lead="1", shortest=3, longest=3)
SHORT_NUMBER = ReadingRule(_SHORT_CODE, _read_short_code, shortest=3, longest=5)
PHONE_WITHOUT_AREA = ReadingRule(_BARE_PHONE, _read_bare_phone, shortest=3, longest=8)
GROUPED_CODE = ReadingRule(_GROUPED, _read_code, after=".-", apart=DIGITS)
LONG_NUMBER = ReadingRule(_LONG, _read_long, shortest=5)
