"""The eight announcements are said exactly as the golden files have it."""

from pathlib import Path

import pytest

from broadcaster.text import normalize

ANNOUNCEMENTS = Path(__file__).parents[2] / "data" / "announcements"
WRITTEN = sorted(ANNOUNCEMENTS.glob("0*-*.txt"))


@pytest.mark.parametrize("written", WRITTEN, ids=lambda path: path.stem)
def test_an_announcement_is_said_word_for_word(written: Path) -> None:
    golden = (ANNOUNCEMENTS / "spoken" / written.name).read_text(encoding="utf-8")

    assert normalize(written.read_text(encoding="utf-8")).text + "\n" == golden


def test_there_are_eight_of_them() -> None:
    assert len(WRITTEN) == 8


@pytest.mark.parametrize("written", WRITTEN, ids=lambda path: path.stem)
def test_nothing_in_an_announcement_is_doubtful_but_names_of_places(written: Path) -> None:
    doubts = normalize(written.read_text(encoding="utf-8")).doubts

    assert [doubt.written for doubt in doubts] == []
