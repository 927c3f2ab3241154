"""The pages of a level above: composing and releasing by two people, communes with their codes, the month."""

import io
import re
import zipfile

import pytest

from broadcaster.protocol.exchange.messages import Report, Reports
from broadcaster.station.province import communes, items, taking_reports
from broadcaster.station.rows import settings
from broadcaster.station.schema import ProvinceCommune
from tests.unit.web.commune import MORNING, Commune, send

pytestmark = pytest.mark.integration


@pytest.fixture(autouse=True)
def _a_province(commune: Commune) -> None:
    with commune.database.session() as s:
        settings.write(s, "level", "province")


def add(commune: Commune, name: str = "Xã Vi Hương", station: str = "vi-huong") -> str:
    """A commune added on the page; its code."""
    page = send(commune.browser("quantri"), "/province/communes", {"name": name, "station": station}).text
    found = re.search(r"<code>(https?://\S+/[a-z2-7]{26}/[a-z2-7]{16})</code>", page)
    assert found
    return found.group(1)


def compose(commune: Commune, **more: str) -> str:
    fields = {"title": "Tiêm chủng", "text": "Mời bà con đi tiêm.", "class": "routine", "communes": "vi-huong"} | more
    answer = send(commune.browser(), "/province/new", fields)
    assert answer.status_code == 302
    return answer.headers["Location"].rsplit("/", 1)[1]


def report(commune: Commune, *reports: Report) -> None:
    with commune.database.session() as s:
        stated = Reports(commune="vi-huong", upper="loa", sent_at=MORNING, reports=reports)
        taking_reports.take(s, communes.get(s, "vi-huong"), stated, now_at=MORNING)


def aired(number: int, item: str, *, node: str, state: str, seconds: int) -> Report:
    return Report(
        report=f"report-{number}",
        number=number,
        item=item,
        kind="aired",
        at=MORNING,
        broadcast="broadcast-1",
        node=node,
        node_name=node.title(),
        state=state,
        seconds=seconds,
        requested_seconds=30,
    )


def test_the_console_of_a_province_begins_with_all_communes(commune: Commune) -> None:
    browser = commune.browser()
    assert browser.get("/").headers["Location"] == "/province"
    page = browser.get("/province").text
    assert "Toàn tỉnh" in page
    assert "Nói trực tiếp" not in page


def test_a_code_is_shown_once(commune: Commune) -> None:
    code = add(commune)
    browser = commune.browser("quantri")
    assert code not in browser.get("/province/communes").text
    renewed = send(browser, "/province/communes/vi-huong/renew").text
    assert "Mã của Xã Vi Hương" in renewed
    assert code not in renewed
    assert send(browser, "/province/communes", {"name": "Khác", "station": "vi-huong"}).status_code == 409
    assert send(browser, "/province/communes", {"name": "Khác", "station": "Sai Mã"}).status_code == 422
    assert send(browser, "/province/communes/vi-huong/close").status_code == 302
    assert "vi-huong" not in browser.get("/province/communes").text


def test_whoever_composed_does_not_release(commune: Commune) -> None:
    add(commune)
    item = compose(commune)
    assert "Một người khác có quyền duyệt phải gửi" in commune.browser().get(f"/province/items/{item}").text
    assert send(commune.browser(), f"/province/items/{item}/release").status_code == 403
    assert send(commune.browser("chutich"), f"/province/items/{item}/release").status_code == 302
    assert "đã gửi" in commune.browser().get("/province/table").text
    assert send(commune.browser("chutich"), f"/province/items/{item}/release").status_code == 409
    assert send(commune.browser("chutich"), f"/province/items/{item}/withdraw").status_code == 302
    assert "Đã thu hồi lúc" in commune.browser().get(f"/province/items/{item}").text


def test_an_approver_s_own_words_need_another_approver(commune: Commune) -> None:
    add(commune)
    fields = {"title": "Cấm đường", "text": "Cấm xe.", "class": "priority", "communes": "vi-huong"}
    item = send(commune.browser("chutich"), "/province/new", fields).headers["Location"].rsplit("/", 1)[1]
    assert send(commune.browser("chutich"), f"/province/items/{item}/release").status_code == 403


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"text": " "}, "text"),
        ({"communes": "khong-co"}, "communes"),
        ({"valid_until_at": "2020-01-01T00:00"}, "valid_until_at"),
        ({"title": ""}, "title"),
    ],
)
def test_what_cannot_be_sent_is_said_beside_its_field(commune: Commune, wrong: dict[str, str], field: str) -> None:
    add(commune)
    fields = {"title": "Tiêm chủng", "text": "Mời.", "class": "routine", "communes": "vi-huong"} | wrong
    answer = send(commune.browser(), "/province/new", fields)
    assert (answer.status_code, f'id="wrong-{field}"' in answer.text) == (422, True)


def test_a_sound_comes_with_an_announcement(commune: Commune) -> None:
    add(commune)
    item = compose(commune, text="", sound=(io.BytesIO(b"RIFF sound"), "loi.wav"))  # type: ignore[arg-type]
    with commune.database.reading() as s:
        found = items.get(s, item)
        assert (found.sound_name, found.sound_bytes) == ("loi.wav", 10)
    assert (commune.clips_dir / "recordings" / (found.recording_sha256 or "")).read_bytes() == b"RIFF sound"


def test_the_month_has_the_province_s_columns_on_the_page_and_in_the_workbook(commune: Commune) -> None:
    add(commune)
    item = compose(commune, **{"class": "emergency"})
    send(commune.browser("chutich"), f"/province/items/{item}/release")
    report(
        commune,
        aired(1, item, node="loa-1", state="played", seconds=30),
        aired(2, item, node="loa-2", state="interrupted", seconds=12),
    )
    page = commune.browser().get("/province/months?month=2026-11").text
    cells = re.findall(r'data-label="(\w+)">([\d.]+)<', page)
    assert cells == [
        ("total", "2"),
        ("play_successful", "1"),
        ("urgent", "2"),
        ("play_time", "42"),
        ("request_duration", "60"),
        ("ratio", "50.0"),
    ]
    made = commune.browser().get("/province/months/month.xlsx?month=2026-11")
    words = zipfile.ZipFile(io.BytesIO(made.data)).read("xl/sharedStrings.xml").decode()
    columns = ("station", "total", "play_successful", "urgent", "play_time", "request_duration", "ratio")
    assert re.findall(r"<t>([^<]+)</t>", words) == [*columns, "Xã Vi Hương"]
    assert commune.browser().get("/province/months?month=abc").status_code == 200
    assert "Loa-1" not in commune.browser().get(f"/province/items/{item}").text
    assert "Loa-1" in commune.browser().get(f"/province/items/{item}?commune=vi-huong").text


def test_why_a_commune_does_not_broadcast_it_stands_among_all_of_them(commune: Commune) -> None:
    add(commune)
    item = compose(commune)
    send(commune.browser("chutich"), f"/province/items/{item}/release")
    report(
        commune, Report(report="report-1", number=1, item=item, kind="declined", at=MORNING, words="Đã phát sáng nay")
    )
    assert "Đã phát sáng nay" in commune.browser().get("/province/table").text


def test_the_wall_shows_communes_out_of_reach_and_silent_nodes(commune: Commune) -> None:
    for name, station in (("Xã Vi Hương", "vi-huong"), ("Xã Đại Dực", "dai-duc"), ("Xã Hội Sơn", "hoi-son")):
        add(commune, name, station)
    silent = {"node": "loa-1", "name": "Loa đình", "silent": True, "seen_at": "2026-11-22T01:00:00Z"}
    with commune.database.session() as s:
        for station in ("vi-huong", "dai-duc", "hoi-son"):
            s.get_one(ProvinceCommune, station).joined_at = MORNING
        s.get_one(ProvinceCommune, "vi-huong").seen_at = MORNING
        s.get_one(ProvinceCommune, "vi-huong").nodes = [silent, {"node": "loa-2", "name": "Loa chợ"}]
        s.get_one(ProvinceCommune, "hoi-son").seen_at = MORNING
    page = commune.browser().get("/province/wall").text
    assert page.index("Mất liên lạc với xã") < page.index("1/2 cụm loa im lặng")
    assert "Loa đình" in page
    assert "Loa chợ" not in page
    assert "Xã Hội Sơn" not in page


def test_that_an_old_copy_was_restored_here_stands_there_until_it_was_seen(commune: Commune) -> None:
    add(commune)
    with commune.database.session() as s:
        s.get_one(ProvinceCommune, "vi-huong").went_back_at = MORNING
    browser = commune.browser("quantri")
    assert "một bản sao cũ đã được khôi phục" in browser.get("/province/communes").text
    assert send(browser, "/province/communes/vi-huong/seen").status_code == 302
    assert "một bản sao cũ đã được khôi phục" not in browser.get("/province/communes").text
    assert send(browser, "/province/communes/vi-huong/seen").status_code == 409
