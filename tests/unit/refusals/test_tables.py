"""The tables of sentences and the code that raises: each code has its sentence in every language, with its facts."""

import re

import pytest

from broadcaster.refusals.sentences import LANGUAGES, file_of, placeholders, table
from tests.unit.refusals.sources import calls

CODE = re.compile(r"[a-z0-9_]+(\.[a-z0-9_]+)+")
TELLING = [call for call in calls() if CODE.fullmatch(call.code)]


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_table_knows_the_same_codes_with_the_same_facts(language: str) -> None:
    facts = {code: placeholders(text) for code, text in table(language).items()}
    assert facts == {code: placeholders(text) for code, text in table("vi").items()}


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_table_is_sorted_and_names_each_code_once(language: str) -> None:
    lines = file_of(language).read_text(encoding="utf-8").splitlines()
    codes = [line.split("\t")[0] for line in lines]
    assert codes == sorted(set(codes))
    assert all(CODE.fullmatch(code) for code in codes)


def test_english_sentences_hold_no_vietnamese_but_the_currency() -> None:
    letters = re.compile(r"[àáảãạăằắẳẵặâầấẩẫậđèéẻẽẹêềếểễệìíỉĩịòóỏõọôồốổỗộơờớởỡợùúủũụưừứửữựỳýỷỹỵ]", re.I)
    assert [text for text in table("en").values() if letters.search(text.replace("đồng", ""))] == []


def test_a_code_that_is_raised_has_a_sentence_with_exactly_its_facts() -> None:
    known = {code: placeholders(text) for code, text in table("vi").items()}
    wrong = [
        f"{call}: {sorted(call.facts)}" for call in TELLING if not call.spread and call.facts != known.get(call.code)
    ]
    assert wrong == []
