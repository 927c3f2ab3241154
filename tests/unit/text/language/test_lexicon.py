"""The tables under ``data/`` hold what a Vietnamese voice can say, and nothing that would be read again differently."""

from pathlib import Path

import pytest

from broadcaster.text import spoken
from broadcaster.text.language.lexicon import readings, table
from broadcaster.text.language.syllables import is_syllable
from broadcaster.text.words.acronyms import KNOWN

SAID = ("acronyms", "documents", "foreign", "letters", "roads", "units", "web_words")
DATA = Path(__file__).parents[4] / "broadcaster" / "text" / "data"


@pytest.mark.parametrize("name", SAID)
def test_every_reading_is_made_of_vietnamese_syllables(name: str) -> None:
    strange = [(row[0], word) for row in table(name) for word in row[1].lower().split() if not is_syllable(word)]

    assert strange == []


@pytest.mark.parametrize("name", SAID)
def test_every_reading_is_read_as_itself(name: str) -> None:
    for reading in set(readings(name).values()):
        assert spoken(reading).rstrip(".").lower() == reading.lower()


def test_there_are_several_hundred_acronyms_and_each_has_a_source() -> None:
    rows = table("acronyms")

    assert len(KNOWN) >= 500
    assert [row[0] for row in rows if len(row) != 4 or not row[3]] == []


def test_every_table_says_what_its_columns_are() -> None:
    for path in DATA.glob("*.tsv"):
        assert path.read_text(encoding="utf-8").startswith("# "), path.name


def test_no_acronym_has_two_readings_for_the_same_surroundings() -> None:
    readings_of: dict[tuple[str, str], set[str]] = {}
    for row in table("acronyms"):
        for written in row[0].split("|"):
            readings_of.setdefault((written, row[2]), set()).add(row[1])

    assert {key: found for key, found in readings_of.items() if len(found) > 1} == {}


def test_an_acronym_is_read_with_all_its_words() -> None:
    """Two writings of one row may differ by a hyphen or an old letter, not by a word."""
    for row in table("acronyms"):
        writings = [written.replace("và", "").rstrip("I") for written in row[0].split("|")]
        letters = {sum(letter.isalpha() for letter in written) for written in writings}
        assert max(letters) - min(letters) <= 1, row[0]
