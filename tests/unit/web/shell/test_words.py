"""Every state the station knows has words on the screen."""

from enum import StrEnum

import pytest

from broadcaster.protocol.values import BroadcastClass, ClockState, DeliveryState
from broadcaster.refusals.sentences import LANGUAGES, table
from broadcaster.station.vocabulary.states import (
    AnnouncementState,
    BroadcastState,
    DecisionAction,
    FeedbackState,
    NodeProblem,
    OccurrenceState,
    Role,
)
from web.shell import words


@pytest.mark.parametrize(
    ("kind", "states"),
    [
        ("announcement", AnnouncementState),
        ("broadcast", BroadcastState),
        ("delivery", DeliveryState),
        ("class", BroadcastClass),
        ("occurrence", OccurrenceState),
        ("decision", DecisionAction),
        ("role", Role),
        ("feedback", FeedbackState),
        ("problem", NodeProblem),
        ("clock", ClockState),
    ],
)
def test_every_state_has_a_word(kind: str, states: type[StrEnum]) -> None:
    assert set(words.ALL[kind]) == set(states)


def test_a_code_nobody_has_named_is_shown_as_it_is() -> None:
    assert str(words.word("delivery", "teleported").label) == "teleported"


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_word_stands_in_the_tables(language: str) -> None:
    codes = {word.code for kind in words.ALL.values() for word in kind.values()}
    assert codes <= table(language).keys()
