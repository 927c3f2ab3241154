"""Numbers as Vietnamese says them: 205 is "hai trăm lẻ năm", 1.024 is "một nghìn không trăm hai mươi tư"."""

from functools import lru_cache

DIGITS = ("không", "một", "hai", "ba", "bốn", "năm", "sáu", "bảy", "tám", "chín")
LONGEST_CARDINAL = 15
"""Digits; a longer run is a code, and is read digit by digit."""
LONG_AMOUNT = 10
"""Words; a longer amount is said with pauses."""
_SCALES = ("", "nghìn", "triệu")


def digits(figures: str) -> str:
    """Each digit by its name; whatever is not a digit is skipped."""
    return " ".join(DIGITS[int(figure)] for figure in figures if figure.isdecimal())


@lru_cache(maxsize=20_000)
def cardinal(value: int) -> str:
    """Read a whole number of 0 or more."""
    if value < 1000:
        return _below_thousand(value)
    billions, rest = divmod(value, 10**9)
    if not billions:
        return _below_billion(rest)
    words = cardinal(billions) + " tỷ"
    return f"{words} {_below_billion(rest, full=True)}" if rest else words


def with_breaths(words: str) -> str:
    """A long amount with a pause after the billions and the millions, so that it can be written down."""
    if len(words.split()) < LONG_AMOUNT:
        return words
    return words.replace(" tỷ ", " tỷ, ").replace(" triệu ", " triệu, ")


def ordinal(value: int) -> str:
    """The word after "thứ": nhất, hai, ba, tư, năm."""
    return {1: "nhất", 4: "tư"}.get(value) or cardinal(value)


@lru_cache(maxsize=20_000)
def whole(figures: str) -> str:
    """Read a run of digits: as a number, or digit by digit when only a code is written like that."""
    if len(figures) > LONGEST_CARDINAL or (len(figures) > 2 and figures[0] == "0"):
        return digits(figures)
    return cardinal(int(figures))


@lru_cache(maxsize=20_000)
def decimal(whole_part: str, fraction: str, *, point: str = "phẩy") -> str:
    """Read 97,8 or 2,34; one or two decimals as a number, longer ones digit by digit."""
    as_number = len(fraction) <= 2 and fraction[0] != "0"
    return f"{whole(whole_part)} {point} {cardinal(int(fraction)) if as_number else digits(fraction)}"


def _below_billion(value: int, *, full: bool = False) -> str:
    groups = [value // 10**6, value // 1000 % 1000, value % 1000]
    words: list[str] = []
    for group, scale in zip(groups, reversed(_SCALES), strict=True):
        if group:
            words.append(f"{_below_thousand(group, full=full or bool(words))} {scale}".rstrip())
        elif scale == "nghìn" and words and groups[2] >= 100:
            # "hai triệu năm trăm" is heard as 2,5 million.
            words.append("không nghìn")
    return " ".join(words)


def _below_thousand(value: int, *, full: bool = False) -> str:
    hundreds, rest = divmod(value, 100)
    if not hundreds and not full:
        return _below_hundred(rest)
    words = f"{DIGITS[hundreds]} trăm"
    if not rest:
        return words
    return f"{words} lẻ {DIGITS[rest]}" if rest < 10 else f"{words} {_below_hundred(rest)}"


def _below_hundred(value: int) -> str:
    tens, unit = divmod(value, 10)
    if not tens:
        return DIGITS[unit]
    if tens == 1:
        return "mười" if not unit else "mười " + ("lăm" if unit == 5 else DIGITS[unit])
    last = {0: "", 1: " mốt", 4: " tư", 5: " lăm"}.get(unit, " " + DIGITS[unit])
    return f"{DIGITS[tens]} mươi{last}"
