"""One screen: what runs and its ends first, tiles by kind, and nothing that begins an alarm by an all-clear."""

import pytest

from broadcaster.protocol.values import ClockState
from broadcaster.station.emergencies import phrasebook, releasing
from broadcaster.station.schema import Announcement, NodeState
from tests.unit.web.commune import MORNING, Commune, heard, send

pytestmark = pytest.mark.integration


def released(commune: Commune) -> dict[str, str]:
    """The shipped texts copied by the officer, heard and released by the chair in one sitting; ids by kind."""
    assert send(commune.browser(), "/emergency/book").status_code == 302
    commune.make_clips()
    chair = commune.browser("chutich")
    with commune.database.reading() as s:
        book = phrasebook.book(s)
    seals = {f"heard-{each.id}": each.content_hash or "" for each in book}
    assert send(chair, "/emergency/book/release", seals | {"all_heard": "1"}).status_code == 302
    return {str(each.phrase): each.id for each in book}


def order(commune: Commune, made: str, **more: str) -> str:
    """The officer orders the storm as real; the chair confirms. The order's id."""
    officer, chair = commune.browser(), commune.browser("chutich")
    fields = {"meant": "real", "content_hash": commune.seal(made), "key": f"key-{made}"}
    assert send(officer, f"/emergency/order/{made}", fields | more).status_code == 302
    page = chair.get("/emergency").text
    order_id = page.partition("/emergency/orders/")[2].partition("/confirm")[0]
    action = f"/emergency/orders/{order_id}/confirm"
    assert send(chair, action, {"meant": "real", "content_hash": heard(page, action)}).status_code == 302
    return order_id


def test_the_whole_book_is_released_in_one_sitting(commune: Commune) -> None:
    for person in ("canbo", "chutich"):
        assert "loại cảnh báo khẩn cấp chưa có lời đã duyệt" in commune.browser(person).get("/").text
    book = released(commune)
    with commune.database.reading() as s:
        assert {str(s.get_one(Announcement, each).state) for each in book.values()} == {"approved"}
        assert releasing.unreleased_kinds(s) == []
    assert "chưa có lời đã duyệt" not in commune.browser("chutich").get("/").text


def test_whoever_copied_the_shipped_texts_may_release_them_but_not_their_own_words(commune: Commune) -> None:
    chair = commune.browser("chutich")
    send(chair, "/emergency/book")
    commune.make_clips()
    with commune.database.reading() as s:
        first, second, *_ = phrasebook.book(s)
    edited = {"title": first.title, "text": "Bão rất to.", "zones": [zone.id for zone in first.zones]}
    send(chair, f"/announcements/{first.id}/edit", edited | {"class": "emergency", "revision": "1", "repeats": "1"})
    commune.make_clips()
    sitting = chair.get("/emergency/book").text
    assert (f"heard-{first.id}" in sitting, f"heard-{second.id}" in sitting) == (False, True)
    seals = {f"heard-{each}": commune.seal(each) for each in (first.id, second.id)}
    page = chair.get(send(chair, "/emergency/book/release", seals).headers["Location"]).text
    assert "Chưa duyệt được" in page
    with commune.database.reading() as s:
        states = [str(s.get_one(Announcement, each.id).state) for each in (first, second)]
    assert states == ["draft", "approved"]


def test_a_tile_opens_with_one_press_and_says_on_how_many_nodes_it_is_ready(commune: Commune) -> None:
    book = released(commune)
    with commune.database.session() as s:
        state = {"online": True, "seen_at": MORNING, "clock": ClockState.SYNCED, "sound": "hw:0"}
        s.add(NodeState(node_id="loa-lung-pang", **state))
        s.add(NodeState(node_id="loa-lung-vai", **state | {"clips_missing": 2}))
    page = commune.browser().get("/emergency").text
    tiles = page.partition('<ul class="tiles">')[2].partition("</ul>")[0]
    assert "sẵn sàng ở 1/3" in tiles
    for kind in ("storm", "flood", "landslide", "fire"):
        assert f'href="/emergency/order/{book[kind]}"' in tiles
    for kind in phrasebook.ANSWERS:
        assert f"/emergency/order/{book[kind]}" not in page


def test_a_running_alarm_has_its_ends_and_they_stand_before_the_tiles(commune: Commune) -> None:
    book = released(commune)
    order_id = order(commune, book["storm"], every_minutes="5", for_minutes="60")
    page = commune.browser().get("/emergency").text
    ends = [page.index(f"/emergency/orders/{order_id}/{each}") for each in ("all-clear", "end")]
    assert max(ends) < page.index('<ul class="tiles">')
    assert f"/emergency/order/{book['correction']}?follows=" in page


def test_an_alarm_without_an_approved_all_clear_says_so(commune: Commune) -> None:
    book = released(commune)
    send(commune.browser(), f"/announcements/{book['all_clear']}/withdraw")
    assert "Chưa có lời báo an toàn đã duyệt" in commune.browser().get(f"/emergency/order/{book['storm']}").text
    assert "chưa có lời đã duyệt" in commune.browser().get("/emergency").text
    order(commune, book["storm"], every_minutes="5", for_minutes="60")
    assert "Chưa có lời báo an toàn đã duyệt cho báo động này." in commune.browser().get("/emergency").text


def test_the_second_person_confirms_from_home(commune: Commune) -> None:
    book = released(commune)
    fields = {"meant": "real", "content_hash": commune.seal(book["storm"]), "key": "k"}
    send(commune.browser(), f"/emergency/order/{book['storm']}", fields)
    page = commune.browser("chutich").get("/").text
    assert "BÁO ĐỘNG THẬT chờ xác nhận" in page
    assert "/confirm" in page
    assert "/confirm" not in commune.browser("khach").get("/").text


def test_lifting_revives_only_what_the_lifter_chose(commune: Commune) -> None:
    book = released(commune)
    order(commune, book["storm"], every_minutes="5", for_minutes="60")
    commune.clock.move(minutes=1)
    chair, officer = commune.browser("chutich"), commune.browser()
    send(chair, "/emergency/silence", {"reason": "Thử"})
    page = officer.get("/emergency").text
    assert "Đang có lệnh dừng toàn bộ" in page
    assert '<ul class="tiles">' not in page
    assert "đang lặp lại" not in page
    home = officer.get("/").text
    assert "không có gì phát cho đến khi hai người gỡ lệnh" in home
    assert "đang lặp lại" not in home
    stop = page.partition("/emergency/silence/")[2].partition("/")[0]
    send(officer, f"/emergency/silence/{stop}/ask-lift")
    offered = chair.get("/emergency").text
    assert 'name="resume-' in offered
    assert send(chair, f"/emergency/silence/{stop}/lift").status_code == 302
    assert "đang lặp lại" not in chair.get("/emergency").text


def test_what_the_lifter_wants_goes_on(commune: Commune) -> None:
    book = released(commune)
    order(commune, book["storm"], every_minutes="5", for_minutes="60")
    commune.clock.move(minutes=1)
    chair, officer = commune.browser("chutich"), commune.browser()
    send(chair, "/emergency/silence", {"reason": "Thử"})
    stop = officer.get("/emergency").text.partition("/emergency/silence/")[2].partition("/")[0]
    send(officer, f"/emergency/silence/{stop}/ask-lift")
    name = chair.get("/emergency").text.partition('name="resume-')[2].partition('"')[0]
    send(chair, f"/emergency/silence/{stop}/lift", {f"resume-{name}": "yes"})
    assert "đang lặp lại" in chair.get("/emergency").text


def test_no_key_of_ours_is_shown_as_typing(commune: Commune) -> None:
    book = released(commune)
    order_id = order(commune, book["storm"], every_minutes="5", for_minutes="60")
    send(commune.browser(), f"/announcements/{book['all_clear']}/withdraw")
    key = f"all-clear-{order_id}"
    refused = send(commune.browser(), f"/emergency/orders/{order_id}/all-clear", {"key": key})
    assert refused.status_code == 409
    assert "Những gì bạn vừa gõ" not in refused.text
    assert key not in refused.text
