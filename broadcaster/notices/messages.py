"""What a message is: one sentence and a link into the console."""

from dataclasses import dataclass

from broadcaster.refusals.reasons import Reason
from broadcaster.refusals.sentences import sentence
from broadcaster.station.notices.sealing import Sealer
from broadcaster.station.notices.sendings import ClaimedSending
from broadcaster.station.vocabulary.notices import NoticeKind


@dataclass(frozen=True, slots=True)
class OutsideMessage:
    """id: of the message, the same each time it is tried; kind: of its notice; title: one sentence, one line.

    link: opens the thing itself in the console, after signing in.
    """

    id: str
    kind: str
    title: str
    link: str
    urgent: bool


def message_of(claimed: ClaimedSending, *, sealer: Sealer, public_url: str) -> OutsideMessage:
    """``public_url``: of the console where the operator names it; else it is as the channel's owner reached it."""
    channel, notice = claimed.channel, claimed.notice
    title = notice.title
    if notice.kind is NoticeKind.PAIRING and channel.code_sealed is not None:
        title = Reason("notice.pairing", code=sealer.open(channel.code_sealed))
    if claimed.again:
        title = Reason("notice.again", title=title)
    base = (public_url or channel.base_url).rstrip("/")
    line = " ".join(sentence(title, channel.language).split())[:400]
    return OutsideMessage(claimed.id, notice.kind.value, line, f"{base}/notices/{notice.id}", notice.urgent)
