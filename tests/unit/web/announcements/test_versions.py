"""One announcement in other languages, on the page and through the API."""

import io

import pytest

from tests.unit.web.commune import Commune, send

pytestmark = pytest.mark.integration
API = "/api/v1"


def record(browser, made: str, *, language: str = "hmn", revision: int = 1, text: str = ""):  # type: ignore[no-untyped-def]
    fields = {"revision": str(revision), "language": language, "text": text}
    sound = (io.BytesIO(f"RIFF {language}".encode()), f"{language}.wav")
    return send(browser, f"/announcements/{made}/versions", fields | {"recording": sound})


def test_a_version_is_recorded_heard_and_taken_back(commune: Commune) -> None:
    browser = commune.browser()
    made = commune.write()
    assert record(browser, made, text="Peb mus sib tham").status_code == 302
    page = browser.get(f"/announcements/{made}").text
    assert "Tiếng Mông" in page
    assert "Peb mus sib tham" in page
    assert "Đang tạo tệp phát" in browser.get(f"/announcements/{made}/versions/hmn").text
    commune.make_clips()
    assert "<audio" in browser.get(f"/announcements/{made}/versions/hmn").text
    assert send(browser, f"/announcements/{made}/versions/hmn/remove", {"revision": "2"}).status_code == 302
    assert browser.get(f"/announcements/{made}/versions/hmn").status_code == 404


def test_a_version_older_than_the_text_says_so_and_blocks_approval_until_confirmed(commune: Commune) -> None:
    browser = commune.browser()
    made = commune.write()
    record(browser, made)
    edited = {"title": "Họp", "text": "Chữ mới.", "zones": ["lung-pang"], "class": "routine", "revision": "2"}
    send(browser, f"/announcements/{made}/edit", edited)
    commune.make_clips()
    assert "Nội dung đã sửa sau khi ghi bản này" in browser.get(f"/announcements/{made}").text
    refused = send(browser, f"/announcements/{made}/submit")
    assert refused.status_code == 409
    assert "Bản tiếng Mông cũ hơn nội dung" in refused.text
    assert send(browser, f"/announcements/{made}/versions/hmn/confirm", {"revision": "3"}).status_code == 302
    assert send(browser, f"/announcements/{made}/submit").status_code == 302


def test_a_place_chooses_its_languages_and_the_page_says_which_are_missing(commune: Commune) -> None:
    browser = commune.browser()
    made = commune.write()
    assert send(browser, "/languages/lung-pang", {"languages": ["hmn", "vi", ""]}).status_code == 302
    listed = browser.get("/languages").text
    assert "Tiếng Mông" in listed
    page = browser.get(f"/announcements/{made}").text
    assert "Loa Lủng Pảng nghe tiếng Mông, nhưng bản tin chưa có" in page
    assert send(browser, "/languages/lung-pang", {"languages": ["tlh"]}).status_code == 422
    assert send(commune.browser("khach"), "/languages/lung-pang", {"languages": ["tyz"]}).status_code == 403
    assert browser.get("/languages").status_code == 200


def test_nothing_empty_unknown_or_stale_is_taken(commune: Commune) -> None:
    browser = commune.browser()
    made = commune.write()
    assert send(browser, f"/announcements/{made}/versions", {"language": "hmn", "revision": "1"}).status_code == 422
    assert record(browser, made, language="vi").status_code == 422
    assert record(browser, made, revision=7).status_code == 409
    assert record(commune.browser("khach"), made).status_code == 403


def test_a_program_does_the_same(commune: Commune) -> None:
    api, headers, made = commune.app.test_client(), commune.token(), commune.write()
    languages = api.get(f"{API}/languages", headers=headers).json
    assert {"code": "hmn", "name": "tiếng Mông"} in languages
    chosen = api.put(f"{API}/zones/lung-pang/languages", json={"languages": ["hmn", "vi"]}, headers=headers)
    assert chosen.json["languages"] == ["hmn", "vi"]
    assert api.get(f"{API}/zones/lung-pang/languages", headers=headers).json == chosen.json
    one = f"{API}/announcements/{made}/versions"
    assert api.get(one, headers=headers).json["missing"] == {"hmn": ["Loa Lủng Pảng"]}
    put = api.post(f"{one}/hmn?name=loi.wav&text=Peb", data=b"RIFF", headers=headers).json
    assert put["missing"] == {}
    assert [(each["language"], each["text"], each["stale"]) for each in put["items"]] == [("hmn", "Peb", False)]
    assert api.post(f"{one}/hmn/confirm?revision=1", headers=headers).status_code == 409
    assert api.post(f"{one}/hmn/confirm", headers=headers).json["revision"] == 3
    assert api.delete(f"{one}/hmn", headers=headers).json["items"] == []
    assert api.delete(f"{one}/hmn", headers=headers).status_code == 404
    assert api.post(f"{one}/hmn", data=b"RIFF", headers=commune.token("khach")).status_code == 403


def test_the_log_says_which_language_sounded_where(commune: Commune) -> None:
    browser = commune.browser()
    send(browser, "/languages/lung-pang", {"languages": ["hmn", "vi"]})
    made = commune.write()
    record(browser, made)
    commune.make_clips()
    send(browser, f"/announcements/{made}/submit")
    chair = commune.browser("chutich")
    seal = commune.app.test_client().get(f"{API}/announcements/{made}", headers=commune.token()).json["content_hash"]
    send(chair, f"/announcements/{made}/approve", {"content_hash": seal})
    ordered = send(chair, f"/announcements/{made}/broadcast", {"key": "one", "when": "now"})
    page = browser.get(ordered.headers["Location"]).text
    assert "tiếng Mông, tiếng Việt" in page
    assert "tiếng Mông, tiếng Việt" in browser.get("/log?state=scheduled").text
    assert "tiếng Mông, tiếng Việt" in browser.get("/log.csv?state=scheduled").text
