"""Offers come in at a commune and are decided about, on both databases; over HTTP see ``tests/unit/exchange``."""

import pytest

from broadcaster.errors import Conflict, Invalid
from broadcaster.protocol.exchange.messages import OFFER_TYPE, UpperIdentity, UpperOffer, mark_of
from broadcaster.protocol.signing import public_key, sign
from broadcaster.protocol.values import BroadcastClass
from broadcaster.station.alerts import proposals
from broadcaster.station.announcements import announcements
from broadcaster.station.database.engine import Database
from broadcaster.station.exchange import choices, intake, reporting, upper_levels
from broadcaster.station.notices.sealing import Sealer
from broadcaster.station.schema import ExchangeReport, ReceivedOffer
from tests.rig.commune import NOW, Commune
from tests.unit.web.access.exchange_things import CODE

pytestmark = pytest.mark.integration
SEED = b"u" * 32


@pytest.fixture
def level(database: Database, commune: Commune) -> str:
    sealer = Sealer(b"k" * 32)
    identity = UpperIdentity(upper="thai-nguyen", name="Thái Nguyên", key=public_key(SEED).hex())
    with database.session() as s:
        added = upper_levels.add(s, CODE, sealer=sealer, by=commune.administrator, now_at=NOW)
        return upper_levels.joined(s, added, identity, "t" * 20, sealer=sealer, now_at=NOW).id


def signed(number: int, previous: str = "", **more: object) -> str:
    values: dict[str, object] = {"item": f"item-000{number}", "title": f"Bản tin {number}", "text": "Mời bà con."}
    offer = UpperOffer(
        upper="thai-nguyen",
        commune="con-minh",
        number=number,
        previous=previous,
        issued_at=NOW,
        **(values | more),  # type: ignore[arg-type]
    )
    return sign(offer, SEED, OFFER_TYPE).decode()


def take(database: Database, level: str, token: str) -> ReceivedOffer | None:
    with database.session() as s:
        return intake.take(s, level=upper_levels.get(s, level), station="con-minh", token=token, now_at=NOW)


def reports(database: Database, level: str) -> list[str]:
    with database.reading() as s:
        return [each.kind for each in reporting.waiting(s, upper_levels.get(s, level))]


def test_the_same_offer_is_taken_in_and_reported_once(database: Database, level: str) -> None:
    token = signed(1)
    made = take(database, level, token)
    assert made is not None
    assert take(database, level, token) is None
    assert reports(database, level) == ["received"]


def test_a_break_in_the_row_is_noted_and_nothing_is_lost(database: Database, level: str) -> None:
    first = signed(1)
    take(database, level, first)
    assert take(database, level, signed(2, mark_of(first.encode()))) is not None
    with database.reading() as s:
        assert upper_levels.get(s, level).went_back_at is None
    assert take(database, level, signed(5, "ab" * 32)) is not None
    with database.reading() as s:
        assert upper_levels.get(s, level).went_back_at == NOW


def test_an_officer_takes_one_and_declines_another(database: Database, commune: Commune, level: str) -> None:
    first, second = take(database, level, signed(1)), take(database, level, signed(2))
    assert first
    assert second
    with database.session() as s:
        made = choices.take(s, offer=choices.get(s, first.id), by=commune.officer, now_at=NOW)
        assert announcements.get(s, made.id).document_number == "item-0001"
    with pytest.raises(Invalid, match=r"exchange\.no_words"), database.session() as s:
        choices.decline(s, offer=choices.get(s, second.id), words=" ", by=commune.officer, now_at=NOW)
    with database.session() as s:
        choices.decline(s, offer=choices.get(s, second.id), words="Đã phát", by=commune.officer, now_at=NOW)
    with pytest.raises(Conflict), database.session() as s:
        choices.take(s, offer=choices.get(s, second.id), by=commune.officer, now_at=NOW)
    assert reports(database, level) == ["received", "received", "taken", "declined"]


def test_priorities_wait_before_what_came_earlier(database: Database, level: str) -> None:
    take(database, level, signed(1))
    take(database, level, signed(2, broadcast_class=BroadcastClass.PRIORITY))
    with database.reading() as s:
        assert [each.number for each in choices.waiting(s)] == [2, 1]


def test_an_emergency_is_an_order_that_waits(database: Database, level: str) -> None:
    made = take(database, level, signed(1, broadcast_class=BroadcastClass.EMERGENCY))
    assert made is not None
    with database.reading() as s:
        (waiting,) = proposals.waiting(s)
        assert (waiting.announcement_id, waiting.title) == (made.announcement_id, "Bản tin 1")
    assert reports(database, level) == ["received", "prepared"]
    take(database, level, signed(2, withdraws="item-0001"))
    with database.reading() as s:
        assert proposals.waiting(s) == []
    assert reports(database, level) == ["received", "prepared", "received", "withdrawn"]


def test_reports_that_the_level_lost_go_up_again(database: Database, level: str) -> None:
    for number in (1, 2, 3):
        take(database, level, signed(number))
    with database.session() as s:
        current = upper_levels.get(s, level)
        reporting.acknowledge(s, current, [each.id for each in reporting.waiting(s, current)], now_at=NOW)
        assert not reporting.compare(s, current, head=3)
        assert reporting.compare(s, current, head=1)
        again = [each.number for each in reporting.waiting(s, current)]
    assert again == [2, 3]


def test_a_level_that_was_closed_lets_nothing_sound_any_more(database: Database, commune: Commune, level: str) -> None:
    with database.session() as s:
        upper_levels.close(s, level=upper_levels.get(s, level), by=commune.administrator, now_at=NOW)
        current = upper_levels.get(s, level)
        assert current.source
        assert (current.source.closed_at, current.token_sealed, upper_levels.listing(s)) == (NOW, "", [])
        assert s.query(ExchangeReport).count() == 0
