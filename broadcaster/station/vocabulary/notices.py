"""Words of notices: of what, by which channel, and how far one message is."""

from enum import StrEnum


class NoticeKind(StrEnum):
    """What happened. PAIRING, TEST: asked for by the owner of a channel."""

    APPROVAL_WAITS = "approval_waits"
    SECOND_PERSON = "second_person"
    ALARM_ON_AIR = "alarm_on_air"
    ALERT_WAITING = "alert_waiting"
    RELEASE_WAITS = "release_waits"
    ROLE_WAITS = "role_waits"
    GAUGE_CROSSED = "gauge_crossed"
    NODES_SILENT = "nodes_silent"
    BROADCAST_LOST = "broadcast_lost"
    TROUBLE_ON_AIR = "trouble_on_air"
    STATION_DEGRADED = "station_degraded"
    BACKUP_FAILED = "backup_failed"
    FEEDBACK = "feedback"
    PAIRING = "pairing"
    TEST = "test"


class ChannelKind(StrEnum):
    """What brings a message to a person. ZALO: a bot; ZALO_OA: an official account."""

    ZALO = "zalo"
    ZALO_OA = "zalo_oa"
    EMAIL = "email"
    NTFY = "ntfy"
    TELEGRAM = "telegram"
    WEBHOOK = "webhook"
    WEB_PUSH = "web_push"


class SendingState(StrEnum):
    """One message on its way to one channel. LAPSED: nobody needs it any more."""

    WAITING = "waiting"
    SENDING = "sending"
    SENT = "sent"
    FAILED = "failed"
    LAPSED = "lapsed"
