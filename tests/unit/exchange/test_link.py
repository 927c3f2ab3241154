"""A commune and a level above over real HTTP: codes, offers, reports, and everything that goes wrong between them."""

import threading
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from sqlalchemy import update

from broadcaster.errors import Conflict, Invalid, LoaError, NotFound, Unavailable
from broadcaster.exchange.link import UpperLink, ask_identity
from broadcaster.exchange.transport import Transport
from broadcaster.protocol.exchange.messages import OFFER_TYPE, UpperOffer, key_fingerprint
from broadcaster.protocol.signing import sign
from broadcaster.station.exchange import choices, intake, upper_levels
from broadcaster.station.nodes.station_key import StationIdentity
from broadcaster.station.province import communes
from broadcaster.station.schema import ExchangeReport, ProvinceCommune, ProvinceOffer, ProvinceReport
from broadcaster.station.vocabulary.states import OfferState
from tests.rig.exchange.sites import AT, Lower, Upper

pytestmark = pytest.mark.integration


def states(upper: Upper) -> list[tuple[str, str]]:
    found = upper.rows(ProvinceOffer, ProvinceOffer.number, ProvinceOffer.commune_id)
    return [(each.commune_id, each.state) for each in found]


def push_all(link: UpperLink) -> None:
    while link.push():
        pass


def test_an_offer_comes_down_and_its_reception_goes_up(upper: Upper, lower: Lower) -> None:
    link = lower.join(upper)
    item = upper.release("con-minh", document_number="12/TB")
    assert link.pull(wait_seconds=0) == 1
    (offer,) = lower.offers()
    assert (offer.item, offer.title, offer.state) == (item, "Tiêm chủng", OfferState.WAITING)
    assert states(upper) == [("con-minh", "sent")]
    push_all(link)
    assert states(upper) == [("con-minh", "received")]


def test_asking_and_reporting_again_doubles_nothing(upper: Upper, lower: Lower) -> None:
    link = lower.join(upper)
    upper.release("con-minh")
    link.pull(wait_seconds=0)
    push_all(link)
    assert link.pull(wait_seconds=0) == 0
    with lower.database.session() as s:
        s.execute(update(ExchangeReport).values(acknowledged_at=None))  # the answer was lost on its way
    push_all(link)
    assert len(lower.offers()) == 1
    assert len(upper.rows(ProvinceReport, ProvinceReport.number)) == 1


def test_a_code_is_worth_one_token(upper: Upper, lower: Lower) -> None:
    code = upper.code("con-minh")
    lower.join_by(code)
    with pytest.raises(NotFound):
        UpperLink(lower.as_commune(), lower.add(code)).join()


def test_a_code_is_for_one_commune(upper: Upper, below: Callable[[str], Lower]) -> None:
    code, other = upper.code("con-minh"), below("vi-huong")
    with pytest.raises(Conflict):
        UpperLink(other.as_commune(), other.add(code)).join()
    below("con-minh").join_by(code)


def test_a_code_whose_time_is_over_is_worth_nothing(upper: Upper, lower: Lower) -> None:
    code = upper.code("con-minh")
    upper.clock.move(days=8)
    with pytest.raises(NotFound):
        UpperLink(lower.as_commune(), lower.add(code)).join()


def test_nobody_else_at_the_address_gets_the_secret(upper: Upper, lower: Lower) -> None:
    stranger = key_fingerprint(b"k" * 32)
    code = replace(upper.code("con-minh"), fingerprint=stranger)
    with pytest.raises(Invalid) as refused:
        UpperLink(lower.as_commune(), lower.add(code)).join()
    assert refused.value.code == "exchange.other_key_at_address"
    commune = upper.rows(ProvinceCommune)[0]
    assert commune.code_hash is not None  # nobody used it


def test_clear_text_beyond_this_machine_is_refused(upper: Upper) -> None:
    with pytest.raises(Invalid, match=r"exchange\.clear_text"):
        ask_identity(replace(upper.code("con-minh"), url="http://tinh.example.vn"))


def test_what_no_code_is_is_refused_when_typed(lower: Lower) -> None:
    for typed in ("", "abc", "ftp://a/b/c", "http://127.0.0.1:1/short/secret"):
        with pytest.raises(Invalid, match=r"exchange\.code_malformed"):
            lower.add(typed)


@pytest.mark.parametrize("way", ["another key", "another commune", "another level", "no token"])
def test_what_the_level_did_not_sign_for_this_commune_is_not_taken_in(upper: Upper, lower: Lower, way: str) -> None:
    lower.join(upper)
    offer = UpperOffer(upper="thai-nguyen", commune="con-minh", number=1, item="item-0001", issued_at=AT, title="x")
    seed = b"s" * 32 if way == "another key" else upper.identity.seed
    changed = {"another commune": {"commune": "vi-huong"}, "another level": {"upper": "ha-noi"}}.get(way, {})
    from msgspec.structs import replace as replaced

    token = b"x.y.z" if way == "no token" else sign(replaced(offer, **changed), seed, OFFER_TYPE)
    with pytest.raises(Invalid), lower.database.session() as s:
        intake.take(s, level=upper_levels.listing(s)[0], station="con-minh", token=token.decode(), now_at=AT)
    assert lower.offers() == []


def test_an_old_offer_played_again_changes_nothing(upper: Upper, lower: Lower) -> None:
    link = lower.join(upper)
    upper.release("con-minh")
    upper.release("con-minh", title="Hai")
    link.pull(wait_seconds=0)
    first = lower.offers()[0].token
    with lower.database.session() as s:
        again = intake.take(s, level=upper_levels.listing(s)[0], station="con-minh", token=first, now_at=AT)
    assert again is None
    assert (len(lower.offers()), lower.levels()[0].last_number) == (2, 2)
    old = UpperOffer(upper="thai-nguyen", commune="con-minh", number=1, item="item-0001", issued_at=AT, title="x")
    token = sign(old, upper.identity.seed, OFFER_TYPE).decode()
    with pytest.raises(Invalid, match=r"exchange\.out_of_order"), lower.database.session() as s:
        intake.take(s, level=upper_levels.listing(s)[0], station="con-minh", token=token, now_at=AT)


def test_while_the_link_is_cut_everything_waits_and_then_arrives_once(upper: Upper, lower: Lower) -> None:
    link = lower.join(upper)
    upper.release("con-minh")
    link.pull(wait_seconds=0)
    upper.cut()
    with pytest.raises(Unavailable):
        link.pull(wait_seconds=0)
    with pytest.raises(Unavailable):
        link.push()
    upper.release("con-minh", title="Hai")
    with lower.database.session() as s:
        offer = choices.get(s, lower.offers()[0].id)
        choices.decline(s, offer=offer, words="Đã phát hôm qua", by=lower.person(s, "canbo"), now_at=AT)
    upper.open()
    assert link.pull(wait_seconds=0) == 1
    push_all(link)
    assert states(upper) == [("con-minh", "declined"), ("con-minh", "received")]
    assert [each.number for each in upper.rows(ProvinceReport, ProvinceReport.number)] == [1, 2, 3]


def test_a_question_that_waits_is_answered_as_soon_as_there_is_something(upper: Upper, lower: Lower) -> None:
    link = lower.join(upper)
    came: list[int] = []
    asking = threading.Thread(target=lambda: came.append(link.pull(wait_seconds=25)))
    asking.start()
    upper.release("con-minh", broadcast_class="emergency", title="Lũ quét")
    asking.join(20)
    assert came == [1]


def test_a_level_restored_from_an_old_copy_goes_on_and_both_sides_say_so(
    upper: Upper, lower: Lower, tmp_path: Path
) -> None:
    link = lower.join(upper)
    upper.release("con-minh", title="Trước")
    link.pull(wait_seconds=0)
    upper.copy_database(tmp_path / "copy.db")
    upper.release("con-minh", title="Mất")
    link.pull(wait_seconds=0)
    push_all(link)
    upper.put_back(tmp_path / "copy.db")
    upper.release("con-minh", title="Sau một")
    upper.release("con-minh", title="Sau hai")
    link.pull(wait_seconds=0)
    link.pull(wait_seconds=0)
    assert sorted(each.title for each in lower.offers()) == ["Mất", "Sau hai", "Sau một", "Trước"]
    assert lower.levels()[0].went_back_at is not None
    assert upper.rows(ProvinceCommune)[0].went_back_at is not None
    push_all(link)
    assert states(upper) == [("con-minh", "received")] * 3
    numbers = [each.number for each in upper.rows(ProvinceReport, ProvinceReport.number)]
    assert numbers == [1, 2, 3, 4]  # also of the one that is not known there any more
    assert link.pull(wait_seconds=0) == 0


def test_a_commune_restored_from_an_old_copy_takes_in_again_what_it_lost(
    upper: Upper, lower: Lower, tmp_path: Path
) -> None:
    link = lower.join(upper)
    upper.release("con-minh", title="Một")
    link.pull(wait_seconds=0)
    lower.copy_database(tmp_path / "copy.db")
    upper.release("con-minh", title="Hai")
    link.pull(wait_seconds=0)
    push_all(link)
    lower.put_back(tmp_path / "copy.db")
    assert link.pull(wait_seconds=0) == 1
    push_all(link)
    assert [each.title for each in lower.offers()] == ["Một", "Hai"]
    assert states(upper) == [("con-minh", "received")] * 2


def test_two_levels_above_one_commune_know_nothing_of_each_other(
    upper: Upper, above: Callable[[str], Upper], lower: Lower
) -> None:
    other = above("bo-cong-an")
    first, second = lower.join(upper), lower.join(other)
    upper.release("con-minh", title="Của tỉnh")
    other.release("con-minh", title="Của ngành")
    first.pull(wait_seconds=0)
    second.pull(wait_seconds=0)
    for link in (first, second):
        push_all(link)
    assert sorted(each.title for each in lower.offers()) == ["Của ngành", "Của tỉnh"]
    assert states(upper) == states(other) == [("con-minh", "received")]
    assert len(upper.rows(ProvinceReport, ProvinceReport.number)) == 1


def test_a_level_that_comes_with_another_key_is_refused(upper: Upper, lower: Lower) -> None:
    lower.join(upper)
    (upper.config.data_dir / "station.key").unlink()
    upper.identity = StationIdentity.load_or_create(upper.config.data_dir, "thai-nguyen")
    with upper.database.session() as s:
        by = upper.person(s, "quantri")
        secret = communes.renew(s, commune=communes.get(s, "con-minh"), by=by, now_at=AT)
    code = upper_levels.ExchangeCode(
        f"http://127.0.0.1:{upper.port}", key_fingerprint(upper.identity.public_key), secret
    )
    with pytest.raises(Conflict, match=r"exchange\.other_key"):
        UpperLink(lower.as_commune(), lower.add(code)).join()


def test_a_new_code_of_the_same_level_goes_on_where_it_was(upper: Upper, lower: Lower) -> None:
    lower.join(upper).pull(wait_seconds=0)
    upper.release("con-minh")
    with upper.database.session() as s:
        by = upper.person(s, "quantri")
        secret = communes.renew(s, commune=communes.get(s, "con-minh"), by=by, now_at=AT)
    code = replace(upper.code("khac"), secret=secret)
    again = lower.join_by(code)
    assert again.pull(wait_seconds=0) == 1
    assert len(lower.levels()) == 1


def test_a_commune_that_was_closed_is_refused_and_says_so(upper: Upper, lower: Lower) -> None:
    link = lower.join(upper)
    with upper.database.session() as s:
        communes.close(s, commune=communes.get(s, "con-minh"), by=upper.person(s, "quantri"), now_at=AT)
    with pytest.raises(Conflict, match=r"exchange\.token_refused") as refused:
        link.pull(wait_seconds=0)
    link.note_trouble(refused.value)
    trouble = lower.levels()[0].trouble
    assert trouble is not None
    assert trouble.code == "exchange.token_refused"


def test_reports_that_another_signed_are_refused(upper: Upper, lower: Lower) -> None:
    link = lower.join(upper)
    upper.release("con-minh")
    link.pull(wait_seconds=0)
    with upper.database.session() as s:
        s.get_one(ProvinceCommune, "con-minh").key = "ab" * 32
    with pytest.raises(LoaError):
        link.push()
    assert upper.rows(ProvinceReport) == []


@pytest.mark.parametrize("path", ["/bulletins", "/clips/" + "a" * 64])
def test_without_a_token_nothing_is_said(upper: Upper, path: str) -> None:
    with pytest.raises(Conflict, match=r"exchange\.token_refused"):
        Transport(f"http://127.0.0.1:{upper.port}").get(f"/exchange/1{path}")


def test_how_the_nodes_are_goes_up_too(upper: Upper, lower: Lower) -> None:
    link = lower.join(upper)
    link.push(with_nodes=True)
    nodes = upper.rows(ProvinceCommune)[0].nodes
    assert [(each["name"], each["silent"]) for each in nodes] == [("Loa 1", True), ("Loa 2", True)]
