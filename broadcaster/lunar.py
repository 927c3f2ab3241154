"""The Vietnamese lunar calendar: which lunar day a date is, computed. Pure.

The rules are those Hồ Ngọc Đức published for the Vietnamese calendar (informatik.uni-leipzig.de/~duc/amlich): a month
begins on the day, at UTC+7, of its new moon; the month that holds the winter solstice is the eleventh; where thirteen
months lie between two of these, the first without a principal solar term repeats the number of the one before. Instants
of new moons and the sun's longitude are by Meeus, *Astronomical Algorithms*, 2nd edition, chapters 49 and 25; good to
a minute and a quarter of an hour.
"""

from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from math import floor, radians, sin

_ZONE_DAYS = 7 / 24
_LUNATION_DAYS = 29.530588861
_CLOCK_DAYS = 70 / 86_400
"""Dynamical time runs so much ahead of the clock in these decades; a few seconds either way change nothing here."""
_JULIAN_OF_ORDINAL = 1_721_425
"""Julian day number, at noon, less the proleptic Gregorian ordinal."""
_STEMS = ("Giáp", "Ất", "Bính", "Đinh", "Mậu", "Kỷ", "Canh", "Tân", "Nhâm", "Quý")
_BRANCHES = ("Tý", "Sửu", "Dần", "Mão", "Thìn", "Tỵ", "Ngọ", "Mùi", "Thân", "Dậu", "Tuất", "Hợi")
FIRST_YEAR, LAST_YEAR = 1900, 2100
"""The formulas were checked for no others."""


@dataclass(frozen=True, slots=True)
class LunarDate:
    """day: from 1; month: 1 to 12; year: the solar year its new year lies in.

    leap: the month repeats the number of the one before.
    length: days of its month, 29 or 30.
    """

    day: int
    month: int
    year: int
    leap: bool
    length: int


@dataclass(frozen=True, slots=True)
class _Month:
    begins: date
    number: int
    leap: bool


def lunar_date(day: date) -> LunarDate:
    """The lunar date of a solar one. Raises ValueError outside of 1900 to 2100."""
    if not FIRST_YEAR <= day.year <= LAST_YEAR:
        raise ValueError(f"no lunar date is known for {day}")
    months = _months(day.year) + _months(day.year + 1)
    index = max(index for index, month in enumerate(months) if month.begins <= day)
    month = months[index]
    length = (months[index + 1].begins - month.begins).days
    year = day.year - 1 if month.number > 10 and day.month < 6 else day.year
    return LunarDate((day - month.begins).days + 1, month.number, year, month.leap, length)


def year_name(year: int) -> str:
    """Stem and branch of a lunar year: 2026 is ``Bính Ngọ``."""
    return f"{_STEMS[(year + 6) % 10]} {_BRANCHES[(year + 8) % 12]}"


@lru_cache(maxsize=512)
def _months(year: int) -> tuple[_Month, ...]:
    """The months from the eleventh that ends ``year - 1`` up to, not with, the eleventh that ends ``year``."""
    first, last = _solstice_lunation(year - 1), _solstice_lunation(year)
    begins = [_new_moon_day(each) for each in range(first, last + 1)]
    leap = _leap_index(begins) if len(begins) - 1 == 13 else None
    found = []
    for index, day in enumerate(begins[:-1]):
        passed = leap is not None and index >= leap
        number = (10 + index - passed) % 12 + 1
        found.append(_Month(day, number, index == leap))
    return tuple(found)


def _leap_index(begins: list[date]) -> int:
    terms = [_principal_term(day) for day in begins]
    return next(index for index in range(1, len(begins) - 1) if terms[index] == terms[index + 1])


def _solstice_lunation(year: int) -> int:
    """Number of the new moon that begins the month of the winter solstice."""
    last = floor((date(year, 12, 31) - date(2000, 1, 6)).days / _LUNATION_DAYS) + 1
    while _new_moon_day(last) > date(year, 12, 31) or _principal_term(_new_moon_day(last)) >= 9:
        last -= 1
    return last


def _principal_term(day: date) -> int:
    """Which twelfth of its way the sun is in when the day begins, from the spring equinox; 9 begins in midwinter."""
    return floor(_sun_longitude(day.toordinal() + _JULIAN_OF_ORDINAL - 0.5 - _ZONE_DAYS) / 30)


@lru_cache(maxsize=4096)
def _new_moon_day(lunation: int) -> date:
    instant = _new_moon(lunation) - _CLOCK_DAYS + _ZONE_DAYS
    return date.fromordinal(floor(instant + 0.5) - _JULIAN_OF_ORDINAL)


def _new_moon(k: int) -> float:
    """Julian ephemeris day of the k-th new moon after that of 6 January 2000 (chapter 49)."""
    t = k / 1236.85
    e = 1 - 0.002516 * t - 0.0000074 * t**2
    sun = 2.5534 + 29.10535670 * k - 0.0000014 * t**2 - 0.00000011 * t**3
    moon = 201.5643 + 385.81693528 * k + 0.0107582 * t**2 + 0.00001238 * t**3 - 0.000000058 * t**4
    node = 160.7108 + 390.67050284 * k - 0.0016118 * t**2 - 0.00000227 * t**3 + 0.000000011 * t**4
    ascending = 124.7746 - 1.56375588 * k + 0.0020672 * t**2 + 0.00000215 * t**3
    mean = 2451550.09766 + _LUNATION_DAYS * k + 0.00015437 * t**2 - 0.00000015 * t**3 + 0.00000000073 * t**4
    periodic = sum(
        size * e ** abs(of_sun) * sin(radians(of_sun * sun + of_moon * moon + of_node * node))
        for size, of_sun, of_moon, of_node in _PERIODIC
    )
    planets = sum(
        size * sin(radians(at + rate * k - (0.009173 * t**2 if at == 299.77 else 0))) for size, at, rate in _PLANETS
    )
    return mean + periodic - 0.00017 * sin(radians(ascending)) + planets


def _sun_longitude(julian_day: float) -> float:
    """Apparent longitude in degrees, 0 to 360 (chapter 25, low accuracy)."""
    t = (julian_day + _CLOCK_DAYS - 2451545) / 36525
    anomaly = radians(357.52911 + 35999.05029 * t - 0.0001537 * t**2)
    centre = (
        (1.914602 - 0.004817 * t - 0.000014 * t**2) * sin(anomaly)
        + (0.019993 - 0.000101 * t) * sin(2 * anomaly)
        + 0.000289 * sin(3 * anomaly)
    )
    mean = 280.46646 + 36000.76983 * t + 0.0003032 * t**2
    return (mean + centre - 0.00569 - 0.00478 * sin(radians(125.04 - 1934.136 * t))) % 360


_PERIODIC = (
    (-0.40720, 0, 1, 0), (0.17241, 1, 0, 0), (0.01608, 0, 2, 0), (0.01039, 0, 0, 2), (0.00739, -1, 1, 0),
    (-0.00514, 1, 1, 0), (0.00208, 2, 0, 0), (-0.00111, 0, 1, -2), (-0.00057, 0, 1, 2), (0.00056, 1, 2, 0),
    (-0.00042, 0, 3, 0), (0.00042, 1, 0, 2), (0.00038, 1, 0, -2), (-0.00024, -1, 2, 0), (-0.00007, 2, 1, 0),
    (0.00004, 0, 2, -2), (0.00004, 3, 0, 0), (0.00003, 1, 1, -2), (0.00003, 0, 2, 2), (-0.00003, 1, 1, 2),
    (0.00003, -1, 1, 2), (-0.00002, -1, 1, -2), (-0.00002, 1, 3, 0), (0.00002, 0, 4, 0),
)  # fmt: skip
"""Days; multiples of the sun's anomaly, the moon's anomaly, the moon's argument of latitude."""
_PLANETS = (
    (0.000325, 299.77, 0.107408), (0.000165, 251.88, 0.016321), (0.000164, 251.83, 26.651886),
    (0.000126, 349.42, 36.412478), (0.000110, 84.66, 18.206239), (0.000062, 141.74, 53.303771),
    (0.000060, 207.14, 2.453732), (0.000056, 154.84, 7.306860), (0.000047, 34.52, 27.261239),
    (0.000042, 207.19, 0.121824), (0.000040, 291.34, 1.844379), (0.000037, 161.72, 24.198154),
    (0.000035, 239.56, 25.513099), (0.000023, 331.55, 3.592518),
)  # fmt: skip
"""Days, degrees, degrees a lunation."""
