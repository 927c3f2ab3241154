"""Choosing, pairing, trying and removing one's channels; and where a link leads."""

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select

from broadcaster.station.announcements import announcements, approvals
from broadcaster.station.nodes.station_key import StationIdentity
from broadcaster.station.notices import sendings, sharing
from broadcaster.station.notices.sealing import Sealer
from broadcaster.station.people import people
from broadcaster.station.schema import NoticeChannel, NoticeSending
from broadcaster.station.vocabulary.notices import ChannelKind
from tests.unit.web.commune import PASSWORD, Commune, send

pytestmark = pytest.mark.integration
PAGE = "/account/notices"
TOPIC = "https://ntfy.sh/chu-de-kho-doan"


def code_of(commune: Commune) -> str:
    """The code that is on its way to the newest channel."""
    config = commune.app.extensions["loa"].config
    identity = StationIdentity.load_or_create(config.data_dir.absolute(), config.station.id)
    with commune.database.reading() as s:
        row = s.scalars(select(NoticeChannel).order_by(NoticeChannel.created_at.desc())).unique().first()
        assert row is not None
        return Sealer(identity.seed).open(row.code_sealed or "")


def channel_id(commune: Commune) -> str:
    with commune.database.reading() as s:
        return s.scalars(select(NoticeChannel)).unique().one().id


def pair(commune: Commune, browser: FlaskClient) -> str:
    assert send(browser, PAGE, {"kind": "ntfy", "target": TOPIC}, page=PAGE).status_code == 302
    made = channel_id(commune)
    assert send(browser, f"{PAGE}/{made}/confirm", {"code": code_of(commune)}, page=PAGE).status_code == 302
    return made


def test_a_channel_is_paired_with_the_code_that_arrives_in_it(commune: Commune) -> None:
    browser = commune.browser("chutich")
    made = pair(commune, browser)
    shown = browser.get(PAGE).text
    assert "đang dùng" in shown
    assert "chu-de-kho-doan" not in shown
    assert send(browser, f"{PAGE}/{made}/test", {}, page=PAGE).status_code == 302
    assert "Tin thử" in browser.get(f"{PAGE}/now").text
    assert send(browser, f"{PAGE}/{made}/remove", {}, page=PAGE).status_code == 302
    assert "Chưa có kênh nào" in browser.get(PAGE).text


def test_a_wrong_code_pairs_nothing_and_is_counted(commune: Commune) -> None:
    browser = commune.browser("chutich")
    send(browser, PAGE, {"kind": "ntfy", "target": TOPIC}, page=PAGE)
    wrong = "000000" if code_of(commune) != "000000" else "111111"
    answer = send(browser, f"{PAGE}/{channel_id(commune)}/confirm", {"code": wrong}, page=PAGE)
    assert answer.status_code == 422
    with commune.database.reading() as s:
        row = s.scalars(select(NoticeChannel)).unique().one()
        assert (row.paired_at, row.code_tries) == (None, 1)


def test_what_is_not_set_up_or_malformed_is_refused_beside_its_field(commune: Commune) -> None:
    browser = commune.browser("chutich")
    assert send(browser, PAGE, {"kind": "telegram", "target": "1"}, page=PAGE).status_code == 422
    answer = send(browser, PAGE, {"kind": "webhook", "target": "ftp://x"}, page=PAGE)
    assert answer.status_code == 422
    assert "ftp://x" in answer.text


def test_nobody_touches_another_ones_channel(commune: Commune) -> None:
    made = pair(commune, commune.browser("chutich"))
    other = commune.browser("canbo")
    assert send(other, f"{PAGE}/{made}/test", {}, page=PAGE).status_code == 404
    assert send(other, f"{PAGE}/{made}/remove", {}, page=PAGE).status_code == 404


def test_the_key_of_a_webhook_is_shown_once(commune: Commune) -> None:
    browser = commune.browser("chutich")
    answer = send(browser, PAGE, {"kind": "webhook", "target": "https://nhan.test/x"}, page=PAGE)
    secret = answer.text.partition("<code>")[2].partition("</code>")[0]
    assert len(secret) > 30
    assert secret not in browser.get(PAGE).text


def waiting_notice(commune: Commune, browser: FlaskClient) -> tuple[str, str]:
    """A notice of an announcement that waits for the chair, and the announcement."""
    pair(commune, browser)
    made = commune.write("Lũ trên sông")
    commune.make_clips()
    with commune.database.session() as s:
        officer = people.find(s, "canbo")
        assert officer
        approvals.submit(s, announcement=announcements.get(s, made), by=officer, now_at=commune.clock())
    with commune.database.session() as s:
        sharing.share(s, now_at=commune.clock())
        rows = s.scalars(select(NoticeSending)).unique()
        return next(each.notice_id for each in rows if each.notice.kind.value == "approval_waits"), made


def test_the_link_opens_the_very_thing_after_signing_in(commune: Commune) -> None:
    notice, announcement = waiting_notice(commune, commune.browser("chutich"))
    stranger = commune.app.test_client()
    asked = stranger.get(f"/notices/{notice}")
    assert asked.headers["Location"] == f"/login?next=/notices/{notice}"
    form = {"username": "chutich", "password": PASSWORD, "next": f"/notices/{notice}"}
    entered = send(stranger, "/login", form, page="/login")
    assert entered.headers["Location"] == f"/notices/{notice}"
    assert stranger.get(f"/notices/{notice}").headers["Location"] == f"/announcements/{announcement}"


def test_a_link_leads_nowhere_for_whom_it_was_not_sent_to(commune: Commune) -> None:
    notice, _announcement = waiting_notice(commune, commune.browser("chutich"))
    assert commune.browser("canbo").get(f"/notices/{notice}").status_code == 404
    assert commune.browser("chutich").get("/notices/khong-co").status_code == 404


def test_what_was_sent_is_listed_and_sent_again(commune: Commune) -> None:
    browser = commune.browser("chutich")
    waiting_notice(commune, browser)
    places = dict.fromkeys(ChannelKind, 5)
    with commune.database.session() as s:
        for claimed in sendings.claim(s, places=places, busy=(), now_at=commune.clock()):
            sendings.mark_sent(s, claimed, now_at=commune.clock())
    with commune.database.session() as s:
        (claimed,) = sendings.claim(s, places=places, busy=(), now_at=commune.clock())
        sendings.mark_sent(s, claimed, now_at=commune.clock())
    shown = browser.get(PAGE).text
    assert "Lũ trên sông" in shown
    assert "Gửi lại" in shown
    assert send(browser, f"{PAGE}/sendings/{claimed.id}/again", {}, page=PAGE).status_code == 302
    with commune.database.reading() as s:
        assert s.get_one(NoticeSending, claimed.id).state.value == "waiting"


def test_programs_pair_channels_of_their_owner(commune: Commune) -> None:
    program, token = commune.app.test_client(), commune.token("chutich")
    wish = {"kind": "webhook", "target": "https://nhan.test/x"}
    made = program.post("/api/v1/notice-channels", json=wish, headers=token)
    assert made.status_code == 201
    path = f"/api/v1/notice-channels/{made.json['id']}"
    assert program.post(f"{path}/confirm", json={"code": "khong"}, headers=token).status_code == 422
    paired = program.post(f"{path}/confirm", json={"code": code_of(commune)}, headers=token)
    assert paired.json["paired_at"]
    assert program.post(f"{path}/test", headers=token).status_code == 204
    listed = program.get("/api/v1/notice-channels", headers=token).json
    assert [(each["kind"], each["label"], each["secret"]) for each in listed] == [("webhook", "nhan.test", None)]
    assert {each["kind"] for each in program.get("/api/v1/notice-sendings", headers=token).json} == {"pairing", "test"}
    assert program.delete(path, headers=token).status_code == 204


def test_browsers_find_the_worker_at_the_root(commune: Commune) -> None:
    answer = commune.app.test_client().get("/notices-worker.js")
    assert answer.mimetype == "text/javascript"
    assert "showNotification" in answer.text
