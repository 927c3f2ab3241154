"""Trang cho bà con: what was really broadcast, and nothing else, for everybody."""

import xml.etree.ElementTree as ET
from dataclasses import replace

import pytest
from flask.testing import FlaskClient

from broadcaster.payments.levy import Levy
from broadcaster.protocol.receipts import Receipt
from broadcaster.protocol.values import DeliveryState
from broadcaster.station.announcements import announcements, approvals
from broadcaster.station.broadcasts import broadcasts, receipts
from broadcaster.station.records import residents as heard
from broadcaster.station.rows import settings
from broadcaster.station.schema import Announcement, Broadcast
from broadcaster.station.schema.announcement_fields import AnnouncementFields, fields_of
from tests.unit.web.commune import Commune

pytestmark = pytest.mark.integration
LEVY = Levy(bank_bin="970405", account="3713123456789", holder="UBND xã Côn Minh", amount_vnd=50_000, purpose="Quy IV")


def ordered(commune: Commune, title: str = "Họp thôn", *, made: str = "", key: str = "") -> str:
    """A broadcast on its way to Lủng Pảng and Lủng Vai; its id."""
    made = made or commune.approved(title)
    with commune.database.session() as s:
        announcement = s.get_one(Announcement, made)
        by = commune._person(s, "canbo")
        return broadcasts.broadcast_now(s, announcement=announcement, by=by, now_at=commune.clock(), key=key or made).id


def tell(commune: Commune, broadcast: str, state: DeliveryState, node: str = "loa-lung-pang") -> None:
    fact = Receipt(
        receipt=f"{broadcast[:8]}-{node}-{state}",
        broadcast=broadcast,
        state=state,
        at=commune.clock(),
        sequence=list(DeliveryState).index(state),
    )
    with commune.database.session() as s:
        receipts.store(s, node_id=node, receipts=[fact], now_at=commune.clock())
    commune.clock.move(seconds=6)


def played(commune: Commune, title: str = "Họp thôn", **more: str) -> str:
    broadcast = ordered(commune, title, **more)
    tell(commune, broadcast, DeliveryState.PLAYED)
    return broadcast


def anybody(commune: Commune) -> FlaskClient:
    """A phone that was never here."""
    return commune.app.test_client()


def with_levy(commune: Commune) -> str:
    """An approved announcement that asks for money."""
    with commune.database.session() as s:
        by = commune._person(s, "canbo")
        made = announcements.create(
            s,
            AnnouncementFields(
                title="Thu quỹ",
                text="Mời bà con nộp quỹ 50.000 đồng.",
                zones=["lung-pang"],
                broadcast_class="routine",
                levy=LEVY,
            ),
            by=by,
            now_at=commune.clock(),
        ).id
    commune.make_clips()
    with commune.database.session() as s:
        announcement = s.get_one(Announcement, made)
        approvals.submit(s, announcement=announcement, by=commune._person(s, "canbo"), now_at=commune.clock())
        chair, seal = commune._person(s, "chutich"), announcement.content_hash or ""
        approvals.approve(s, announcement=announcement, content_hash=seal, by=chair, now_at=commune.clock())
    return made


def test_what_was_broadcast_is_read_by_anybody_with_its_date_in_both_calendars(commune: Commune) -> None:
    broadcast = played(commune)
    page = anybody(commune).get("/xa").text
    assert "Họp thôn" in page
    assert "Mời bà con đi họp lúc 19h30." in page
    assert "Thứ Hai, 23/11/2026" in page
    assert "âm lịch rằm tháng 10" in page
    assert f"/tin/{broadcast}" in page


def test_its_sound_is_fetched_only_on_a_tap_and_stays_the_same_for_ever(commune: Commune) -> None:
    page = anybody(commune).get(f"/tin/{played(commune)}").text
    assert 'preload="none"' in page
    sound = anybody(commune).get(page.split('<source src="')[1].split('"')[0], buffered=True)
    assert sound.data.startswith(b"OggS")
    assert "public" in sound.headers["Cache-Control"]
    assert anybody(commune).get(f"/tin/{played(commune, 'Khác')}/9.ogg").status_code == 404


def test_a_phone_that_plays_no_ogg_gets_the_same_sound_as_m4a_or_takes_the_file_away(commune: Commune) -> None:
    broadcast = played(commune)
    page = anybody(commune).get(f"/tin/{broadcast}").text
    address = f"/tin/{broadcast}/0.m4a"
    assert f'<source src="{address}" type="audio/mp4">' in page
    assert page.index('.ogg" type="audio/ogg') < page.index(f'<source src="{address}"')
    assert f'<a href="{address}" download' in page
    assert anybody(commune).get(address).status_code == 503, "the copy is made a moment later"
    for clip in commune.clips_dir.glob("*.ogg"):
        clip.with_suffix(".m4a").write_bytes(b"....ftypM4A " + bytes(1000))
    part = anybody(commune).get(address, headers={"Range": "bytes=4-11"}, buffered=True)
    assert (part.status_code, part.mimetype, part.data) == (206, "audio/mp4", b"ftypM4A ")
    assert part.headers["Content-Range"] == "bytes 4-11/1012"
    assert "public" in part.headers["Cache-Control"]
    assert anybody(commune).get(f"/tin/{broadcast}/9.m4a").status_code == 404
    feed = ET.fromstring(anybody(commune).get("/xa.atom").data)  # our own words
    enclosures = [link for link in feed.iter("{http://www.w3.org/2005/Atom}link") if link.get("rel") == "enclosure"]
    assert [link.get("type") for link in enclosures] == ["audio/ogg", "audio/mp4"]
    assert str(enclosures[1].get("href")).endswith(address)


def test_a_hamlet_reads_what_its_own_nodes_said(commune: Commune) -> None:
    played(commune)
    assert "Họp thôn" in anybody(commune).get("/thon/lung-pang").text
    assert "Họp thôn" not in anybody(commune).get("/thon/lung-vai").text
    assert "Họp thôn" in anybody(commune).get("/thon/con-minh").text
    assert anybody(commune).get("/thon/khong-co").status_code == 404


def test_nothing_is_told_before_a_node_began_to_say_it(commune: Commune) -> None:
    broadcast = ordered(commune)
    tell(commune, broadcast, DeliveryState.STORED)
    assert "Họp thôn" not in anybody(commune).get("/xa").text
    assert anybody(commune).get(f"/tin/{broadcast}").status_code == 404
    tell(commune, broadcast, DeliveryState.PLAYING)
    assert "Họp thôn" in anybody(commune).get("/xa").text


def test_an_edit_reaches_nobody_before_it_is_broadcast(commune: Commune) -> None:
    made = commune.approved()
    broadcast = played(commune, made=made)
    with commune.database.session() as s:
        announcement, by = s.get_one(Announcement, made), commune._person(s, "canbo")
        changes = {"title": "Chưa duyệt", "text": "Lời chưa ai duyệt.", "levy": LEVY}
        announcements.edit(
            s, announcement, replace(fields_of(announcement), **changes), revision=1, by=by, now_at=commune.clock()
        )
    commune.clock.move(seconds=6)
    for address in ("/xa", f"/tin/{broadcast}", "/xa.atom"):
        page = anybody(commune).get(address).text
        assert "Họp thôn" in page, address
        assert "hưa duyệt" not in page, address
        assert LEVY.account not in page, address


def test_what_was_withdrawn_is_gone_with_its_sound(commune: Commune) -> None:
    made = commune.approved()
    broadcast = played(commune, made=made)
    with commune.database.session() as s:
        announcement, by = s.get_one(Announcement, made), commune._person(s, "canbo")
        announcements.withdraw(s, announcement=announcement, by=by, now_at=commune.clock())
    commune.clock.move(seconds=6)
    assert "Họp thôn" not in anybody(commune).get("/xa").text
    for address in (f"/tin/{broadcast}", f"/tin/{broadcast}/0.ogg"):
        assert anybody(commune).get(address).status_code == 404


def test_exercises_and_cancelled_orders_are_told_to_nobody(commune: Commune) -> None:
    exercise, cancelled = played(commune, "Diễn tập"), played(commune, "Bị hủy")
    with commune.database.session() as s:
        s.get_one(Broadcast, exercise).drill = True
        s.get_one(Broadcast, cancelled).state = "cancelled"  # type: ignore[assignment]
    commune.clock.move(minutes=1)
    page = anybody(commune).get("/xa?lang=en").text
    assert "Diễn tập" not in page
    assert "Bị hủy" not in page
    assert anybody(commune).get(f"/tin/{exercise}").status_code == 404


def test_the_same_announcement_is_listed_once_with_how_often_it_sounded(commune: Commune) -> None:
    made = commune.approved()
    for key in ("sáng", "chiều"):
        played(commune, made=made, key=key)
    page = anybody(commune).get("/xa").text
    assert page.count("<article") == 1
    assert "đã phát 2 lần" in page


def test_a_corrected_announcement_takes_the_place_of_the_one_before(commune: Commune) -> None:
    made = commune.approved()
    old = played(commune, made=made, key="sai")
    with commune.database.session() as s:
        announcement, by = s.get_one(Announcement, made), commune._person(s, "canbo")
        changes = {"text": "Đính chính: họp lúc 20h."}
        announcements.edit(
            s, announcement, replace(fields_of(announcement), **changes), revision=1, by=by, now_at=commune.clock()
        )
    commune.make_clips()
    with commune.database.session() as s:
        announcement = s.get_one(Announcement, made)
        approvals.submit(s, announcement=announcement, by=commune._person(s, "canbo"), now_at=commune.clock())
        chair, seal = commune._person(s, "chutich"), announcement.content_hash or ""
        approvals.approve(s, announcement=announcement, content_hash=seal, by=chair, now_at=commune.clock())
    new = played(commune, made=made, key="đúng")
    page = anybody(commune).get("/xa").text
    assert "Đính chính: họp lúc 20h." in page
    assert "19h30" not in page
    shared = anybody(commune).get(f"/tin/{old}").text
    assert "đã được sửa và phát lại" in shared
    assert f'href="/tin/{new}"' in shared
    assert "đã được sửa" not in anybody(commune).get(f"/tin/{new}").text


def test_after_two_weeks_it_leaves_the_list_and_after_three_months_the_address(commune: Commune) -> None:
    broadcast = played(commune)
    commune.clock.move(days=15)
    assert "chưa có bản tin nào" in anybody(commune).get("/xa").text
    assert anybody(commune).get(f"/tin/{broadcast}").status_code == 200
    commune.clock.move(days=80)
    assert anybody(commune).get(f"/tin/{broadcast}").status_code == 404


def test_a_page_costs_little_and_no_cookie(commune: Commune) -> None:
    for number in range(12):
        played(commune, f"Bản tin số {number}")
    answer = anybody(commune).get("/xa", headers={"Accept-Encoding": "gzip"})
    styles = anybody(commune).get("/static/residents/residents.css", headers={"Accept-Encoding": "gzip"}, buffered=True)
    assert len(answer.data) + len(styles.data) < 15_000
    assert answer.text.count("<article") == 10 if not answer.headers.get("Content-Encoding") else True
    assert "Set-Cookie" not in answer.headers
    assert "Cookie" not in answer.headers.get("Vary", "")
    assert "<script" not in anybody(commune).get("/xa").text
    assert "Bản tin số 0" in anybody(commune).get("/xa?page=2").text


def test_whoever_has_the_page_is_told_so_until_something_changed(commune: Commune) -> None:
    played(commune)
    browser = anybody(commune)
    first = browser.get("/xa")
    assert first.headers["Cache-Control"] == "public, max-age=30"
    again = {"If-None-Match": first.headers["ETag"]}
    assert browser.get("/xa", headers=again).status_code == 304
    played(commune, "Tin mới")
    assert "Tin mới" in browser.get("/xa", headers=again).text


def test_a_rush_asks_the_database_once(commune: Commune, monkeypatch: pytest.MonkeyPatch) -> None:
    asked = []
    listing = heard.listing
    monkeypatch.setattr(heard, "listing", lambda *args, **more: asked.append(1) or listing(*args, **more))
    for _ in range(50):
        assert anybody(commune).get("/xa").status_code == 200
    assert len(asked) == 1


def test_a_levy_is_shown_with_its_code_as_approved(commune: Commune) -> None:
    broadcast = played(commune, made=with_levy(commune))
    page = anybody(commune).get(f"/tin/{broadcast}").text
    for words in ("Agribank", "3713123456789", "UBND xã Côn Minh", "50.000 đ", "Quy IV", '<svg viewBox="0 0'):
        assert words in page
    assert anybody(commune).get(f"/tin/{broadcast}/ma.png").data.startswith(b"\x89PNG")
    assert anybody(commune).get(f"/tin/{broadcast}/ma.svg").mimetype == "image/svg+xml"
    assert anybody(commune).get(f"/tin/{played(commune)}/ma.png").status_code == 404


def test_a_feed_reader_follows_the_commune(commune: Commune) -> None:
    broadcast = played(commune, "Tin <b>& hơn</b>")
    answer = anybody(commune).get("/xa.atom")
    assert answer.mimetype == "application/atom+xml"
    atom = "{http://www.w3.org/2005/Atom}"
    [entry] = ET.fromstring(answer.data).findall(f"{atom}entry")  # our own words
    assert entry.findtext(f"{atom}title") == "Tin <b>& hơn</b>"
    assert entry.findtext(f"{atom}id") == f"http://localhost/tin/{broadcast}"
    assert anybody(commune).get("/thon/lung-pang.atom").status_code == 200


def test_residents_know_whom_to_ask(commune: Commune) -> None:
    with commune.database.session() as s:
        settings.write(s, "contact_phone", "0209 123 456")
    assert 'href="tel:0209123456"' in anybody(commune).get("/xa").text


def test_markup_in_a_announcement_is_text(commune: Commune) -> None:
    broadcast = played(commune, "<script>alert(1)</script>\"'>")
    for address in ("/xa", f"/tin/{broadcast}"):
        assert "<script>alert" not in anybody(commune).get(address).text


def test_the_pages_speak_english_when_asked(commune: Commune) -> None:
    page = anybody(commune).get("/xa?lang=en").text
    assert '<html lang="en">' in page
    assert "/thon/lung-pang?lang=en" in page
