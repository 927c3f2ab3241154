"""A live session from the press to its recording: who may, when it may sound, and what stays of it."""

from collections.abc import Callable
from datetime import datetime, timedelta

import pytest
from msgspec.structs import replace
from sqlalchemy import select

from broadcaster.errors import Conflict, Invalid, NotAllowed
from broadcaster.protocol.values import BroadcastClass, DeliveryState
from broadcaster.station.agendas import content, live_items
from broadcaster.station.broadcasts import receipts, replays
from broadcaster.station.clips import clips
from broadcaster.station.database.engine import Database
from broadcaster.station.live import choices, closing, sessions
from broadcaster.station.live.closing import Closed
from broadcaster.station.live.sessions import LiveRequest
from broadcaster.station.live.steps import LiveStep, steps
from broadcaster.station.nodes import nodes
from broadcaster.station.records import residents
from broadcaster.station.rows import settings
from broadcaster.station.rules import stop_all
from broadcaster.station.schema import AuditEntry, Broadcast, LiveSessionRow, Node, Person
from broadcaster.station.vocabulary.states import BroadcastState, LiveState
from tests.rig.commune import NOW, Commune, fact, rendered

pytestmark = pytest.mark.integration
CHIME_MS = 2600


@pytest.fixture
def commune(database: Database, commune: Commune) -> Commune:
    """The same with its chimes made."""
    with database.session() as s:
        chime = clips.record(s, rendered("chime", duration_ms=CHIME_MS), "live-chime", NOW)
        kinds = ("routine", "priority", "emergency")
        settings.write(s, live_items.CHIMES, dict.fromkeys(kinds, chime.sha256))
    return commune


def ask(
    database: Database, by: Person, *, zones: tuple[str, ...] = ("con-minh",), now_at: datetime = NOW, **more: object
) -> LiveSessionRow:
    with database.session() as s:
        return sessions.ask(s, LiveRequest(zones=zones, **more), by=by, now_at=now_at)  # type: ignore[arg-type]


def spoken(database: Database, session: LiveSessionRow, *, seconds: int = 30) -> None:
    """It was sent to its end."""
    with database.session() as s:
        whole = Closed(
            sound_ms=seconds * 1000,
            gap_ms=0,
            ends_ms=CHIME_MS + 800 + seconds * 1000,
            recording=rendered("what was said", duration_ms=seconds * 1000),
        )
        closing.close(s, session.id, whole, now_at=NOW + timedelta(seconds=60))


def broadcast_of(database: Database, session: LiveSessionRow) -> Broadcast:
    with database.reading() as s:
        return s.scalars(select(Broadcast).where(Broadcast.live_session_id == session.id)).unique().one()


def test_the_press_puts_a_session_on_every_agenda_of_its_zones(database: Database, commune: Commune) -> None:
    session = ask(database, commune.officer)
    with database.reading() as s:
        found = content.for_nodes(s, nodes=[commune.strong, commune.weak], now_at=NOW)
    for node in (commune.strong, commune.weak):
        (item,) = found[node.id].items
        assert item.source
        assert (item.source.session, item.source.longest_ms, item.source.ends_ms) == (session.id, 900_000, 0)
        assert (item.duration_ms, item.live, item.resume) == (CHIME_MS + 900_000, True, True)
        assert len(item.parts) == 1


def test_nodes_hold_the_chime_before_anybody_speaks(database: Database, commune: Commune) -> None:
    with database.reading() as s:
        held = content.for_node(s, node=commune.strong, now_at=NOW).clips
        assert [clip.sha256 for clip in held] == [rendered("chime", duration_ms=CHIME_MS).sha256]
        assert held[0].sha256 in clips.in_use(s, NOW)


def test_a_hamlet_head_speaks_in_the_own_hamlet_and_nowhere_else(database: Database, commune: Commune) -> None:
    session = ask(database, commune.hamlet_head, zones=("lung-pang",))
    assert [each.node_id for each in broadcast_of(database, session).deliveries] == [commune.weak.id]
    for zones in (("con-minh",), ("ban-cuon",), ("lung-pang", "ban-cuon")):
        with pytest.raises(NotAllowed):
            ask(database, commune.hamlet_head, zones=zones)


@pytest.mark.parametrize("who", ["viewer", "administrator"])
def test_others_do_not_speak(database: Database, commune: Commune, who: str) -> None:
    with pytest.raises(NotAllowed):
        ask(database, getattr(commune, who))


def test_the_same_key_never_makes_a_second_session(database: Database, commune: Commune) -> None:
    first = ask(database, commune.officer, key="press-1")
    assert ask(database, commune.officer, key="press-1").id == first.id


def test_where_the_commune_wants_it_another_person_presses_too(database: Database, commune: Commune) -> None:
    with database.session() as s:
        choices.choose(s, second_person=True, longest=20, by=commune.administrator, now_at=NOW)
    session = ask(database, commune.officer)
    assert (session.state, session.broadcast_id, session.longest_ms) == (LiveState.WAITING, None, 1_200_000)
    with database.session() as s, pytest.raises(NotAllowed):
        sessions.confirm(s, session, by=commune.officer, now_at=NOW)
    with database.session() as s:
        opened = sessions.confirm(s, session, by=commune.approver, now_at=NOW + timedelta(minutes=1))
        assert (opened.state, opened.confirmed_by_id) == (LiveState.OPEN, commune.approver.id)
        assert opened.broadcast_id is not None


def test_a_second_person_who_comes_too_late_opens_nothing(database: Database, commune: Commune) -> None:
    with database.session() as s:
        choices.choose(s, second_person=True, longest=20, by=commune.administrator, now_at=NOW)
    session = ask(database, commune.officer)
    with database.session() as s, pytest.raises(Conflict):
        sessions.confirm(s, session, by=commune.approver, now_at=NOW + sessions.WAIT)
    with database.reading() as s:
        assert sessions.going_on(s, now_at=NOW + sessions.WAIT) == []


@pytest.mark.parametrize("longest", [0, 16])
def test_nobody_speaks_longer_than_the_commune_allows(database: Database, commune: Commune, longest: int) -> None:
    with pytest.raises(Invalid):
        ask(database, commune.officer, longest_minutes=longest)


def test_nobody_speaks_during_a_stop_all_or_in_quiet_hours(database: Database, commune: Commune) -> None:
    with database.session() as s:
        settings.write(s, "quiet_hours", [[21 * 60 + 30, 5 * 60]])
    night_at = NOW.replace(hour=16)
    with pytest.raises(Conflict):
        ask(database, commune.officer, now_at=night_at)
    with database.session() as s:
        stop_all.order(s, by=commune.officer, reason="thử", now_at=NOW)
    with pytest.raises(Conflict):
        ask(database, commune.officer)


def test_an_emergency_is_spoken_only_inside_an_alarm(database: Database, commune: Commune) -> None:
    with pytest.raises(Conflict, match=r"live\.no_alarm"):
        ask(database, commune.approver, broadcast_class=BroadcastClass.EMERGENCY)


def test_only_the_speaker_speaks_and_whoever_may_speak_there_ends_it(database: Database, commune: Commune) -> None:
    session = ask(database, commune.officer)
    with database.session() as s:
        current = sessions.get(s, session.id)
        assert steps(s, current, commune.officer, now_at=NOW) == {LiveStep.SPEAK, LiveStep.END}
        assert steps(s, current, commune.approver, now_at=NOW) == {LiveStep.END}
        assert steps(s, current, commune.hamlet_head, now_at=NOW) == frozenset()
        ended = sessions.end(s, current, by=commune.approver, now_at=NOW)
        assert (ended.state, ended.end_reason) == (LiveState.OPEN, "stopped")
        assert LiveStep.SPEAK not in steps(s, ended, commune.officer, now_at=NOW)


def _stopped(database: Database, commune: Commune) -> None:
    with database.session() as s:
        stop_all.order(s, by=commune.officer, reason="thử", now_at=NOW)


def _locked_out(database: Database, commune: Commune) -> None:
    with database.session() as s:
        s.get_one(Person, commune.officer.id).disabled_at = NOW


@pytest.mark.parametrize(("what", "reason"), [(_stopped, "stop_all"), (_locked_out, "revoked")])
def test_what_ends_a_session_by_itself(
    database: Database, commune: Commune, what: Callable[[Database, Commune], None], reason: str
) -> None:
    session = ask(database, commune.officer)
    with database.reading() as s:
        assert closing.must_end(s, sessions.get(s, session.id), now_at=NOW) is None
    what(database, commune)
    with database.reading() as s:
        assert closing.must_end(s, sessions.get(s, session.id), now_at=NOW) == reason


def test_what_was_sent_becomes_a_clip_and_its_hash_stands_in_the_audit_trail(
    database: Database, commune: Commune
) -> None:
    session = ask(database, commune.officer)
    spoken(database, session)
    sha256 = rendered("what was said", duration_ms=30_000).sha256
    with database.reading() as s:
        closed = sessions.get(s, session.id)
        assert (closed.state, closed.recording_sha256) == (LiveState.ENDED, sha256)
        entry = s.scalars(select(AuditEntry).where(AuditEntry.action == "live.closed")).one()
        assert sha256 in str(entry.details)
        (item,) = content.for_node(s, node=commune.strong, now_at=NOW).items
        assert item.source
        assert item.source.ends_ms == CHIME_MS + 30_800
        assert sha256 not in item.parts


def test_a_session_without_a_word_is_called_off(database: Database, commune: Commune) -> None:
    session = ask(database, commune.officer)
    with database.session() as s:
        closing.close(s, session.id, Closed(sound_ms=0, gap_ms=0, ends_ms=0, recording=None), now_at=NOW)
    assert broadcast_of(database, session).state is BroadcastState.CANCELLED


def test_nodes_that_lost_more_than_a_twentieth_or_were_off_play_the_recording(
    database: Database, commune: Commune
) -> None:
    session = ask(database, commune.officer)
    spoken(database, session)
    with database.session() as s:
        broadcast = s.get_one(Broadcast, broadcast_of(database, session).id)
        for node, lost_ms in ((commune.strong, 1000), (commune.weak, 3000)):
            said = replace(fact(broadcast, DeliveryState.PLAYED, 1, played_ms=30_000 - lost_ms), lost_ms=lost_ms)
            receipts.store(s, node_id=node.id, receipts=[said], now_at=NOW)
    with database.session() as s:
        broadcast = s.get_one(Broadcast, broadcast_of(database, session).id)
        assert broadcast.state is BroadcastState.COMPLETED
        assert [each.lost_ms for each in broadcast.deliveries] == [1000, 3000]
        assert [node.id for node in replays.unheard(broadcast)] == [commune.weak.id]
        again = replays.air_again(s, broadcast=broadcast, by=commune.officer, now_at=NOW, key="again-1")
        assert [each.node_id for each in again.deliveries] == [commune.weak.id]
        assert [part.sha256 for part in again.parts] == [sessions.get(s, session.id).recording_sha256]
        assert replays.air_again(s, broadcast=broadcast, by=commune.officer, now_at=NOW, key="again-1").id == again.id


def test_residents_hear_what_was_said_without_the_chime(database: Database, commune: Commune) -> None:
    session = ask(database, commune.officer, title="Xã đội trưởng nói chuyện")
    with database.reading() as s:
        assert residents.listing(s, None, now_at=NOW).total == 0
    spoken(database, session)
    with database.session() as s:
        broadcast = s.get_one(Broadcast, broadcast_of(database, session).id)
        said = fact(broadcast, DeliveryState.PLAYED, 1, played_ms=30_000)
        receipts.store(s, node_id=commune.strong.id, receipts=[said], now_at=NOW)
    with database.reading() as s:
        (shown,) = residents.listing(s, None, now_at=NOW).items
        assert shown.broadcast.title == "Xã đội trưởng nói chuyện"
        assert [part.sha256 for part in residents.parts(s, shown.broadcast)] == [
            sessions.get(s, session.id).recording_sha256
        ]
        assert residents.newer(s, shown.broadcast) is None


def test_two_stations_send_a_session_once(database: Database, commune: Commune) -> None:
    session = ask(database, commune.officer)
    with database.session() as s:
        assert closing.open_ids(s) == [session.id]
        assert closing.claim(s, session.id, runner="one")
        assert not closing.claim(s, session.id, runner="two")
        assert closing.claim(s, session.id, runner="one")


def test_one_delay_holds_for_the_slowest_node(database: Database, commune: Commune) -> None:
    with database.session() as s:
        assert choices.delay_ms(s, [commune.strong]) == 1000
        assert choices.delay_ms(s, [commune.strong, commune.weak]) == 2000
    assert choices.delay_for([]) == choices.LEAST_DELAY_MS
    assert choices.delay_for([40, 120]) == choices.LEAST_DELAY_MS
    assert choices.delay_for([900, 1400]) == 1900
    assert choices.delay_for([9000]) == choices.MOST_DELAY_MS


def test_a_revoked_node_is_in_no_session(database: Database, commune: Commune) -> None:
    with database.session() as s:
        nodes.revoke_node(s, node=s.get_one(Node, commune.strong.id), by=commune.administrator, now_at=NOW)
    assert [each.node_id for each in broadcast_of(database, ask(database, commune.officer)).deliveries] == [
        commune.weak.id
    ]
