"""What is sent and answered about emergencies."""

from datetime import datetime
from typing import Annotated

import msgspec
from msgspec import Meta

from broadcaster.station.emergencies.guards import LASTING_MINUTES
from broadcaster.station.rules import emergency_rules
from web.api.bodies import Answer, Request


class Phrasebook(Request, frozen=True, kw_only=True):
    """zones: ids or names, usually the whole commune."""

    zones: list[str]


class HeardTexts(Request, frozen=True, kw_only=True):
    """heard: the hash of what was heard, by the id of the announcement."""

    heard: dict[str, str]


class NotReleased(Answer, frozen=True, kw_only=True):
    """title: of the text; detail: why it may not be approved."""

    title: str
    detail: str


class Released(Answer, frozen=True, kw_only=True):
    """released: titles of what may sound from now on; refused: the others."""

    released: list[str]
    refused: list[NotReleased]


class NewEmergencyOrder(Request, frozen=True, kw_only=True):
    """An order to sound an emergency.

    announcement: an announcement of the class emergency that has its clip.
    drill: must say the same as the announcement: an exercise, or the real thing.
    content_hash: of what was heard; refused (422) without it, and (409) when the announcement changed meanwhile.
    zones: where, if not in all zones of the announcement.
    reason: needed where one person may declare an emergency.
    follows: id of the broadcast this corrects or ends; any repetition of it ends them all.
    every_minutes: sound again so many minutes later, and so on until the all-clear; null for once.
    for_minutes: how long at most, 100 times at most.
    interrupts: a drill that cuts what sounds; else it waits for it.
    key: the caller's own id of the order; the same key never makes a second one.
    """

    announcement: str
    drill: bool
    content_hash: str = ""
    zones: tuple[str, ...] = ()
    reason: str = ""
    follows: str | None = None
    every_minutes: int | None = None
    for_minutes: int = LASTING_MINUTES
    interrupts: bool = False
    key: Annotated[str, Meta(min_length=1, max_length=120)] | None = None


class Confirmation(Request, frozen=True, kw_only=True):
    """The second person's word.

    drill: what this person understands it to be.
    content_hash: of what this person heard; refused (422) without it, and (409) when it is not what was ordered.
    """

    drill: bool
    content_hash: str = ""


class AllClear(Request, frozen=True, kw_only=True):
    """key: the caller's own id of the order; the same key never makes a second one."""

    key: Annotated[str, Meta(min_length=1, max_length=120)] | None = None


class Review(Request, frozen=True, kw_only=True):
    """words: what another person found afterwards."""

    words: str


class EmergencyRules(Request, frozen=True, kw_only=True):
    """mode: two_people or declared; confirm_minutes: how long an order waits for its second person."""

    mode: str
    confirm_minutes: int = emergency_rules.CONFIRM_MINUTES


class EmergencyOrder(Answer, frozen=True, kw_only=True):
    """An order. status: waiting (for a second person), aired, refused or expired.

    content_hash: of what sounds by it.
    mode: two_people, declared (by one person), or relayed (received from above by one, passed on by another).
    broadcast: what came of it, or the first of what did when it is repeated.
    review: null until another person looked at what one person declared.
    steps: what the caller may do now: confirm, refuse, review; with the alarm it became: end, all_clear, correct.
    """

    id: str
    announcement: str
    title: str
    content_hash: str
    drill: bool
    status: str
    mode: str
    zones: list[str]
    reason: str
    asked_by: str
    asked_at: datetime
    expires_at: datetime
    confirmed_by: str | None
    refused_by: str | None
    follows: str | None
    every_minutes: int | None
    for_minutes: int | None
    broadcast: str | None
    review: str | None
    reviewed_by: str | None
    steps: list[str]


class NewStopOrder(Request, frozen=True, kw_only=True):
    """reason: shown to everybody while the order holds; may be left out when seconds count."""

    reason: str = ""


class Lift(Request, frozen=True, kw_only=True):
    """resume: ids out of ``would_sound`` that shall go on; everything else that was going on is ended."""

    resume: list[str] = msgspec.field(default_factory=list)


class StopAll(Answer, frozen=True, kw_only=True):
    """An order of silence.

    in_force: whether it still holds.
    lift_asked_by: username of the first of the two who lift it; null until somebody asked.
    not_yet_silent: ids of the nodes that have not confirmed; those without a connection are among them.
    steps: what the caller may do now: ask_to_lift, lift.
    would_sound: ids of the broadcasts that were going on, of an alarm its first; nothing of it comes back by itself.
    """

    id: str
    in_force: bool
    ordered_by: str
    ordered_at: datetime
    reason: str
    lift_asked_by: str | None
    lift_asked_at: datetime | None
    lifted_at: datetime | None
    not_yet_silent: list[str]
    steps: list[str]
    would_sound: list[str]


class Round(Answer, frozen=True, kw_only=True):
    """One sounding. status: scheduled, on_air, completed, partial, missed or cancelled."""

    broadcast: str
    start_at: datetime
    status: str


class Hearing(Answer, frozen=True, kw_only=True):
    """One node. heard: how often it sounded whole; last_at: when it last began so, or null."""

    node: str
    name: str
    heard: int
    last_at: datetime | None


class EmergencyStory(Answer, frozen=True, kw_only=True):
    """An alarm from its order to its end.

    every_minutes: null when it sounded once.
    going_on: something of it may still sound.
    until_at: when it is over if nobody ends it; ended_at: when somebody did, or null.
    next_at: when it sounds next, or null.
    """

    order: str
    announcement: str
    title: str
    drill: bool
    every_minutes: int | None
    going_on: bool
    until_at: datetime
    ended_at: datetime | None
    next_at: datetime | None
    rounds: list[Round]
    nodes: list[Hearing]
