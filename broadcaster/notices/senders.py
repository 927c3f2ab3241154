"""Which sender brings a message to which kind of channel."""

from collections.abc import Callable, Mapping
from datetime import datetime

from broadcaster.network_settings import NoticeSettings
from broadcaster.notices.apprise_channels import AppriseChannels
from broadcaster.notices.messages import OutsideMessage
from broadcaster.notices.official_account import OfficialAccountSender
from broadcaster.notices.outside import AddressRule
from broadcaster.notices.web_push import WebPushSender
from broadcaster.notices.webhook import WebhookSender
from broadcaster.station.database.engine import Database
from broadcaster.station.notices.sealing import Sealer
from broadcaster.station.notices.sendings import SendingTrouble
from broadcaster.station.notices.targets import ChannelTarget
from broadcaster.station.vocabulary.notices import ChannelKind

Sender = Callable[[ChannelTarget, OutsideMessage], SendingTrouble | None]
"""Brings one message to one target within its time limit; None when the other side took it. Never raises for what the
other side does."""


def build_senders(
    settings: NoticeSettings, database: Database, *, sealer: Sealer, clock: Callable[[], datetime]
) -> Mapping[ChannelKind, Sender]:
    """Of every kind that is set up."""
    rule, seconds = AddressRule(settings.allow), settings.attempt_seconds
    libraries = AppriseChannels(settings, rule)
    every: dict[ChannelKind, Sender] = {
        ChannelKind.ZALO: libraries.zalo,
        ChannelKind.ZALO_OA: OfficialAccountSender(settings, database, sealer, clock),
        ChannelKind.EMAIL: libraries.email,
        ChannelKind.NTFY: libraries.ntfy,
        ChannelKind.TELEGRAM: libraries.telegram,
        ChannelKind.WEBHOOK: WebhookSender(rule, clock, seconds=seconds),
        ChannelKind.WEB_PUSH: WebPushSender(rule, sealer, contact=settings.push_contact, seconds=seconds),
    }
    return {kind: sender for kind, sender in every.items() if kind.value in settings.offered}
