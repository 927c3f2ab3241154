"""What waits for another person's release calls that person, once, and nobody who has no part in it."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from sqlalchemy.orm import Session

from broadcaster.refusals.sentences import sentence
from broadcaster.station.clips import clips, dictionary, tunes
from broadcaster.station.database.engine import Database
from broadcaster.station.matters import matters
from broadcaster.station.notices import audiences, standing
from broadcaster.station.people import approvers, people
from broadcaster.station.relays import choosing, slot_relays
from broadcaster.station.rules import commune_rules
from broadcaster.station.schema import Notice
from broadcaster.station.units import spoken_words
from tests.rig.commune import NOW, Commune, rendered
from tests.rig.databases import ON_SQLITE
from tests.unit.station.relays.relaying import chosen, slot, source

pytestmark = [pytest.mark.integration, ON_SQLITE]
Act = Callable[[Session, Commune], object]
WORDS = "Đây là đài truyền thanh Côn Minh."


def reading(s: Session, commune: Commune) -> None:
    dictionary.add(s, unit_id="con-minh", written="VNĐ", reading="việt nam đồng", by=commune.officer, now_at=NOW)


def read_so(s: Session, commune: Commune) -> None:
    (line,) = dictionary.waiting(s)
    dictionary.release(s, entry_id=line.id, reading=line.reading, by=commune.approver, now_at=NOW)


def greeting(s: Session, commune: Commune) -> None:
    wanted = commune_rules.CommuneRules(greeting_opening=WORDS)
    commune_rules.change(s, wanted=wanted, by=commune.administrator, now_at=NOW)


def greeted(s: Session, commune: Commune) -> None:
    (words,) = spoken_words.unreleased(s)
    spoken_words.release(s, name=words.name, wanted=words.wanted, by=commune.approver, now_at=NOW)


def tune(s: Session, commune: Commune) -> None:
    made = tunes.add(s, kind="bed", name="Nền", recording_sha256="b" * 64, by=commune.officer, now_at=NOW)
    tunes.QUEUE.finish(s, key=made.id, clip=clips.record(s, rendered("tune", duration_ms=8_000), "tune", NOW))


def tuned(s: Session, commune: Commune) -> None:
    (made,) = tunes.waiting_for_approval(s)
    tunes.approve(s, tune=made, clip_sha256=made.clip_sha256 or "", by=commune.approver, now_at=NOW)


def relay(s: Session, commune: Commune) -> None:
    chosen(s, commune, slot(s), source(s, commune).id)


def relayed(s: Session, commune: Commune) -> None:
    (one,) = slot_relays.waiting_for_approval(s)
    choosing.approve(s, slot=one.slot, seen=slot_relays.seal(s, one), by=commune.approver, now_at=NOW)


def role(s: Session, commune: Commune) -> None:
    people.add_person(
        s, username="quantri2", full_name="Lý A", password=None, roles=[("con-minh", "administrator")], by=None,
        now_at=NOW,
    )  # fmt: skip
    officer = people.find(s, "canbo")
    assert officer
    people.set_roles(s, person=officer, roles=[("con-minh", "approver")], by=commune.administrator, now_at=NOW)


def confirmed(s: Session, commune: Commune) -> None:
    officer = people.find(s, "canbo")
    assert officer
    approvers.take_effect(s, officer, by=commune.administrator, now_at=NOW)


THINGS: dict[str, tuple[Act, Act, str, set[str]]] = {
    "reading": (reading, read_so, "Chờ bạn duyệt: lời đọc trong từ điển.", {"chutich"}),
    "greeting": (greeting, greeted, "Chờ bạn duyệt: lời chào, lời kết và tên đài.", {"chutich"}),
    "tune": (tune, tuned, "Chờ bạn duyệt: nhạc hiệu, nhạc nền.", {"chutich"}),
    "relay": (relay, relayed, "Chờ bạn duyệt: tiếp sóng của khung giờ.", {"chutich"}),
    "role": (role, confirmed, "Quyền duyệt của {name} chờ người quản trị thứ hai đồng ý.", {"quantri2"}),
}


@pytest.mark.parametrize("thing", THINGS)
def test_who_may_release_it_is_called_once_and_again_for_the_next(
    database: Database, commune: Commune, thing: str
) -> None:
    happens, is_released, title, called = THINGS[thing]
    with database.session() as s:
        happens(s, commune)
    notices = observed(database)
    assert [(each[0], each[1]) for each in notices] == [(title.format(name=commune.officer.full_name), called)]
    assert observed(database) == notices, "it was said"
    assert all(each[2] for each in notices), "it is still worth a message"
    with database.session() as s:
        is_released(s, commune)
    assert [each[2] for each in observed(database)] == [False], "nobody is called for what is released"
    with database.reading() as s:
        assert [each for each in matters.waiting(s) if each.kind.endswith("_waits")] == []


def test_one_who_wrote_all_that_waits_is_not_called_for_it(database: Database, commune: Commune) -> None:
    with database.session() as s:
        dictionary.add(s, unit_id="con-minh", written="VNĐ", reading="đồng", by=commune.approver, now_at=NOW)
    assert [each[1] for each in observed(database)] == [set()]


def observed(database: Database) -> list[tuple[str, set[str], bool]]:
    """Sentence, people called, and whether it is still worth a message, of every notice after a look."""
    with database.session() as s:
        matters.observe(s, now_at=NOW + timedelta(seconds=1))
    with database.reading() as s:
        found = s.query(Notice).filter(Notice.kind.in_(["release_waits", "role_waits"])).order_by(Notice.id)
        return [
            (
                sentence(each.title, "vi"),
                {person.username for person in audiences.members(s, audiences.unpacked(each.audience))},
                standing.is_needed(s, each, now_at=NOW),
            )
            for each in found
        ]
