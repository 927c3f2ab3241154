"""A province's rows of offers and what communes report, on both databases."""

from datetime import timedelta

import pytest
from msgspec.structs import replace

from broadcaster.errors import Conflict, Invalid, NotAllowed, NotFound
from broadcaster.protocol.exchange.messages import OFFER_TYPE, Joining, NodeStand, Report, Reports, UpperOffer, mark_of
from broadcaster.protocol.signing import open_message
from broadcaster.station.database.engine import Database
from broadcaster.station.nodes.station_key import StationIdentity
from broadcaster.station.province import communes, feed, figures, items, taking_reports
from broadcaster.station.province.items import ItemFields
from broadcaster.station.schema import ProvinceCommune, ProvincePlay
from tests.rig.commune import NOW, Commune

pytestmark = pytest.mark.integration
IDENTITY = StationIdentity("thai-nguyen", b"s" * 32)


@pytest.fixture
def below(database: Database, commune: Commune) -> list[str]:
    with database.session() as s:
        for station in ("vi-huong", "dai-duc"):
            communes.add(s, name=station, station=station, by=commune.administrator, now_at=NOW)
    return ["vi-huong", "dai-duc"]


def release(database: Database, commune: Commune, below: list[str], title: str) -> str:
    with database.session() as s:
        written = ItemFields(title=title, text="Mời bà con.", communes=below)
        made = items.compose(s, written, by=commune.officer, now_at=NOW)
    with database.session() as s:
        items.release(s, IDENTITY, item=items.get(s, made.id), by=commune.approver, now_at=NOW)
    return made.id


def page(database: Database, *, after: int = 0, mark: str = "") -> list[UpperOffer]:
    with database.reading() as s:
        found = feed.page(s, communes.get(s, "vi-huong"), after=after, mark=mark)
        return [
            open_message(each.encode(), UpperOffer, key=IDENTITY.public_key, kind=OFFER_TYPE) for each in found.tokens
        ]


def stated(*reports: Report) -> Reports:
    return Reports(commune="vi-huong", upper="thai-nguyen", sent_at=NOW, reports=reports)


def fact(number: int, item: str, kind: str = "received", **more: object) -> Report:
    return Report(report=f"report-{number}", number=number, item=item, kind=kind, at=NOW, **more)  # type: ignore[arg-type]


def take(database: Database, *reports: Report) -> int:
    with database.session() as s:
        return taking_reports.take(s, communes.get(s, "vi-huong"), stated(*reports), now_at=NOW).head


def test_each_commune_has_a_row_of_its_own_in_which_each_names_the_one_before(
    database: Database, commune: Commune, below: list[str]
) -> None:
    release(database, commune, below, "Một")
    release(database, commune, ["dai-duc"], "Hai")
    release(database, commune, below, "Ba")
    first, second = page(database)
    assert [(each.number, each.title) for each in (first, second)] == [(1, "Một"), (2, "Ba")]
    with database.reading() as s:
        token = feed.page(s, communes.get(s, "vi-huong"), after=0, mark="").tokens[0]
    assert second.previous == mark_of(token.encode())
    assert page(database, after=1, mark=second.previous) == [second]


def test_a_commune_that_knows_more_gets_what_it_did_not_report_behind_it(
    database: Database, commune: Commune, below: list[str]
) -> None:
    known = release(database, commune, below, "Đã báo")
    release(database, commune, below, "Chưa báo")
    take(database, fact(1, known))
    with database.session() as s:
        there = communes.get(s, "vi-huong")
        assert not feed.page(s, there, after=9, mark="ab" * 32).in_step
        feed.mend(s, IDENTITY, commune=there, after=9, mark="ab" * 32, now_at=NOW)
    assert [(each.number, each.title) for each in page(database, after=9, mark="ab" * 32)] == [(10, "Chưa báo")]
    with database.session() as s:
        there = communes.get(s, "vi-huong")
        assert there.went_back_at == NOW
        communes.settle_return(s, commune=there, by=commune.administrator, now_at=NOW)
        assert there.went_back_at is None


def test_reports_are_stored_once_and_their_head_stops_at_the_first_gap(
    database: Database, commune: Commune, below: list[str]
) -> None:
    item = release(database, commune, below, "Một")
    assert take(database, fact(1, item), fact(3, item, "taken")) == 1
    assert take(database, fact(3, item, "taken")) == 1
    assert take(database, fact(2, item, "planned", broadcast="b-1", begin_at=NOW, nodes=4)) == 3
    with database.reading() as s:
        (row,) = [each for each in figures.matrix(s, [items.get(s, item)]) if each.commune.id == "vi-huong"]
    offer = row.offers[item]
    assert (offer.state, offer.planned_nodes, offer.planned_at) == ("taken", 4, NOW)


def test_a_later_word_of_a_node_replaces_the_earlier_one(
    database: Database, commune: Commune, below: list[str]
) -> None:
    item = release(database, commune, below, "Một")
    about = {"broadcast": "b-1", "node": "loa-1", "requested_seconds": 30}
    take(database, fact(2, item, "aired", state="played", seconds=30, **about))
    take(database, fact(1, item, "aired", state="missed", **about))
    with database.reading() as s:
        play = s.get_one(ProvincePlay, ("vi-huong", "b-1", "loa-1"))
        assert (play.state, play.seconds) == ("played", 30)
        rows = figures.month(s, from_at=NOW.replace(day=1), until_at=NOW.replace(year=NOW.year + 1))
        counted = {each.station: (each.total, each.play_successful, each.ratio) for each in rows}
        assert counted == {"dai-duc": (0, 0, 0.0), "vi-huong": (1, 1, 100.0)}


def test_how_the_nodes_were_never_takes_the_place_of_how_they_are(
    database: Database, commune: Commune, below: list[str]
) -> None:
    def say(name: str, **later: float) -> str:
        sent = replace(stated(), sent_at=NOW + timedelta(**later), nodes=(NodeStand(node="loa-1", name=name),))
        with database.session() as s:
            there = communes.get(s, "vi-huong")
            taking_reports.take(s, there, sent, now_at=NOW)
            return str(there.nodes[0]["name"])

    assert say("Bây giờ") == "Bây giờ"
    assert say("Lúc trước", minutes=-5) == "Bây giờ"
    assert say("Đồng hồ nhanh", days=700) == "Đồng hồ nhanh"
    assert say("Đồng hồ đúng lại") == "Đồng hồ đúng lại"


def test_a_fact_about_an_item_that_is_not_known_any_more_is_stored(
    database: Database, commune: Commune, below: list[str]
) -> None:
    assert take(database, fact(1, "item-lost")) == 1


def test_whoever_composed_it_does_not_release_it(database: Database, commune: Commune, below: list[str]) -> None:
    with database.session() as s:
        written = ItemFields(title="Một", text="Mời.", communes=below)
        made = items.compose(s, written, by=commune.approver, now_at=NOW)
    with pytest.raises(NotAllowed, match=r"province\.own_item"), database.session() as s:
        items.release(s, IDENTITY, item=items.get(s, made.id), by=commune.approver, now_at=NOW)
    with database.session() as s:
        items.drop(s, item=items.get(s, made.id), by=commune.officer, now_at=NOW)
    with pytest.raises(Conflict), database.session() as s:
        items.drop(s, item=items.get(s, made.id), by=commune.officer, now_at=NOW)


def test_what_is_taken_back_goes_down_as_such(database: Database, commune: Commune, below: list[str]) -> None:
    item = release(database, commune, below, "Một")
    with database.session() as s:
        items.withdraw(s, IDENTITY, item=items.get(s, item), by=commune.approver, now_at=NOW)
    assert [(each.item == item, each.withdraws) for each in page(database)] == [(True, ""), (False, item)]
    with pytest.raises(Conflict), database.session() as s:
        items.withdraw(s, IDENTITY, item=items.get(s, item), by=commune.approver, now_at=NOW)
    with database.reading() as s:
        assert [each.id for each in items.listing(s)] == [item]


@pytest.mark.parametrize("written", [{"text": ""}, {"communes": []}, {"broadcast_class": "x"}, {"valid_until_at": NOW}])
def test_what_cannot_be_sent_is_refused(
    database: Database, commune: Commune, below: list[str], written: dict[str, object]
) -> None:
    fields: dict[str, object] = {"title": "Một", "text": "Mời.", "communes": below}
    with pytest.raises(Invalid), database.session() as s:
        items.compose(s, ItemFields(**(fields | written)), by=commune.officer, now_at=NOW)  # type: ignore[arg-type]


def test_a_code_is_worth_a_token_once(database: Database, commune: Commune) -> None:
    with database.session() as s:
        _, secret = communes.add(s, name="Vi Hương", station="", by=commune.administrator, now_at=NOW)
    asked = Joining(secret=secret, commune="vi-huong", name="Vi Hương", key="ab" * 32)
    with database.session() as s:
        token = communes.join(s, asked, now_at=NOW)
    with pytest.raises(NotFound), database.session() as s:
        communes.join(s, asked, now_at=NOW)
    with database.session() as s:
        found = communes.of_token(s, token)
        assert found is not None
        communes.close(s, commune=found, by=commune.administrator, now_at=NOW)
        assert communes.of_token(s, token) is None
        assert s.get_one(ProvinceCommune, "vi-huong").closed_at == NOW
