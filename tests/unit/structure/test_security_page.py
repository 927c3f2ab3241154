"""docs/security.md: every chapter of ASVS 5.0 is judged, and every test it leans on exists."""

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[3]
PAGE = (ROOT / "docs" / "security.md").read_text(encoding="utf-8")
SECTIONS = {1: 5, 2: 4, 3: 7, 4: 4, 5: 4, 6: 8, 7: 6, 8: 4, 9: 2, 11: 7, 12: 3, 13: 4, 14: 3, 15: 4, 16: 5}
"""How many sections of each chapter ask anything; what does not apply as a whole has none here."""


def test_every_chapter_is_there() -> None:
    assert [int(number) for number in re.findall(r"^## V(\d+) ", PAGE, re.MULTILINE)] == list(range(1, 18))


@pytest.mark.parametrize(("chapter", "count"), SECTIONS.items())
def test_every_section_is_met_not_applicable_or_open_with_a_reason(chapter: int, count: int) -> None:
    rows = re.findall(rf"^\| {chapter}\.(\d+) [^|]*\| ([^|]*) \| ([^|]*) \|$", PAGE, re.MULTILINE)
    assert [int(section) for section, _, _ in rows] == list(range(1, count + 1))
    for _, state, why in rows:
        assert state.startswith(("met", "not applicable", "open"))
        assert why


@pytest.mark.parametrize("path", sorted(set(re.findall(r"`((?:tests|docs|web)/[^`]+)`", PAGE))))
def test_what_it_leans_on_exists(path: str) -> None:
    assert (ROOT / path).exists()
