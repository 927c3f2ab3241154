"""Money asked for: typed once, approved with the words, refused where banks would."""

import pytest

from broadcaster.station.schema import Announcement
from tests.unit.web.commune import Commune, send

pytestmark = pytest.mark.integration
DRAFT = {"title": "Thu quỹ", "text": "Mời bà con nộp quỹ.", "zones": ["lung-pang"], "class": "routine"}
MONEY = {
    "levy_bank": "970405",
    "levy_account": "3713 123 456789",
    "levy_holder": "UBND xã Côn Minh",
    "levy_amount": "50.000đ",
    "levy_purpose": "Quỹ quý IV",
}


def written(commune: Commune, **changes: str) -> str:
    answer = send(commune.browser(), "/announcements", {**DRAFT, **MONEY, **changes})
    assert answer.status_code == 302, answer.text
    return answer.headers["Location"]


def test_the_announcement_shows_what_will_be_approved(commune: Commune) -> None:
    page = commune.browser().get(written(commune)).text
    for words in ("Agribank", "3713123456789", "UBND xã Côn Minh", "50.000 đ", "Quy quy IV", 'class="qr"'):
        assert words in page


def test_the_form_gives_back_what_was_saved(commune: Commune) -> None:
    page = commune.browser().get(written(commune) + "/edit").text
    assert '<option value="970405" selected>' in page
    assert 'value="50.000"' in page


def test_changing_the_account_voids_the_approval(commune: Commune) -> None:
    path = written(commune)
    made = path.rsplit("/", 1)[1]
    commune.make_clips()
    send(commune.browser(), f"{path}/submit")
    with commune.database.reading() as s:
        seal = s.get_one(Announcement, made).content_hash
    send(commune.browser("chutich"), f"{path}/approve", {"content_hash": seal})
    assert "Đã duyệt" in commune.browser().get(path).text
    edited = {**DRAFT, **MONEY, "levy_account": "99999999", "revision": "1"}
    assert send(commune.browser(), f"{path}/edit", edited).status_code == 302
    assert "Mất hiệu lực vì bản tin đã sửa" in commune.browser().get(path).text
    with commune.database.reading() as s:
        assert s.get_one(Announcement, made).content_hash != seal


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"levy_bank": ""}, "chọn một ngân hàng"),
        ({"levy_account": "3713.0.1046597.00000"}, "kho bạc"),
        ({"levy_holder": ""}, "tên chủ tài khoản"),
        ({"levy_amount": "năm mươi nghìn"}, "không phải là số"),
        ({"levy_amount": "50"}, "từ 1.000"),
        ({"levy_purpose": "đóng góp xây dựng nhà văn hóa thôn"}, "nhiều nhất là 25"),
    ],
)
def test_what_banks_do_not_take_is_said_at_the_field_and_kept(
    commune: Commune, changes: dict[str, str], sentence: str
) -> None:
    answer = send(commune.browser(), "/announcements", {**DRAFT, **MONEY, **changes})
    assert answer.status_code == 422
    assert sentence in answer.text
    [(name, typed)] = changes.items()
    assert f'id="wrong-{name}"' in answer.text
    assert typed in answer.text
    assert "<details" in answer.text.split("levy_bank")[0]


def test_programs_ask_for_money_under_the_same_rules(commune: Commune) -> None:
    api, token = commune.app.test_client(), commune.token()
    levy = {"bank_bin": "970405", "account": "3713123456789", "holder": "UBND xã", "amount_vnd": 50_000}
    body = {"title": "Thu quỹ", "text": "Mời bà con nộp quỹ.", "zones": ["lung-pang"], "levy": levy}
    answer = api.post("/api/v1/announcements", json=body, headers=token)
    assert answer.status_code == 201, answer.text
    assert answer.json["levy"]["bank"] == "Agribank"
    assert answer.json["levy"]["vietqr"].startswith("00020101021238")
    changed = {"revision": 1, "levy": None}
    address = f"/api/v1/announcements/{answer.json['id']}"
    assert api.patch(address, json=changed, headers=token).json["levy"] is None
    refused = api.post("/api/v1/announcements", json={**body, "levy": {**levy, "account": "1"}}, headers=token)
    assert (refused.status_code, refused.json["field"]) == (422, "levy_account")
