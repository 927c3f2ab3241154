"""Choosing who speaks: drafts follow, what was sent stays, alarms keep to the machine, a lost voice is named."""

import pytest
from sqlalchemy import select

from broadcaster.errors import Invalid, NotAllowed
from broadcaster.refusals.reasons import Reason
from broadcaster.station.announcements import approvals
from broadcaster.station.clips import jobs, voice_changes, voice_choices
from broadcaster.station.clips.plans import plan, script_of
from broadcaster.station.clips.voice_choices import VoiceChoices
from broadcaster.station.database.engine import Database
from broadcaster.station.matters.findings import findings
from broadcaster.station.rows import voice_states
from broadcaster.station.rows.voice_states import KnownVoice, KnownVoices, TakenIn
from broadcaster.station.schema import Announcement, Zone
from tests.rig.commune import NOW, Commune, render, write

pytestmark = pytest.mark.integration
LAN = KnownVoice(written="pack:thu/lan", engine="pack", name="Lan", region="south", sex="female")
MAI = KnownVoice(written="fpt:banmai", engine="fpt", name="Ban Mai", region="north", online=True, provider="FPT.AI")


def choose(database: Database, commune: Commune, **chosen: object) -> int:
    with database.session() as s:
        return voice_changes.choose(s, chosen=VoiceChoices(**chosen), by=commune.administrator, now_at=NOW)


def voice_asked(database: Database, announcement_id: str) -> str:
    with database.reading() as s:
        found = s.get_one(Announcement, announcement_id)
        wanted = plan(s, found, script_of(s, found)).plan
        return f"{wanted.voice.engine}:{wanted.voice.name}"


def test_an_alarm_is_read_by_the_machine_itself_unless_it_asks_for_a_voice(
    database: Database, commune: Commune
) -> None:
    alarm = write(database, commune.officer, broadcast_class="emergency")
    routine = write(database, commune.officer)
    assert voice_asked(database, alarm.id) == "offline:"
    assert voice_asked(database, routine.id) == "auto:"
    for online in ("auto", "gtts", "fpt:banmai"):
        with pytest.raises(Invalid, match=r"voice\.alarm_needs_offline"):
            choose(database, commune, emergency=online)


def test_drafts_alone_are_read_anew_and_only_those_that_leave_it_open(database: Database, commune: Commune) -> None:
    sent = write(database, commune.officer, text="Đã gửi.")
    render(database)
    draft = write(database, commune.officer, text="Nháp.")
    own = write(database, commune.officer, text="Tự chọn.")
    with database.session() as s:
        s.get_one(Announcement, own.id).voice = "espeak@north"
    with database.session() as s:
        approvals.submit(s, announcement=s.get_one(Announcement, sent.id), by=commune.officer, now_at=NOW)
    before = {each.id: _jobs(database, each.id) for each in (draft, own, sent)}
    assert choose(database, commune, routine="pack:thu/lan") == 1
    assert _jobs(database, draft.id) == before[draft.id] + 1
    assert (_jobs(database, own.id), _jobs(database, sent.id)) == (before[own.id], before[sent.id])
    assert voice_asked(database, draft.id) == "pack:thu/lan"
    assert choose(database, commune, routine="pack:thu/lan") == 0


def _jobs(database: Database, announcement_id: str) -> int:
    with database.reading() as s:
        newest = jobs.latest(s, s.get_one(Announcement, announcement_id))
        return newest.number if newest is not None else 0


def test_a_hamlet_has_its_own_voice_for_what_is_for_it_alone(database: Database, commune: Commune) -> None:
    with database.reading() as s:
        zone = s.scalars(select(Zone).where(Zone.unit_id.is_not(None)).order_by(Zone.id)).first()
        assert zone is not None
        unit, both = zone.unit_id, [zone, *s.scalars(select(Zone).where(Zone.id != zone.id).order_by(Zone.id))]
        choices = VoiceChoices(routine="espeak", hamlets={str(unit): "auto@south"})
        assert voice_choices.of_hamlet([zone], choices) == "auto@south"
        assert voice_choices.of_hamlet(both, choices) is None
    with pytest.raises(Invalid, match=r"unit\.not_found"):
        choose(database, commune, hamlets={"khong-co": "auto@south"})
    with pytest.raises(Invalid, match=r"voice\.unknown"):
        choose(database, commune, hamlets={str(unit): "robot"})


def test_only_an_administrator_chooses(database: Database, commune: Commune) -> None:
    with database.session() as s, pytest.raises(NotAllowed):
        voice_changes.choose(s, chosen=VoiceChoices(routine="espeak"), by=commune.officer, now_at=NOW)


def matters_of(database: Database) -> list[tuple[str, str]]:
    with database.reading() as s:
        return [(each.subject, each.details["reason"]) for each in findings(s, now_at=NOW) if each.kind == "voice_gone"]


def tell(database: Database, *known: KnownVoice) -> None:
    with database.session() as s:
        voice_states.write(s, KnownVoices(voices=known, order=("gtts", "espeak")), NOW)


def test_a_chosen_voice_that_is_gone_or_refused_is_a_matter_until_it_is_back(
    database: Database, commune: Commune
) -> None:
    choose(database, commune, routine="pack:thu/lan", priority="fpt:banmai")
    assert matters_of(database) == []
    tell(database, LAN, MAI)
    assert matters_of(database) == []
    refused = Reason("online_voice.key_refused", provider="FPT.AI", status=401)
    expired = KnownVoice(**{name: getattr(MAI, name) for name in MAI.__slots__ if name != "trouble"}, trouble=refused)
    tell(database, expired)
    found = dict(matters_of(database))
    assert set(found) == {"voice:fpt:banmai", "voice:pack:thu/lan"}
    assert "key_refused" in found["voice:fpt:banmai"]
    assert "voice.vanished" in found["voice:pack:thu/lan"]
    tell(database, LAN, MAI)
    assert matters_of(database) == []


def test_what_the_station_says_of_its_voices_is_read_as_it_was_written(database: Database) -> None:
    state = KnownVoices(
        voices=(LAN, MAI),
        order=("gtts", "espeak"),
        sticks=("/media/usb/a.zip",),
        spent={"fpt": 12},
        most=300_000,
        last=(TakenIn(name="a.zip", at=NOW, refused=Reason("pack.crashed", pack="a")),),
    )
    with database.session() as s:
        assert voice_states.read(s) == KnownVoices()
        voice_states.write(s, state, NOW)
    with database.reading() as s:
        assert voice_states.read(s) == state
