"""An announcement may ask for an engine, a voice of it and an accent; what it leaves open the station decides."""

import pytest

from broadcaster.errors import Invalid
from broadcaster.speech import Voice
from broadcaster.station.clips import voices
from broadcaster.station.database.engine import Database


@pytest.mark.parametrize("written", ["auto", "espeak", "auto@south", "espeak@centre", "piper:vais1000@north"])
def test_what_there_is_may_be_asked_for(written: str) -> None:
    voices.check(written)


@pytest.mark.parametrize("written", ["", "robot", "auto@mars", "@south", "espeak@", "x" * 500])
def test_what_there_is_not_is_refused(written: str) -> None:
    with pytest.raises(Invalid) as refused:
        voices.check(written)
    assert refused.value.field == "voice"


def test_an_accent_that_was_asked_for_is_taken_and_otherwise_the_station_s_own(database: Database) -> None:
    with database.session() as s:
        assert voices.voice_of(s) == Voice(engine="auto", name="", region="north", rate_percent=100)
        voices.settle_region(s, "centre")
        assert voices.voice_of(s, "espeak", rate_percent=90) == Voice("espeak", "", "centre", 90)
        assert voices.voice_of(s, "piper:vais1000@south") == Voice("piper", "vais1000", "south", 100)
