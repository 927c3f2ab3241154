"""Telephone numbers, bank accounts and sums that a text names."""

import re

from broadcaster.text.papers.knowledge import listed, one_of
from broadcaster.text.papers.values import Account, Amount

_DIGITS = re.compile(r"(?<![\d.,/])(?:\+?84|0|1[89]00)[\d.\s()-]{3,16}\d(?![\d/]|[.,]\d)")
_ACCOUNT = re.compile(
    rf"\b(?:{one_of('money', 'account')})\s*(?:số|nhận|ngân hàng|là)?\s*[:.]?\s*(?P<number>\d[\d .-]{{4,28}}\d)",
    re.IGNORECASE,
)
_BEFORE_BANKS = one_of("field_words", "bank before").replace(r"\ ", r"\s+")
_BANK = re.compile(
    rf"(?:{_BEFORE_BANKS})\s*[:.]?\s*"
    r"(?P<bank>[^,.;:\n()]{2,60})"
    rf"|(?P<known>(?:{one_of('money', 'bank')})\b[^,.;:\n()]{{0,40}})",
    re.IGNORECASE,
)
_SUM = re.compile(
    rf"(?<![\d.,/])(?P<figure>\d{{1,3}}(?:[. ]\d{{3}})+|\d+(?:,\d+)?)\s*(?P<unit>{one_of('money', 'unit')})\b"
    r"(?P<per>\s*/\s*(?:\d+\s*)?[^\W\d_]+(?:\s*/\s*[^\W\d_]+)*|\s+(?:một|mỗi)\s+[^\W\d_]+)?",
    re.IGNORECASE,
)
_WORTH = {"thousand": 1_000, "million": 1_000_000, "billion": 1_000_000_000}
_THOUSANDS = {word: worth for group, worth in _WORTH.items() for word in listed("money", group)}
_MOST_VND = 10**12


def phones_in(text: str) -> tuple[str, ...]:
    """Telephone numbers, digits only, each once; no account and no figure with a unit is one."""
    without_accounts = _ACCOUNT.sub(" ", text)
    found: dict[str, None] = {}
    for line in without_accounts.split("\n"):
        for match in _DIGITS.finditer(line):
            digits = _as_dialled(match.group())
            if digits:
                found[digits] = None
    return tuple(found)


def _as_dialled(written: str) -> str:
    digits = re.sub(r"\D", "", written)
    if digits.startswith("84") and len(digits) in (11, 12):
        digits = "0" + digits[2:]
    if digits.startswith(("1800", "1900")):
        return digits if 8 <= len(digits) <= 10 else ""
    return digits if digits.startswith("0") and digits[1:2] != "0" and 10 <= len(digits) <= 11 else ""


def accounts_in(text: str) -> tuple[Account, ...]:
    """Bank accounts, each with the bank that stands on its line or on a line beside it."""
    found: dict[str, Account] = {}
    for match in _ACCOUNT.finditer(text):
        number = match["number"].strip(" .-")
        if len(re.sub(r"\D", "", number)) >= 6:
            found.setdefault(number, Account(number, _bank(text, match)))
    return tuple(found.values())


def _bank(text: str, account: re.Match[str]) -> str:
    behind = text[account.end() : account.end() + 160]
    before = text[max(0, account.start() - 120) : account.start()]
    for near in (behind, before):
        bank = _BANK.search(near)
        if bank:
            return _bank_name(bank)
    return ""


def _bank_name(bank: re.Match[str]) -> str:
    if bank["known"]:
        return bank["known"].strip(" -–")
    whole = bank.group().strip(" -–")
    return (bank["bank"].strip(" -–") if ":" in whole else whole).replace("\n", " ")


def amounts_in(text: str) -> tuple[Amount, ...]:
    """Sums of money in dong, each once."""
    found: dict[str, Amount] = {}
    for match in _SUM.finditer(text):
        vnd = _vnd(match["figure"], match["unit"].lower())
        if 0 < vnd <= _MOST_VND:
            words = re.sub(r"\s+", " ", match.group()).strip()
            found.setdefault(words, Amount(vnd, words))
    return tuple(found.values())


def _vnd(figure: str, unit: str) -> int:
    grouped = re.fullmatch(r"\d{1,3}(?:[. ]\d{3})+", figure)
    value = float(re.sub(r"[. ]", "", figure) if grouped else figure.replace(",", "."))
    return round(value * _THOUSANDS.get(unit.split()[0], 1))
