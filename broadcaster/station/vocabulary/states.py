"""The words for where things stand, and for who people are; classes and delivery states are the protocol's."""

from enum import StrEnum


class UnitKind(StrEnum):
    """Level of a unit in the tree."""

    PROVINCE = "province"
    COMMUNE = "commune"
    HAMLET = "hamlet"


class Role(StrEnum):
    """What a person is in one unit, and in every unit below it."""

    OFFICER = "officer"
    APPROVER = "approver"
    ADMINISTRATOR = "administrator"
    TECHNICIAN = "technician"
    VIEWER = "viewer"


class AnnouncementState(StrEnum):
    """Where an announcement stands between its author and the air."""

    DRAFT = "draft"
    PENDING_APPROVAL = "pending_approval"
    APPROVED = "approved"
    RETURNED = "returned"
    REJECTED = "rejected"
    WITHDRAWN = "withdrawn"


class DecisionAction(StrEnum):
    """What somebody decided about an announcement; VOIDED is what an edit does to an approval."""

    SUBMITTED = "submitted"
    APPROVED = "approved"
    RETURNED = "returned"
    REJECTED = "rejected"
    WITHDRAWN = "withdrawn"
    VOIDED = "voided"


class Origin(StrEnum):
    """Whose announcement it is. PROVINCE and CENTRAL arrived signed through the exchange; PAPER was copied by hand."""

    COMMUNE = "commune"
    PAPER = "paper"
    PROVINCE = "province"
    CENTRAL = "central"


class EmergencyMode(StrEnum):
    """How an emergency order came to sound: by two people of the commune, declared by one, by one who passed on what
    another person received from above, or by itself, as two people had allowed of a source of warnings; the commune
    chooses between the first two.
    """

    TWO_PEOPLE = "two_people"
    DECLARED = "declared"
    RELAYED = "relayed"
    ALLOWED = "allowed"


class LiveKind(StrEnum):
    """Where live sound comes from."""

    MICROPHONE = "microphone"
    RELAY = "relay"


class LiveState(StrEnum):
    """Where a live session stands. PLANNED: a relay whose time has not come; WAITING: for a second person; OPEN: on the
    nodes; ENDED: its sound is over."""

    PLANNED = "planned"
    WAITING = "waiting"
    OPEN = "open"
    ENDED = "ended"


class AlertOutcome(StrEnum):
    """What became of a message of a source of warnings."""

    PREPARED = "prepared"
    ORDERED = "ordered"
    IGNORED = "ignored"
    REFUSED = "refused"
    REPLACED = "replaced"
    EXPIRED = "expired"


class OfferState(StrEnum):
    """An announcement of the level above, here. PREPARED: an emergency that is an order by now, or waits to be one;
    WITHDRAWN: by the level above."""

    WAITING = "waiting"
    PREPARED = "prepared"
    TAKEN = "taken"
    DECLINED = "declined"
    WITHDRAWN = "withdrawn"
    EXPIRED = "expired"
    REFUSED = "refused"


class JobState(StrEnum):
    """Where the making of a clip stands."""

    QUEUED = "queued"
    RUNNING = "running"
    DONE = "done"
    FAILED = "failed"
    CANCELLED = "cancelled"


class TuneKind(StrEnum):
    """Where music of the commune's own stands in a programme.

    OPENING: before the greeting. ENDING: after the closing. BED: under greeting and closing. FILLER: between
    announcements, and while a relay is waited for.
    """

    OPENING = "opening"
    ENDING = "ending"
    BED = "bed"
    FILLER = "filler"


class RelayEnding(StrEnum):
    """How the last seconds of what was relayed sound: dying away, or cut."""

    FADE = "fade"
    CUT = "cut"


class RelayWay(StrEnum):
    """How a slot relays. RECORDED: taken first, aired from the nodes' own disks; LIVE: while it comes."""

    RECORDED = "recorded"
    LIVE = "live"


class TakeState(StrEnum):
    """Where the taking of a stream for one date stands."""

    TAKING = "taking"
    DONE = "done"
    FAILED = "failed"


class OccurrenceState(StrEnum):
    """Where one date of a slot stands."""

    PLANNED = "planned"
    FROZEN = "frozen"
    EMPTY = "empty"
    MISSED = "missed"
    CANCELLED = "cancelled"


class ReleaseStage(StrEnum):
    """Where a newer program for the nodes stands: nobody has it, its three waves, stopped by a failure, withdrawn."""

    UPLOADED = "uploaded"
    CANARY = "canary"
    TENTH = "tenth"
    ALL = "all"
    STOPPED = "stopped"
    WITHDRAWN = "withdrawn"


class BroadcastState(StrEnum):
    """Where one broadcast stands, over all its nodes."""

    SCHEDULED = "scheduled"
    ON_AIR = "on_air"
    COMPLETED = "completed"
    PARTIAL = "partial"
    MISSED = "missed"
    CANCELLED = "cancelled"


class FeedbackState(StrEnum):
    """Where a resident's message stands."""

    NEW = "new"
    IN_HAND = "in_hand"
    ANSWERED = "answered"


class NodeProblem(StrEnum):
    """What a resident says is wrong with a node."""

    NOT_HEARD = "not_heard"
    TOO_LOUD = "too_loud"
    BROKEN = "broken"
    OTHER = "other"


class VoiceState(StrEnum):
    """How far the sound of a message is: WAITING to be read in the bounded process; FORGOTTEN after its time."""

    NONE = "none"
    WAITING = "waiting"
    READY = "ready"
    REFUSED = "refused"
    FORGOTTEN = "forgotten"
