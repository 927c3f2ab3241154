"""Giọng đọc: everybody sees and hears; an administrator chooses, brings packs and keeps keys."""

import io
import json

import pytest

from broadcaster.refusals.reasons import Reason
from broadcaster.station.clips import voice_choices
from broadcaster.station.rows import voice_states
from broadcaster.station.rows.voice_states import KnownVoice, KnownVoices, TakenIn
from tests.unit.web.commune import Commune, send

pytestmark = pytest.mark.integration
KEY = "secret-key-123"
CHOSEN = {"routine": "pack:thu/lan", "priority": "auto", "emergency": "espeak@south"}


@pytest.fixture
def furnished(commune: Commune) -> Commune:
    voices = (
        KnownVoice(written="pack:thu/lan", engine="pack", name="Lan", region="south", sex="female", provider="Gói thử"),
        KnownVoice(
            written="fpt:banmai",
            engine="fpt",
            name="Ban Mai",
            region="north",
            sex="female",
            online=True,
            provider="FPT.AI",
            trouble=Reason("online_voice.key_refused", provider="FPT.AI", status=401),
        ),
        KnownVoice(written="espeak@south", engine="espeak", name="eSpeak", region="south"),
    )
    last = (TakenIn(name="hong.zip", at=commune.clock(), refused=Reason("pack.manifest_missing")),)
    state = KnownVoices(voices=voices, order=("gtts", "pack", "espeak"), sticks=(), last=last)
    with commune.database.session() as s:
        voice_states.write(s, state, commune.clock())
    return commune


def test_everybody_sees_each_voice_with_what_it_is_and_what_keeps_it_silent(furnished: Commune) -> None:
    page = furnished.browser("canbo").get("/voices").text
    for shown in ("Lan · giọng nữ · miền Nam · Gói thử", "theo hợp đồng với FPT.AI", "không nhận khóa", "Dự phòng: "):
        assert shown in page
    assert 'data-voice="pack:thu/lan"' in page
    assert "Khóa của nhà cung cấp" not in page
    managed = furnished.browser("quantri").get("/voices").text
    assert "Khóa của nhà cung cấp" in managed
    assert "hong.zip: Không thấy tệp voice.json" in managed


def test_an_administrator_chooses_and_sees_the_choice_again(furnished: Commune) -> None:
    browser = furnished.browser("quantri")
    assert send(browser, "/voices", CHOSEN | {"hamlet-lung-pang": "auto@south"}).status_code == 302
    with furnished.database.reading() as s:
        chosen = voice_choices.read(s)
    assert (chosen.routine, chosen.hamlets) == ("pack:thu/lan", {"lung-pang": "auto@south"})
    assert 'value="pack:thu/lan" selected' in browser.get("/voices").text
    refused = send(browser, "/voices", CHOSEN | {"emergency": "gtts"})
    assert refused.status_code == 422
    assert "Báo động phải dùng giọng không cần Internet" in refused.text
    assert send(furnished.browser("canbo"), "/voices", CHOSEN).status_code == 403


def test_the_form_of_an_announcement_offers_them_and_says_who_speaks_otherwise(furnished: Commune) -> None:
    page = furnished.browser("canbo").get("/announcements/new").text
    assert 'value="pack:thu/lan"' in page
    assert "Không đọc được thì: " in page
    assert "đang không đọc được" in page


def test_a_key_is_kept_for_its_owner_alone_and_never_shown_again(furnished: Commune) -> None:
    browser = furnished.browser("quantri")
    assert send(browser, "/voices/keys/fpt", {"key": KEY}).status_code == 302
    assert KEY not in browser.get("/voices").text
    assert KEY not in browser.get("/audit").text
    assert send(browser, "/voices/keys/vbee", {"key": KEY}).status_code == 422
    assert send(browser, "/voices/keys/khong", {"key": KEY}).status_code == 404
    assert send(furnished.browser("canbo"), "/voices/keys/fpt", {"key": KEY}).status_code == 403


def test_a_pack_is_laid_down_for_the_station_and_another_file_is_refused(furnished: Commune) -> None:
    browser = furnished.browser("quantri")
    sent = {"pack": (io.BytesIO(b"PK"), "giong.zip")}
    assert send(browser, "/voices/packs", sent).status_code == 302
    assert send(browser, "/voices/packs", {"pack": (io.BytesIO(b"x"), "tin.pdf")}).status_code == 422
    assert send(browser, "/voices/packs", {"stick": "/etc/passwd"}).status_code == 422


def test_programs_do_the_same(furnished: Commune) -> None:
    client, token = furnished.app.test_client(), furnished.token("quantri")
    shown = client.get("/api/v1/voices", headers=token).json
    assert shown is not None
    assert [each["voice"] for each in shown["voices"]] == ["pack:thu/lan", "fpt:banmai", "espeak@south"]
    wanted = json.dumps(CHOSEN | {"hamlets": {}})
    answer = client.put("/api/v1/voices", headers=token, data=wanted, content_type="application/json")
    assert answer.json["choices"]["routine"] == "pack:thu/lan"
    key = client.put("/api/v1/voices/keys/fpt", headers=token, json={"key": KEY})
    assert (key.status_code, key.data) == (204, b"")
    assert client.delete("/api/v1/voices/packs/khong", headers=token).status_code == 204
