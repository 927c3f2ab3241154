"""The commune's standing choices, made on one page by an administrator; every change is in the audit trail."""

from dataclasses import asdict, dataclass, fields
from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from broadcaster.errors import Invalid
from broadcaster.station.audit import entries as audit
from broadcaster.station.people.roles import require
from broadcaster.station.rows import changes, settings
from broadcaster.station.rules.quiet_hours import Hours, checked_hours
from broadcaster.station.schema import Person
from broadcaster.station.units import spoken_words
from broadcaster.station.vocabulary.names import tidy

LONGEST_WORDS = 600
MOST_MEGABYTES = 1_000_000


@dataclass(frozen=True, slots=True, kw_only=True)
class CommuneRules:
    """Each field is a setting of the same name.

    station_name: as pages show it; empty takes the configuration's.
    contact_phone: whom residents and officers may call; empty shows none.
    quiet_hours: pairs of minutes after local midnight in which only emergencies sound.
    monthly_megabytes: data budget of every node; 0 is no limit.
    default_volume_percent: of nodes added from now on.
    default_cap_minutes: longest programme proposed for new slots.
    greeting_opening: first words of a programme, before the date; empty takes the station's own.
    closing_words: last words of a programme; empty takes the station's own.
    second_factor_required, second_factor_approvers: administrators, approvers must have a second factor.
    """

    station_name: str = ""
    contact_phone: str = ""
    quiet_hours: Hours = ()
    monthly_megabytes: int = 0
    default_volume_percent: int = 100
    default_cap_minutes: int = 45
    greeting_opening: str = ""
    closing_words: str = ""
    second_factor_required: bool = False
    second_factor_approvers: bool = False


def read(s: Session) -> CommuneRules:
    """What is chosen now."""
    known: dict[str, Any] = {field.name: field.default for field in fields(CommuneRules)}
    chosen = known | settings.read_all(s, *known)
    chosen["quiet_hours"] = tuple((each[0], each[1]) for each in chosen["quiet_hours"])
    return CommuneRules(**chosen)


def change(s: Session, *, wanted: CommuneRules, by: Person, now_at: datetime) -> None:
    """Choose anew. Raises Invalid by the name of the field, or NotAllowed for anybody but an administrator."""
    require(s, by, "manage_people", None)
    before, after = asdict(read(s)), asdict(_checked(wanted))
    changed = {name: value for name, value in after.items() if value != before[name]}
    if not changed:
        return
    for name, value in changed.items():
        settings.write(s, name, _plain(value))
    for name in (spoken_words.OPENING, spoken_words.CLOSING):
        spoken_words.note_change(s, name, before[name], after[name], by=by)
    details = {name: [_plain(before[name]), _plain(value)] for name, value in changed.items()}
    audit.record(s, by=by, action="settings.changed", subject="settings:house", now_at=now_at, details=details)
    changes.bump(s, "slots")  # greetings are part of programmes


def _checked(wanted: CommuneRules) -> CommuneRules:
    for name, low, high in (
        ("monthly_megabytes", 0, MOST_MEGABYTES),
        ("default_volume_percent", 0, 100),
        ("default_cap_minutes", 1, 720),
    ):
        if not low <= getattr(wanted, name) <= high:
            raise Invalid("value.number_out_of_range", field=name, least=low, most=high)
    for name in ("greeting_opening", "closing_words"):
        if len(getattr(wanted, name)) > LONGEST_WORDS:
            raise Invalid("value.words_too_long", field=name, longest=LONGEST_WORDS)
    phone = tidy(wanted.contact_phone)
    if phone and not all(each.isdigit() or each in "+ .()-" for each in phone):
        raise Invalid("value.phone_malformed", field="contact_phone")
    return CommuneRules(
        station_name=tidy(wanted.station_name)[:120],
        contact_phone=phone[:40],
        quiet_hours=checked_hours(wanted.quiet_hours),
        monthly_megabytes=wanted.monthly_megabytes,
        default_volume_percent=wanted.default_volume_percent,
        default_cap_minutes=wanted.default_cap_minutes,
        greeting_opening=tidy(wanted.greeting_opening),
        closing_words=tidy(wanted.closing_words),
        second_factor_required=wanted.second_factor_required,
        second_factor_approvers=wanted.second_factor_approvers,
    )


def _plain(value: Any) -> Any:
    return [_plain(each) for each in value] if isinstance(value, tuple) else value
