"""A recording instead of the voice: uploaded, refused, replaced, taken back."""

import io
from pathlib import Path

import pytest

from tests.unit.web.commune import Commune, send

pytestmark = pytest.mark.integration
SOUND = b"RIFF not really sound"
API = "/api/v1/announcements"


def upload(browser, made: str, content: bytes = SOUND, *, revision: int = 1):  # type: ignore[no-untyped-def]
    fields = {"revision": str(revision), "recording": (io.BytesIO(content), "Lời của trưởng thôn.wav")}
    return send(browser, f"/announcements/{made}/recording", fields)


def stored(commune: Commune) -> list[Path]:
    return [each for each in (commune.clips_dir / "recordings").glob("*") if each.is_file()]


def test_a_recording_takes_the_place_of_the_voice_until_it_is_taken_back(commune: Commune) -> None:
    browser = commune.browser()
    made = commune.write()
    commune.make_clips()
    spoken = browser.get(f"/announcements/{made}/sound").text
    assert upload(browser, made).status_code == 302
    page = browser.get(f"/announcements/{made}").text
    assert "Đang tạo tệp phát" in page
    assert "Lời của trưởng thôn.wav" in page
    assert [each.read_bytes() for each in stored(commune)] == [SOUND]
    commune.make_clips()
    assert browser.get(f"/announcements/{made}/sound").text != spoken
    assert send(browser, f"/announcements/{made}/recording/remove", {"revision": "2"}).status_code == 302
    assert browser.get(f"/announcements/{made}/sound").text == spoken


def test_a_recording_voids_an_approval_like_any_other_edit(commune: Commune) -> None:
    browser = commune.browser()
    made = commune.approved()
    assert upload(browser, made).status_code == 302
    page = browser.get(f"/announcements/{made}").text
    assert "Mất hiệu lực vì bản tin đã sửa" in page


def test_editing_the_text_keeps_the_recording(commune: Commune) -> None:
    browser = commune.browser()
    made = commune.write()
    upload(browser, made)
    commune.make_clips()
    edited = {"title": "Mới", "text": "Chữ mới.", "zones": ["lung-pang"], "class": "routine", "revision": "2"}
    assert send(browser, f"/announcements/{made}/edit", edited).status_code == 302
    page = browser.get(f"/announcements/{made}").text
    assert "Lời của trưởng thôn.wav" in page
    assert "<audio" in page


def test_nothing_empty_or_stale_is_taken(commune: Commune) -> None:
    browser = commune.browser()
    made = commune.write()
    assert "Chưa chọn tệp ghi âm" in upload(browser, made, b"").text
    assert "Chưa chọn tệp ghi âm" in send(browser, f"/announcements/{made}/recording", {"revision": "1"}).text
    assert upload(browser, made, revision=7).status_code == 409
    assert send(commune.browser("khach"), f"/announcements/{made}/recording").status_code == 403


def test_a_recording_larger_than_the_limit_is_refused_and_leaves_nothing(commune: Commune) -> None:
    api, headers, made = commune.app.test_client(), commune.token(), commune.write()
    answer = api.post(f"{API}/{made}/recording", data=bytes(60_000_001), headers=headers)
    assert (answer.status_code, answer.json["field"]) == (422, "recording")
    assert "lớn hơn 60 MB" in answer.json["message"]
    assert stored(commune) == []
    assert api.post(f"{API}/{made}/recording", data=bytes(62_000_000), headers=headers).status_code == 413
    assert stored(commune) == []


def test_somebody_who_may_only_look_uploads_nothing(commune: Commune) -> None:
    assert upload(commune.browser("khach"), commune.write()).status_code == 403
    assert stored(commune) == []


def test_a_program_uploads_takes_back_and_stops_the_making(commune: Commune) -> None:
    api, headers, made = commune.app.test_client(), commune.token(), commune.write()
    answer = api.post(f"{API}/{made}/recording?name=loi.mp3", data=SOUND, headers=headers)
    assert (answer.status_code, answer.json["rendering"]["status"]) == (200, "queued")
    assert api.delete(f"{API}/{made}/render", headers=headers).json["rendering"]["status"] == "cancelled"
    assert api.delete(f"{API}/{made}/recording?revision=1", headers=headers).status_code == 409
    assert api.delete(f"{API}/{made}/recording", headers=headers).json["revision"] == 3
    refused = api.post(f"{API}/{made}/recording", data=SOUND, headers=commune.token("khach"))
    assert refused.status_code == 403
    assert api.post(f"{API}/{made}/recording", data=SOUND).status_code == 401
