"""Words, places and times that one person wrote and nobody else released do not reach the air by that person's word."""

import pytest
from sqlalchemy.orm import Session

from broadcaster.errors import NotAllowed
from broadcaster.protocol.values import BroadcastClass
from broadcaster.station.clips import dictionary, dictionary_changes
from broadcaster.station.emergencies import phrasebook
from broadcaster.station.people import people, tokens
from broadcaster.station.programmes import slots
from broadcaster.station.relays import choosing, slot_relays, sources
from broadcaster.station.relays.choosing import RelayChoice
from broadcaster.station.schema import Announcement, Person, RelaySource, Slot
from broadcaster.station.vocabulary.states import AnnouncementState
from tests.unit.web.access.exchange_things import follow, offered
from tests.unit.web.commune import MORNING, PASSWORD, Commune

pytestmark = pytest.mark.integration
SUNDAYS = {"kind": "weekly", "weekdays": [6], "times": ["05:00"]}


def who(s: Session, username: str) -> Person:
    found = people.find(s, username)
    assert found is not None
    return found


def join(commune: Commune, username: str, *roles: str) -> None:
    with commune.database.session() as s:
        held = [("con-minh", each) for each in roles]
        people.add_person(
            s, username=username, full_name=username, password=PASSWORD, roles=held, by=None, now_at=MORNING
        )


def teach(commune: Commune, by: str, written: str, reading: str = "nộp tiền ngay") -> str:
    with commune.database.session() as s:
        line = dictionary_changes.teach(
            s, unit_id="con-minh", written=written, reading=reading, by=who(s, by), now_at=MORNING
        )
        return line.id


def relayed(s: Session) -> tuple[Slot, RelaySource]:
    """A slot on Sundays whose relay an approver has released."""
    source = sources.add(s, name="VOV1", written=["http://a.vn/vov1"], by=who(s, "quantri"), now_at=MORNING)
    slot = slots.add_slot(s, name="T", rule=SUNDAYS, zones=["lung-pang"], by=who(s, "canbo"), now_at=MORNING)
    choice = RelayChoice(source_ids=[source.id], minutes=10)
    choosing.choose(s, slot=slot, choice=choice, times_a_month=1, by=who(s, "canbo"), now_at=MORNING)
    release(s, slot, "chutich")
    return slot, source


def release(s: Session, slot: Slot, by: str) -> None:
    seen = slot_relays.seal(s, slot_relays.of(s, slot))
    choosing.approve(s, slot=slot, seen=seen, by=who(s, by), now_at=MORNING)


def test_an_approver_who_taught_a_reading_fills_the_book_and_releases_none_of_it(commune: Commune) -> None:
    word = phrasebook.shipped()[0].text.split(",")[0].split(".")[0]
    teach(commune, "chutich", word)
    api, chair = commune.app.test_client(), commune.token("chutich")
    made = api.post("/api/v1/phrases", json={"zones": ["con-minh"]}, headers=chair).json
    assert made
    commune.make_clips()
    first = made[0]["id"]
    answer = api.post("/api/v1/phrases/release", json={"heard": {first: commune.seal(first)}}, headers=chair)
    assert answer.json is not None
    assert answer.json["released"] == []
    with commune.database.reading() as s:
        assert s.get_one(Announcement, first).state is not AnnouncementState.APPROVED


@pytest.mark.parametrize("written", ["bà\u200b con", "bà\u00ad con", "𝐛𝐚̀ 𝐜𝐨𝐧", "ba\u0300 con", "BÀ  CON"])
def test_no_spelling_of_a_reading_hides_who_wrote_it(commune: Commune, written: str) -> None:
    teach(commune, "chutich", written)
    made = commune.write(text="Mời bà con. Họp.")
    commune.make_clips()
    with commune.database.reading() as s:
        current = s.get_one(Announcement, made)
        assert who(s, "chutich").id in current.authors or "nộp tiền" not in (current.script or "")


def test_whoever_took_a_released_reading_away_wrote_what_is_read_without_it(commune: Commune) -> None:
    line = teach(commune, "canbo", "NT", "nông thôn")
    with commune.database.session() as s:
        dictionary.release(s, entry_id=line, reading="nông thôn", by=who(s, "chutich"), now_at=MORNING)
        dictionary_changes.forget(s, entry_id=line, by=who(s, "chutich"), now_at=MORNING)
    made = commune.write(text="Xây dựng NT mới.")
    with commune.database.reading() as s:
        assert who(s, "chutich").id in s.get_one(Announcement, made).authors


def test_words_from_above_that_were_edited_here_take_the_ordinary_way(commune: Commune) -> None:
    join(commune, "pho", "officer")
    with commune.database.session() as s:
        level = follow(s, by=who(s, "quantri"))
        emergency = {"broadcast_class": BroadcastClass.EMERGENCY, "title": "Bão", "text": "Bão vào bờ."}
        offer = offered(s, level, document_number="12/CĐ", **emergency).id
    api, first, second = commune.app.test_client(), commune.token("canbo"), commune.token("pho")
    made = api.post(f"/api/v1/offers/{offer}/take", headers=first).json["announcement"]
    revision = api.get(f"/api/v1/announcements/{made}", headers=first).json["revision"]
    change = {"revision": revision, "text": "Mời bà con nộp tiền ngay."}
    assert api.patch(f"/api/v1/announcements/{made}", json=change, headers=first).status_code == 200
    commune.make_clips()
    order = {"announcement": made, "drill": False, "content_hash": commune.seal(made)}
    answer = api.post("/api/v1/emergency-orders", json=order, headers=second)
    assert (answer.json.get("mode"), answer.json.get("status")) != ("relayed", "aired")
    assert answer.json.get("broadcast") is None


def test_a_relay_on_other_days_or_at_another_hour_waits_for_approval_again(commune: Commune) -> None:
    with commune.database.session() as s:
        slot, _ = relayed(s)
        for rule in ({**SUNDAYS, "weekdays": list(range(7))}, {**SUNDAYS, "times_on": {"2026-11-25": ["03:15"]}}):
            slots.edit_slot(s, slot=slot, by=who(s, "canbo"), now_at=MORNING, rule=rule)
            s.flush()
            assert not slot_relays.is_approved(s, slot_relays.of(s, slot))
        slots.edit_slot(s, slot=slot, by=who(s, "canbo"), now_at=MORNING, rule={**SUNDAYS, "except_on": ["2026-11-29"]})
        s.flush()
        assert slot_relays.is_approved(s, slot_relays.of(s, slot))  # a date less needs nobody


def test_whoever_renamed_a_source_does_not_release_its_name(commune: Commune) -> None:
    join(commune, "haivai", "administrator", "approver")
    with commune.database.session() as s:
        slot, source = relayed(s)
        sources.edit(
            s, source=source, name="NỘP TIỀN NGAY", written=source.addresses, by=who(s, "haivai"), now_at=MORNING
        )
        with pytest.raises(NotAllowed):
            release(s, slot, "haivai")


def test_a_token_that_may_only_read_the_log_changes_no_channel_of_its_owner(commune: Commune) -> None:
    with commune.database.session() as s:
        limited = tokens.add_token(s, person=who(s, "chutich"), name="x", now_at=MORNING, scopes=["view_log"])
    api, headers = commune.app.test_client(), {"Authorization": f"Bearer {limited}"}
    channel = {"kind": "webhook", "target": "https://evil.example.com/x"}
    assert api.post("/api/v1/notice-channels", json=channel, headers=headers).status_code == 403
    assert api.get("/api/v1/notice-sendings", headers=headers).status_code == 403
    assert api.get("/api/v1/notice-sendings", headers=commune.token("chutich")).status_code == 200


def test_a_title_holds_nothing_that_turns_or_hides_letters(commune: Commune) -> None:
    made = commune.write(title="abc\u202etxet\u200b\u2066x")
    with commune.database.reading() as s:
        assert s.get_one(Announcement, made).title == "abctxetx"
