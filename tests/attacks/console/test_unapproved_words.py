"""Nothing unapproved is spoken: not a reading, not a greeting, not a name, not what claims to come from above."""

import pytest
from sqlalchemy.orm import Session

from broadcaster.errors import Conflict, NotAllowed
from broadcaster.station.announcements import announcements, approvals
from broadcaster.station.clips import dictionary, dictionary_changes, station_clips
from broadcaster.station.people import people
from broadcaster.station.programmes import frames, slots
from broadcaster.station.schema import Announcement, Person, Slot, StationClip
from broadcaster.station.schema.announcement_fields import AnnouncementFields
from tests.unit.web.commune import MORNING, PASSWORD, Commune, send

pytestmark = pytest.mark.integration
SMUGGLED = "mời bà con nộp tiền ngay"


@pytest.fixture
def commune(commune: Commune) -> Commune:
    """With a slot that greets, a second approver, and an officer of one hamlet."""
    with commune.database.session() as s:
        slots.add_slot(
            s,
            name="Sáng",
            rule={"kind": "weekly", "weekdays": list(range(7)), "times": ["05:00"]},
            zones=["con-minh"],
            by=None,
            now_at=MORNING,
            greeting=True,
            closing=True,
        )
        for username, unit_id, role in (("pho", "con-minh", "approver"), ("thon", "lung-pang", "officer")):
            people.add_person(
                s,
                username=username,
                full_name="Người khác",
                password=PASSWORD,
                roles=[(unit_id, role)],
                by=None,
                now_at=MORNING,
            )
    return commune


def who(s: Session, username: str) -> Person:
    found = people.find(s, username)
    assert found is not None
    return found


def spoken(commune: Commune) -> str:
    """What the station would say around today's programme, word for word."""
    with commune.database.session() as s:
        s.query(StationClip).delete()
        frames.frame(s, s.query(Slot).one(), MORNING.date(), now_at=MORNING)
        s.flush()
        rows = sorted(s.query(StationClip).all(), key=lambda row: row.text)
        return " ".join(station_clips.plan_of(s, row).script.text for row in rows)


def teach(commune: Commune, written: str, *, by: str = "canbo", unit_id: str = "con-minh") -> str:
    with commune.database.session() as s:
        line = dictionary_changes.teach(
            s, unit_id=unit_id, written=written, reading=SMUGGLED, by=who(s, by), now_at=MORNING
        )
        return line.id


def release(commune: Commune, entry_id: str, *, by: str, reading: str = SMUGGLED) -> None:
    with commune.database.session() as s:
        dictionary.release(s, entry_id=entry_id, reading=reading, by=who(s, by), now_at=MORNING)


def script(commune: Commune, text: str, zone: str) -> str:
    with commune.database.session() as s:
        fields = AnnouncementFields(title="Tin", text=text, zones=[zone], broadcast_class="routine")
        return announcements.create(s, fields, by=who(s, "canbo"), now_at=MORNING).script


def test_a_reading_changes_the_greeting_only_when_another_person_released_it(commune: Commune) -> None:
    before = spoken(commune)
    entry = teach(commune, "Đài truyền thanh", by="chutich")
    assert spoken(commune) == before
    with pytest.raises(NotAllowed):
        release(commune, entry, by="chutich")
    with pytest.raises(NotAllowed):
        release(commune, entry, by="canbo")
    with pytest.raises(Conflict):
        release(commune, entry, by="pho", reading="lời khác")
    assert spoken(commune) == before
    release(commune, entry, by="pho")
    assert SMUGGLED in spoken(commune)


def test_what_was_released_stays_until_another_releases_its_end(commune: Commune) -> None:
    entry = teach(commune, "Đài truyền thanh")
    release(commune, entry, by="chutich")
    with commune.database.session() as s:
        dictionary_changes.forget(s, entry_id=entry, by=who(s, "pho"), now_at=MORNING)
    assert SMUGGLED in spoken(commune)
    with pytest.raises(NotAllowed):
        release(commune, entry, by="pho", reading="")
    release(commune, entry, by="chutich", reading="")
    assert SMUGGLED not in spoken(commune)


def test_a_file_of_readings_smuggles_no_more_in(commune: Commune) -> None:
    entry = teach(commune, "Đài truyền thanh")
    release(commune, entry, by="chutich")
    with commune.database.session() as s:
        other = f"Đài truyền thanh\t{SMUGGLED} hai lần\nHôm nay\t{SMUGGLED} ba lần\n"
        dictionary_changes.take_over(s, unit_id="con-minh", content=other, by=who(s, "canbo"), now_at=MORNING)
    said = spoken(commune)
    assert SMUGGLED in said
    assert "hai lần" not in said
    assert "ba lần" not in said


def test_a_line_of_one_hamlet_changes_no_words_of_another(commune: Commune) -> None:
    teach(commune, "bà con", by="thon", unit_id="lung-pang")
    assert SMUGGLED in script(commune, "Mời bà con họp.", "lung-pang")
    assert SMUGGLED not in script(commune, "Mời bà con họp.", "lung-vai")
    assert SMUGGLED not in script(commune, "Mời bà con họp.", "con-minh")
    assert SMUGGLED not in spoken(commune)


@pytest.mark.parametrize("afterwards", [True, False])
def test_who_wrote_a_reading_does_not_approve_what_it_says(commune: Commune, afterwards: bool) -> None:
    if not afterwards:
        entry = teach(commune, "bà con", by="chutich")
    made = commune.write(text="Mời bà con họp.")
    if afterwards:
        entry = teach(commune, "bà con", by="chutich")
    with commune.database.session() as s:
        assert SMUGGLED in s.get_one(Announcement, made).script
    commune.make_clips()
    with commune.database.session() as s:
        approvals.submit(s, announcement=s.get_one(Announcement, made), by=who(s, "canbo"), now_at=MORNING)
    with commune.database.session() as s:
        dictionary_changes.forget(s, entry_id=entry, by=who(s, "canbo"), now_at=MORNING)
    approve = f"/api/v1/announcements/{made}/approve"
    seal = {"content_hash": commune.seal(made)}
    refused = commune.app.test_client().post(approve, json=seal, headers=commune.token("chutich"))
    assert (refused.status_code, refused.json["code"]) == (403, "approval.own_announcement")
    assert commune.app.test_client().post(approve, json=seal, headers=commune.token("pho")).status_code == 200


@pytest.mark.parametrize("name", ["greeting_opening", "closing_words"])
def test_opening_and_closing_change_on_air_only_when_released(commune: Commune, name: str) -> None:
    before = spoken(commune)
    api, admin = commune.app.test_client(), commune.token("quantri")
    wanted = api.get("/api/v1/settings", headers=admin).json | {name: f"{SMUGGLED}."}
    assert api.put("/api/v1/settings", json=wanted, headers=admin).status_code == 200
    assert spoken(commune) == before
    address = f"/api/v1/spoken-words/{name}/release"
    assert api.post(address, json={"wanted": f"{SMUGGLED}."}, headers=admin).status_code == 403
    chair = commune.token("chutich")
    assert api.post(address, json={"wanted": "lời khác"}, headers=chair).status_code == 409
    assert api.get("/api/v1/spoken-words", headers=chair).json["words"][0]["wanted"] == f"{SMUGGLED}."
    assert api.post(address, json={"wanted": f"{SMUGGLED}."}, headers=chair).status_code == 200
    assert SMUGGLED in spoken(commune).lower()


def test_the_communes_name_is_said_anew_only_when_released(commune: Commune) -> None:
    assert "Côn Minh" in spoken(commune)
    renamed = send(commune.browser("quantri"), "/hamlets/con-minh", {"name": SMUGGLED})
    assert renamed.status_code == 302
    assert SMUGGLED not in spoken(commune)
    page = commune.browser("chutich").get("/approvals/words").text
    assert SMUGGLED in page
    assert send(commune.browser("chutich"), "/approvals/words/commune_name", {"wanted": SMUGGLED}).status_code == 302
    assert SMUGGLED in spoken(commune)


def test_an_administrator_who_also_approves_releases_no_words_of_the_own(commune: Commune) -> None:
    with commune.database.session() as s:
        both = [("con-minh", "administrator"), ("con-minh", "approver")]
        people.set_roles(s, person=who(s, "quantri"), roles=both, by=None, now_at=MORNING)
    api, header = commune.app.test_client(), commune.token("quantri")
    wanted = api.get("/api/v1/settings", headers=header).json | {"closing_words": SMUGGLED}
    api.put("/api/v1/settings", json=wanted, headers=header)
    refused = api.post("/api/v1/spoken-words/closing_words/release", json={"wanted": SMUGGLED}, headers=header)
    assert (refused.status_code, refused.json["code"]) == (403, "words.own_words")


@pytest.mark.parametrize("origin", ["province", "central"])
def test_nobody_declares_by_typing_that_it_comes_from_above(commune: Commune, origin: str) -> None:
    fields = {
        "title": "Công điện",
        "text": "Xả lũ khẩn cấp.",
        "zones": ["con-minh"],
        "class": "emergency",
        "origin": origin,
        "document_number": "12/CĐ",
    }
    refused = send(commune.browser(), "/announcements", fields)
    assert refused.status_code == 422
    assert "kênh có chữ ký" in refused.text
    api, header = commune.app.test_client(), commune.token()
    answer = api.post("/api/v1/announcements", json=fields, headers=header)
    assert (answer.status_code, answer.json["code"]) == (422, "announcement.origin_by_hand")
    own = commune.write()
    edited = api.patch(f"/api/v1/announcements/{own}", json={"revision": 1, "origin": origin}, headers=header)
    assert (edited.status_code, edited.json["field"]) == (422, "origin")
    edit = fields | {"class": "routine", "revision": "1"}
    assert send(commune.browser(), f"/announcements/{own}/edit", edit).status_code == 422


def test_what_was_copied_from_paper_takes_two_people_like_everything_else(commune: Commune) -> None:
    api, officer = commune.app.test_client(), commune.token()
    body = {
        "title": "Công điện",
        "text": "Xả lũ khẩn cấp.",
        "zones": ["con-minh"],
        "class": "emergency",
        "origin": "paper",
        "document_number": "12/CĐ",
    }
    made = api.post("/api/v1/announcements", json=body, headers=officer).json
    commune.make_clips()
    wanted = {"announcement": made["id"], "drill": False, "content_hash": commune.seal(made["id"])}
    order = api.post("/api/v1/emergency-orders", json=wanted, headers=commune.token("chutich")).json
    assert (order["mode"], order["broadcast"]) == ("two_people", None)
    assert "Chép từ văn bản" in commune.browser().get(f"/announcements/{made['id']}").text
