"""Sao lưu: the key on paper, once; one more now; how the last ones went."""

import re
from dataclasses import replace
from datetime import timedelta

import pytest

from broadcaster.backups import recovery_key
from broadcaster.refusals.reasons import Reason
from broadcaster.station.matters import matters
from broadcaster.station.rows import backup_states
from broadcaster.station.rows.backup_states import BackupState, PlaceState
from tests.rig.commune import NOW
from tests.unit.web.commune import Commune, send

pytestmark = pytest.mark.integration


def test_the_key_is_shown_once_and_in_force_when_its_code_is_typed(commune: Commune) -> None:
    browser = commune.browser("quantri")
    sheet = send(browser, "/backups/key", {}).text
    secret = re.search(r"AGE-SECRET-KEY-1[0-9A-Z]+", sheet)
    assert secret is not None
    assert "<svg" in sheet
    page = browser.get("/backups").text
    assert secret[0] not in page
    folder = commune.clips_dir.parent
    code = recovery_key.pending(folder)
    assert code is not None
    assert send(browser, "/backups/key/confirm", {"code": "aaaaaaaa"}).status_code == 422
    assert recovery_key.in_force(folder) != code
    assert send(browser, "/backups/key/confirm", {"code": f" {code.code.upper()} "}).status_code == 302
    assert code.code in browser.get("/backups").text
    assert str(recovery_key.typed(secret[0]).to_public()) == code.recipient
    files = [path for path in folder.rglob("*") if path.is_file()]
    assert not [path for path in files if secret[0].encode() in path.read_bytes()]


def test_nobody_else_gets_the_page_or_the_key(commune: Commune) -> None:
    before = recovery_key.pending(commune.clips_dir.parent)
    for username in ("canbo", "chutich", "khach"):
        assert commune.browser(username).get("/backups").status_code == 403
        assert send(commune.browser(username), "/backups/key", {}).status_code == 403
        assert send(commune.browser(username), "/backups", {}).status_code == 403
    assert recovery_key.pending(commune.clips_dir.parent) == before


def test_without_a_place_none_can_be_asked_for(commune: Commune) -> None:
    answer = send(commune.browser("quantri"), "/backups", {})
    assert answer.status_code == 409
    assert "backup.places" in answer.text


def test_a_place_that_fails_is_a_matter_and_stands_on_the_page(commune: Commune) -> None:
    fault = Reason("backup.place_full", place="/media/usb")
    state = BackupState(NOW, NOW - timedelta(days=9), (PlaceState("/media/usb", NOW - timedelta(days=2), 3, 5, fault),))
    with commune.database.session() as s:
        backup_states.write(s, state, now_at=NOW)
        matters.observe(s, now_at=NOW)
        assert "backup_old" in {each.kind for each in matters.waiting(s)}
    browser = commune.browser("quantri")
    assert "Nơi lưu /media/usb đã đầy" in browser.get("/backups").text
    assert "Bản sao lưu tốt gần nhất" in browser.get("/").text
    with commune.database.session() as s:
        backup_states.write(s, replace(state, places=(PlaceState("/media/usb", NOW, 3, 5),)), now_at=NOW)
        matters.observe(s, now_at=NOW)
        assert all(each.over_at for each in matters.waiting(s) if each.kind == "backup_old")


def test_a_station_in_service_without_any_place_is_a_matter_after_a_week(commune: Commune) -> None:
    with commune.database.session() as s:
        backup_states.write(s, BackupState(None, NOW - timedelta(days=6)), now_at=NOW)
        matters.observe(s, now_at=NOW)
        assert "backup_none" not in {each.kind for each in matters.waiting(s)}
        backup_states.write(s, BackupState(None, NOW - timedelta(days=8)), now_at=NOW)
        matters.observe(s, now_at=NOW)
        assert "backup_none" in {each.kind for each in matters.waiting(s)}
