"""No ordinary text is ever changed: our corpora, announcements, and whatever Hypothesis makes of Vietnamese."""

import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from broadcaster.text.pastes import KINDS, repair

pytestmark = pytest.mark.long

DATA = Path(__file__).parents[3] / "data"
MEANT = {"Th«ng b¸o: ®Ò nghÞ bµ con ®i häp ®Çy ®ñ", "Thoâng baùo: ñeà nghò baø con ñi hoïp ñaày ñuû"}
"""Sentences of the corpora that are examples of damage."""
WORDS = (DATA / "announcements" / "08-ban-tin-sang.txt").read_text("utf-8").split()


def sentences() -> Iterator[str]:
    for path in sorted((DATA / "normalization").glob("*.tsv")):
        for row in path.read_text("utf-8").splitlines():
            if row.strip() and not row.startswith("#"):
                yield from row.split("\t")[:2]
    for path in sorted((DATA / "normalization_unseen").glob("*.jsonl")):
        yield from (json.loads(row)["text"] for row in path.read_text("utf-8").splitlines())


def test_no_sentence_of_our_corpora_is_changed() -> None:
    changed = [text for text in sentences() if text not in MEANT and repair(text, leave={"lines"}).text != text]
    assert changed == []


def test_the_corpora_as_one_text_are_not_changed() -> None:
    text = "\n".join(text for text in sentences() if text not in MEANT)
    assert repair(text, leave={"lines"}).findings == ()


def test_our_announcements_are_not_changed() -> None:
    for path in (DATA / "announcements").glob("*.txt"):
        text = path.read_text("utf-8")
        assert repair(text).findings == ()


@given(st.lists(st.sampled_from(WORDS), max_size=40))
def test_words_of_vietnamese_in_any_order_are_not_changed(words: list[str]) -> None:
    assert repair(" ".join(words)).findings == ()


@given(st.text(max_size=200))
@settings(max_examples=40)
def test_whatever_is_found_can_be_left(text: str) -> None:
    assert repair(text, leave=KINDS).text == text
    result = repair(text)
    assert len(result.traced.starts) == len(result.text) == len(result.traced.ends)


def test_a_megabyte_is_looked_through_in_seconds() -> None:
    assert repair("thông báo họp thôn. " * 60_000).findings == ()
    assert repair("&#7901;" * 20_000).text == "ờ" * 20_000
