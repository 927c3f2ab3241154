"""The words on the screen for what the station calls by code: states, classes, roles, and the tone each is shown in."""

from collections.abc import Mapping
from dataclasses import dataclass

from broadcaster.refusals.reasons import Reason
from web.shell.telling import said
from web.translations.languages import later as _l


@dataclass(frozen=True, slots=True)
class Word:
    """One state as a person reads it.

    code: of its words in the tables of sentences.
    tone: how it is coloured: calm, wait, live, good, warn or bad.
    """

    code: str
    tone: str = "calm"

    @property
    def label(self) -> str:
        """The words in the language of this request."""
        return said(Reason(self.code))

    def __str__(self) -> str:
        return self.label


ANNOUNCEMENT = {
    "draft": Word("state.announcement.draft"),
    "pending_approval": Word("state.announcement.pending_approval", "wait"),
    "approved": Word("state.announcement.approved", "good"),
    "returned": Word("state.announcement.returned", "warn"),
    "rejected": Word("state.announcement.rejected", "bad"),
    "withdrawn": Word("state.announcement.withdrawn"),
}
BROADCAST = {
    "scheduled": Word("state.broadcast.scheduled", "wait"),
    "on_air": Word("state.broadcast.on_air", "live"),
    "completed": Word("state.broadcast.completed", "good"),
    "partial": Word("state.broadcast.partial", "warn"),
    "missed": Word("state.broadcast.missed", "bad"),
    "cancelled": Word("state.broadcast.cancelled"),
}
BROADCAST_QUIET = Word("state.broadcast.quiet", "wait")
"""On the air by its deliveries, while it sounds nowhere: it waits for the nodes that are cut off."""


BROADCAST_STOPPED = Word("state.broadcast.stopped", "warn")
"""Called off after somebody had heard some of it."""


def broadcast_word(state: str, counts: Mapping[str, int]) -> Word:
    """What a broadcast is called whose nodes stand at these states, so many at each."""
    if state == "on_air" and not counts.get("playing"):
        return BROADCAST_QUIET
    if state == "cancelled" and counts.get("played", 0) + counts.get("interrupted", 0):
        return BROADCAST_STOPPED
    return BROADCAST[state]


DELIVERY = {
    "planned": Word("state.delivery.planned"),
    "stored": Word("state.delivery.stored", "wait"),
    "playing": Word("state.delivery.playing", "live"),
    "played": Word("state.delivery.played", "good"),
    "interrupted": Word("state.delivery.interrupted", "warn"),
    "failed": Word("state.delivery.failed", "bad"),
    "missed": Word("state.delivery.missed", "bad"),
    "expired": Word("state.delivery.expired", "bad"),
    "cancelled": Word("state.delivery.cancelled"),
}
CHIRP = DELIVERY | {
    "planned": Word("state.chirp.planned", "wait"),
    "stored": Word("state.chirp.stored", "wait"),
    "playing": Word("state.chirp.playing", "live"),
    "played": Word("state.chirp.played", "good"),
    "missed": Word("state.chirp.missed", "bad"),
    "expired": Word("state.chirp.expired", "bad"),
}
CLASS = {
    "routine": Word("class.routine"),
    "priority": Word("class.priority", "warn"),
    "emergency": Word("class.emergency", "bad"),
}
ORIGIN = {
    "commune": Word("origin.commune"),
    "paper": Word("origin.paper", "wait"),
    "province": Word("origin.province", "wait"),
    "central": Word("origin.central", "wait"),
}
PRESENCE = {
    "online": Word("presence.online", "good"),
    "offline": Word("presence.offline", "bad"),
    "unknown": Word("presence.unknown", "warn"),
    "never": Word("presence.never"),
    "elsewhere": Word("presence.elsewhere", "bad"),
}
OCCURRENCE = {
    "planned": Word("state.occurrence.planned", "calm"),
    "frozen": Word("state.occurrence.frozen", "wait"),
    "empty": Word("state.occurrence.empty"),
    "missed": Word("state.occurrence.missed", "bad"),
    "cancelled": Word("state.occurrence.cancelled"),
}
UNFIT = Word("state.occurrence.unfit", "warn")
"""A date of a slot that holds something, but nothing approved that fits."""
DECISION = {
    "submitted": Word("decision.submitted", "wait"),
    "approved": Word("decision.approved", "good"),
    "returned": Word("decision.returned", "warn"),
    "rejected": Word("decision.rejected", "bad"),
    "withdrawn": Word("decision.withdrawn"),
    "voided": Word("decision.voided", "warn"),
}
ROLE = {
    "officer": Word("role.officer"),
    "approver": Word("role.approver"),
    "administrator": Word("role.administrator"),
    "technician": Word("role.technician"),
    "viewer": Word("role.viewer"),
}
CLOCK = {
    "synced": Word("clock.synced", "good"),
    "holdover": Word("clock.holdover", "wait"),
    "unsynced": Word("clock.unsynced", "bad"),
}
WEEKDAYS = (
    _l("Thứ Hai"),
    _l("Thứ Ba"),
    _l("Thứ Tư"),
    _l("Thứ Năm"),
    _l("Thứ Sáu"),
    _l("Thứ Bảy"),
    _l("Chủ nhật"),
)
WEEKDAYS_SHORT = (_l("T2"), _l("T3"), _l("T4"), _l("T5"), _l("T6"), _l("T7"), _l("CN"))
VOICES = {
    "auto": Word("voice.name.auto"),
    "offline": Word("voice.name.offline"),
    "auto@centre": Word("voice.name.auto_centre"),
    "auto@south": Word("voice.name.auto_south"),
    "gtts": Word("voice.name.gtts"),
    "fpt": Word("voice.name.fpt"),
    "viettel": Word("voice.name.viettel"),
    "vbee": Word("voice.name.vbee"),
    "google": Word("voice.name.google"),
    "azure": Word("voice.name.azure"),
    "pack": Word("voice.name.pack"),
    "piper": Word("voice.name.piper"),
    "espeak": Word("voice.name.espeak"),
}
HEARD = {"True": Word("heard.true", "good"), "False": Word("heard.false", "bad")}
"""What a node's microphone says of a play; nothing where it has none."""
FACT = {
    "title": Word("fact.title"),
    "class": Word("fact.class"),
    "zones": Word("fact.zones"),
    "voice": Word("fact.voice"),
    "rate_percent": Word("fact.rate_percent"),
    "repeats": Word("fact.repeats"),
    "repeat_key_facts": Word("fact.repeat_key_facts"),
    "valid_until_at": Word("fact.valid_until_at"),
    "recording": Word("fact.recording"),
    "recording_name": Word("fact.recording_name"),
    "levy": Word("fact.levy"),
    "wish": Word("fact.wish"),
    "origin": Word("fact.origin"),
    "document_number": Word("fact.document_number"),
    "board_text": Word("fact.board_text"),
    "class_reason": Word("fact.class_reason"),
    "drill": Word("fact.drill"),
    "phrase": Word("fact.phrase"),
    "versions": Word("fact.versions"),
}
"""What an approver is told that changed; a test holds every compared field to it."""
MOMENT = {
    "assemble": Word("moment.assemble"),
    "readiness": Word("moment.readiness"),
    "start": Word("moment.start"),
}
PAPER_ROLE = {
    "header": Word("paper_role.header"),
    "motto": Word("paper_role.motto"),
    "number": Word("paper_role.number"),
    "place_date": Word("paper_role.place_date"),
    "kind": Word("paper_role.kind"),
    "subject": Word("paper_role.subject"),
    "addressee": Word("paper_role.addressee"),
    "grounds": Word("paper_role.grounds"),
    "body": Word("paper_role.body"),
    "table": Word("paper_role.table"),
    "closing": Word("paper_role.closing"),
    "signature": Word("paper_role.signature"),
    "recipients": Word("paper_role.recipients"),
    "stamp": Word("paper_role.stamp"),
    "page": Word("paper_role.page"),
    "attachment": Word("paper_role.attachment"),
    "hashtag": Word("paper_role.hashtag"),
}
"""What a line of a paper is (``broadcaster.text.papers``)."""
NOTICE = {
    "waiting": Word("state.notice.waiting", "wait"),
    "sending": Word("state.notice.sending", "wait"),
    "sent": Word("state.notice.sent", "good"),
    "failed": Word("state.notice.failed", "bad"),
    "lapsed": Word("state.notice.lapsed"),
}
ALERT_OUTCOME = {
    "prepared": Word("alert_outcome.prepared", "wait"),
    "ordered": Word("alert_outcome.ordered", "good"),
    "ignored": Word("alert_outcome.ignored"),
    "refused": Word("alert_outcome.refused", "bad"),
    "replaced": Word("alert_outcome.replaced"),
    "expired": Word("alert_outcome.expired", "warn"),
}
GAUGE_MEASURE = {
    "water_level": Word("gauge_measure.water_level"),
    "rain": Word("gauge_measure.rain"),
    "flow": Word("gauge_measure.flow"),
    "wind": Word("gauge_measure.wind"),
    "other": Word("gauge_measure.other"),
}
GAUGE_ACTION = {
    "notify": Word("gauge_action.notify"),
    "prepare": Word("gauge_action.prepare", "wait"),
    "speak": Word("gauge_action.speak", "bad"),
}
FEEDBACK = {
    "new": Word("state.feedback.new", "wait"),
    "in_hand": Word("state.feedback.in_hand", "live"),
    "answered": Word("state.feedback.answered", "good"),
}
PROBLEM = {
    "not_heard": Word("problem.not_heard"),
    "too_loud": Word("problem.too_loud"),
    "broken": Word("problem.broken"),
    "other": Word("problem.other"),
}
"""What residents say is wrong with a node."""
OFFER = {
    "sent": Word("offer.sent", "wait"),
    "received": Word("offer.received", "wait"),
    "waiting": Word("offer.waiting", "wait"),
    "prepared": Word("offer.prepared", "warn"),
    "taken": Word("offer.taken", "good"),
    "declined": Word("offer.declined"),
    "withdrawn": Word("offer.withdrawn"),
    "expired": Word("offer.expired"),
    "refused": Word("offer.refused", "bad"),
}
"""What became of an announcement of the level above."""
ALL = {
    "offer": OFFER,
    "feedback": FEEDBACK,
    "problem": PROBLEM,
    "alert_outcome": ALERT_OUTCOME,
    "gauge_measure": GAUGE_MEASURE,
    "gauge_action": GAUGE_ACTION,
    "notice": NOTICE,
    "moment": MOMENT,
    "fact": FACT,
    "voice": VOICES,
    "heard": HEARD,
    "announcement": ANNOUNCEMENT,
    "broadcast": BROADCAST,
    "delivery": DELIVERY,
    "chirp": CHIRP,
    "class": CLASS,
    "origin": ORIGIN,
    "presence": PRESENCE,
    "occurrence": OCCURRENCE,
    "decision": DECISION,
    "role": ROLE,
    "clock": CLOCK,
    "paper_role": PAPER_ROLE,
}


def word(kind: str, code: object) -> Word:
    """The word for one code; a code nobody has named yet is shown as it is."""
    return ALL[kind].get(str(code), Word(str(code)))
