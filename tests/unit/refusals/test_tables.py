"""The tables of sentences and the code that raises: each code has its sentence in every language, with its facts."""

import re
from enum import StrEnum

import pytest

from broadcaster.protocol.reasons import CardCause, ReasonCode, TroubleCode
from broadcaster.protocol.values import DeliveryState
from broadcaster.refusals.sentences import LANGUAGES, file_of, placeholders, table
from broadcaster.station.nodes.languages import LANGUAGES as LANGUAGES_OF_PLACES
from broadcaster.station.vocabulary.states import AnnouncementState, BroadcastState, JobState, OccurrenceState
from tests.unit.refusals.sources import calls, raised_texts, sources, strings

CODE = re.compile(r"[a-z0-9_]+(\.[a-z0-9_]+)+")
MADE = (
    "card", "class", "field", "language.name", "listener", "lunar_month", "month", "paper", "part", "permission",
    "place", "receipt", "recording", "release_failure", "trouble", "waiting", "weekday",
    "state.announcement", "state.broadcast", "state.delivery", "state.job", "state.occurrence",
)  # fmt: skip
"""What codes are put together of with a value."""


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
        f"{call}: {sorted(call.facts)}"
        for call in calls()
        if CODE.fullmatch(call.code) and not call.spread and call.facts != known.get(call.code)
    ]
    assert wrong == []


def test_a_code_in_the_tables_is_used_somewhere() -> None:
    """Written out, or made of a kind and a value by ``word``, or stated by nodes."""
    written = {text for path in sources() for text in strings(path)}
    made = tuple(f"{kind}." for kind in MADE)
    unused = [code for code in table("vi") if code not in written and not code.startswith(made)]
    assert unused == []


def test_nodes_state_only_what_the_tables_can_say() -> None:
    stated = [
        *(f"receipt.{code}" for code in ReasonCode),
        *(f"trouble.{code}" for code in TroubleCode),
        *(f"card.{code}" for code in CardCause),
    ]
    assert [code for code in stated if code not in table("vi")] == []


def test_the_languages_of_the_commune_have_their_names() -> None:
    assert dict(LANGUAGES_OF_PLACES) == {
        code.removeprefix("language.name."): text
        for code, text in table("vi").items()
        if code.startswith("language.name.")
    }


@pytest.mark.parametrize("enum", [AnnouncementState, BroadcastState, DeliveryState, OccurrenceState, JobState])
def test_every_state_has_its_word(enum: type[StrEnum]) -> None:
    kind = enum.__name__.removesuffix("State").lower()
    assert {f"state.{kind}.{state}" for state in enum} <= table("vi").keys()


def test_no_refusal_is_raised_with_a_sentence() -> None:
    assert [str(each) for each in raised_texts() if not each.code.isascii()] == []


def test_every_refusal_is_made_of_a_code() -> None:
    assert [str(call) for call in calls() if not CODE.fullmatch(call.code)] == []
