"""While writing: one sentence is heard alone, and one hamlet is found among many."""

import re

from playwright.sync_api import Locator, expect

from broadcaster.station.nodes import nodes
from broadcaster.station.units import units
from tests.browser.conftest import Enter
from tests.browser.rig.person import Person
from tests.browser.rig.stage import Stage, now


def test_one_sentence_is_heard_while_the_rest_is_still_being_written(enter: Enter) -> None:
    officer = enter("canbo")
    officer.write("Nghe từng câu", "Kính thưa bà con! Họp lúc 19h.", "ban-cuon")
    second = officer.page.locator("[data-sentence]").nth(1)
    expect(second).to_have_attribute("data-sentence", "Họp lúc mười chín giờ.")
    usual = _heard(officer, second)
    expect(officer.page.locator("p[data-unheard]")).to_be_hidden()
    officer.page.get_by_text("Giọng đọc, số lần đọc, hạn phát").click()
    officer.page.select_option("[name=voice]", "auto@south")
    expect(second).not_to_have_class(re.compile("playing"))
    assert _heard(officer, second) != usual


def _heard(officer: Person, sentence: Locator) -> str:
    """Where the sound came from when its button was pressed."""
    with officer.page.expect_response(lambda answer: "/clips/" in answer.url and answer.ok) as heard:
        sentence.click()
    assert heard.value.headers["content-type"] == "audio/ogg"
    return heard.value.url


def test_a_hamlet_is_found_by_part_of_its_name_without_marks_or_on_the_map(enter: Enter, stage: Stage) -> None:
    with stage.database.session() as s:
        for place, name in enumerate(("Nà Cuộng", "Bản Lài", "Khuổi Đẩy", "Lùng Pảng", "Nà Thỏi", "Cốc Keng")):
            hamlet = units.add_unit(s, name=name, kind="hamlet", parent_id="con-minh", now_at=now())
            nodes.add_node(s, name=f"Cụm loa {name}", unit_id=hamlet.id, by=None, now_at=now())
            hamlet.latitude, hamlet.longitude = 22.10 + place / 100, 105.90 + place % 3 / 50
    officer = enter("canbo")
    officer.go("/announcements/new")
    officer.page.fill("[data-zone-search]", "khuoi day")
    expect(officer.page.locator(".choice:visible", has_text="Khuổi Đẩy")).to_have_count(1)
    expect(officer.page.locator("label.choice:visible", has=officer.page.locator("[name=zones]"))).to_have_count(1)
    officer.page.locator(".choice", has_text="Khuổi Đẩy").click()
    officer.page.fill("[data-zone-search]", "lai")
    officer.page.locator(".choice", has_text="Bản Lài").click()
    expect(officer.page.locator("[data-zone-count]")).to_have_text("Đã chọn: Bản Lài, Khuổi Đẩy")
    officer.page.get_by_text("Chọn trên bản đồ").click()
    on_the_map = officer.page.locator("svg").get_by_role("checkbox", name="Khuổi Đẩy")
    expect(on_the_map).to_have_attribute("aria-checked", "true")
    on_the_map.press(" ")
    officer.page.locator("svg").get_by_role("checkbox", name="Nà Thỏi").click()
    expect(officer.page.locator("[data-zone-count]")).to_have_text("Đã chọn: Bản Lài, Nà Thỏi")
