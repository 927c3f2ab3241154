"""Which sender brings a message to which kind of channel.

Each is made with its first message: the libraries of some take tens of megabytes and a second to start, and a commune
uses two of them or none.
"""

from collections.abc import Callable, Mapping
from datetime import datetime
from functools import cache
from typing import TYPE_CHECKING

from broadcaster.network_settings import NoticeSettings
from broadcaster.notices.messages import OutsideMessage
from broadcaster.notices.outside import AddressRule
from broadcaster.station.database.engine import Database
from broadcaster.station.notices.sealing import Sealer
from broadcaster.station.notices.sendings import SendingTrouble
from broadcaster.station.notices.targets import ChannelTarget
from broadcaster.station.vocabulary.notices import ChannelKind

if TYPE_CHECKING:
    from broadcaster.notices.apprise_channels import AppriseChannels

Sender = Callable[[ChannelTarget, OutsideMessage], SendingTrouble | None]
"""Brings one message to one target within its time limit; None when the other side took it. Never raises for what the
other side does."""


def build_senders(
    settings: NoticeSettings, database: Database, *, sealer: Sealer, clock: Callable[[], datetime]
) -> Mapping[ChannelKind, Sender]:
    """Of every kind that is set up."""
    rule, seconds = AddressRule(settings.allow), settings.attempt_seconds

    @cache
    def libraries() -> "AppriseChannels":
        from broadcaster.notices.apprise_channels import AppriseChannels

        return AppriseChannels(settings, rule)

    def official_account() -> Sender:
        from broadcaster.notices.official_account import OfficialAccountSender

        return OfficialAccountSender(settings, database, sealer, clock)

    def webhook() -> Sender:
        from broadcaster.notices.webhook import WebhookSender

        return WebhookSender(rule, clock, seconds=seconds)

    def web_push() -> Sender:
        from broadcaster.notices.web_push import WebPushSender

        return WebPushSender(rule, sealer, contact=settings.push_contact, seconds=seconds)

    every: dict[ChannelKind, Callable[[], Sender]] = {
        ChannelKind.ZALO: lambda: libraries().zalo,
        ChannelKind.ZALO_OA: official_account,
        ChannelKind.EMAIL: lambda: libraries().email,
        ChannelKind.NTFY: lambda: libraries().ntfy,
        ChannelKind.TELEGRAM: lambda: libraries().telegram,
        ChannelKind.WEBHOOK: webhook,
        ChannelKind.WEB_PUSH: web_push,
    }
    return {kind: _made_when_needed(make) for kind, make in every.items() if kind.value in settings.offered}


def _made_when_needed(make: Callable[[], Sender]) -> Sender:
    made = cache(make)

    def send(target: ChannelTarget, message: OutsideMessage) -> SendingTrouble | None:
        return made()(target, message)

    return send
