"""What holds for every text anybody can paste."""

import re
import string
from itertools import pairwise

from hypothesis import given, settings
from hypothesis import strategies as st

from broadcaster.refusals.sentences import sentence
from broadcaster.text import ReadingDictionary, ReadingEntry, Script, normalize, spoken
from broadcaster.text.language.letters import VIETNAMESE

LETTERS = "".join(sorted(VIETNAMESE)) + "àáảãạằắẳẵặầấẩẫậèéẻẽẹềếểễệìíỉĩịòóỏõọồốổỗộờớởỡợùúủũụừứửữựỳýỷỹỵ"
SPEAKABLE = re.compile(rf"(?:[{LETTERS}{LETTERS.upper()}]+|[ ,.!?;:\n])*")

WRITTEN = """
UBND xã Km12+500 QL3B 25/9/2024 8/3 3/4 7h30 - 11h00 150-250mm 50.000đ /kg /1 sào 0912 345 678 1900.6769
24/24h 38,5oC -1°C 57/KH-UBND 18-NQ/TW quý IV I. a) (1) • ./. ... ? ! “ ” VNeID Wi-Fi Facebook
gopy@nari.gov.vn https://x.vn GD&ĐT đ/c TP. P. v/v 97B1-234.56 STK 3713.0.1046597.00000 % ‰ < > ≥ + = x ×
/ - – thứ tháng ngày từ đến lúc Kniêr H'Mông zalo w f j ZZZ thong bao ½ ² ³ ° $100 € 5G A4 H5N1
DPT4 Covid-19 1.1. X. K 5K nghìn triệu đ
"""
FRAGMENTS = st.sampled_from([*WRITTEN.split(), "\t", "\n", " "])
TEXTS = st.one_of(
    st.text(max_size=200),
    st.text(alphabet=string.printable, max_size=200),
    st.lists(FRAGMENTS, max_size=30).map(" ".join),
    st.lists(FRAGMENTS, max_size=30).map("".join),
)


@given(TEXTS)
@settings(max_examples=60, deadline=None)
def test_only_vietnamese_letters_and_sentence_punctuation_are_left(text: str) -> None:
    assert SPEAKABLE.fullmatch(normalize(text).text)


@given(TEXTS)
@settings(max_examples=60, deadline=None)
def test_reading_what_was_read_changes_nothing(text: str) -> None:
    once = normalize(text).text

    assert normalize(once).text == once


@given(TEXTS)
@settings(max_examples=40, deadline=None)
def test_one_line_read_twice_is_the_same_line(text: str) -> None:
    once = spoken(" ".join(text.split()))

    assert "\n" not in once
    assert spoken(once) == once


@given(TEXTS)
@settings(max_examples=40, deadline=None)
def test_every_spoken_span_knows_the_input_it_came_from(text: str) -> None:
    script = normalize(text)

    for span in script.spans:
        assert 0 <= span.start < span.end <= len(script.text)
        assert 0 <= span.source.start < span.source.end <= len(text)
    for before, after in pairwise(script.spans):
        assert before.end <= after.start
        assert before.source.start <= after.source.start


@given(TEXTS)
@settings(max_examples=40, deadline=None)
def test_the_sentences_are_the_text_and_follow_the_input(text: str) -> None:
    script = normalize(text)

    assert " ".join(sentence.text for sentence in script.sentences) == script.text.replace("\n", " ")
    for before, after in pairwise(script.sentences):
        assert before.source.end <= after.source.start
    assert all(sentence.pause_ms > 0 for sentence in script.sentences)


@given(TEXTS)
@settings(max_examples=40, deadline=None)
def test_doubts_point_at_what_was_written(text: str) -> None:
    for doubt in normalize(text).doubts:
        assert text[doubt.span.start : doubt.span.end] == doubt.written
        assert sentence(doubt.reason).endswith(".")


@given(TEXTS)
@settings(max_examples=40, deadline=None)
def test_repeating_key_facts_adds_sentences_and_takes_none_away(text: str) -> None:
    plain, repeated = normalize(text), normalize(text, repeat_key_facts=True)

    assert SPEAKABLE.fullmatch(repeated.text)
    assert _without_repeats(repeated) == [_bare(sentence.text) for sentence in plain.sentences]


@given(TEXTS, st.lists(st.builds(ReadingEntry, FRAGMENTS, FRAGMENTS, st.booleans(), st.booleans()), max_size=5))
@settings(max_examples=50, deadline=None)
def test_no_dictionary_of_a_commune_breaks_this(text: str, entries: list[ReadingEntry]) -> None:
    script = normalize(text, dictionary=ReadingDictionary(tuple(entries)))

    assert SPEAKABLE.fullmatch(script.text)
    for before, after in pairwise(script.spans):
        assert before.source.end <= after.source.start or before.source == after.source


def _without_repeats(script: Script) -> list[str]:
    return [_bare(sentence.text) for sentence in script.sentences if not sentence.text.startswith("Xin nhắc lại")]


def _bare(text: str) -> str:
    return text.rstrip(".!?;:,").casefold()
