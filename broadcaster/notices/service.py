"""The thread of the station that sends: woken by the change counters, each target alone, none waiting for another."""

import logging
import threading
import time
from collections import Counter
from collections.abc import Callable, Mapping
from concurrent.futures import Future, ThreadPoolExecutor
from datetime import datetime

from broadcaster.errors import LoaError, Unavailable
from broadcaster.notices.messages import message_of
from broadcaster.notices.senders import Sender
from broadcaster.refusals.reasons import Reason
from broadcaster.station.database.engine import Database
from broadcaster.station.database.unwritten import Unwritten
from broadcaster.station.notices import channels, sendings, sharing
from broadcaster.station.notices.sealing import Sealer
from broadcaster.station.notices.sendings import ClaimedSending, SendingTrouble
from broadcaster.station.rows import changes, heartbeats
from broadcaster.station.vocabulary.notices import ChannelKind

LOOK_SECONDS = 0.25
"""How often the change counters are looked at."""
WHOLE_SECONDS = 5.0
"""How often everything is looked at: what is due by time alone, and claims that ended."""
AT_ONCE = 6
"""Messages of one kind on their way at once: a service that hangs keeps those of no other waiting."""
BEAT_SECONDS = 20.0
NAME = "notices"
"""Of its sign of life."""

log = logging.getLogger(__name__)


class NoticeService:
    """Several stations may run it: each message is claimed by one."""

    def __init__(
        self,
        database: Database,
        senders: Mapping[ChannelKind, Sender],
        *,
        sealer: Sealer,
        clock: Callable[[], datetime],
        public_url: str = "",
    ) -> None:
        self._database = database
        self._senders = senders
        self._sealer = sealer
        self._clock = clock
        self._public_url = public_url
        self._going: dict[Future[SendingTrouble | None], ClaimedSending] = {}
        self._ended: list[tuple[ClaimedSending, SendingTrouble | None]] = []
        self._unwritten = Unwritten(database, at_most_seconds=WHOLE_SECONDS)
        self._counter = -1
        self._looked_at = float("-inf")
        self._beat_at = float("-inf")

    def run(self, stop: threading.Event) -> None:
        """Work until told to stop. What is on its way then is waited for as long as one attempt takes, at the most."""
        with ThreadPoolExecutor(AT_ONCE * len(ChannelKind), thread_name_prefix="notice") as threads:
            while not stop.wait(LOOK_SECONDS):
                try:
                    self.turn(threads)
                except Unavailable as error:
                    self._unwritten.forget()
                    log.warning("notices wait: %s", error)
            self._gather()

    def turn(self, threads: ThreadPoolExecutor) -> None:
        """One look; nobody who writes waits for it."""
        self._gather()
        if not self._is_woken():
            return
        now_at = self._clock()
        self._share(now_at)
        with self._database.reading() as s:
            due_at = sendings.next_due_at(s, now_at=now_at)
        if due_at is not None and due_at <= now_at:
            self._claim(threads, now_at)
        self._beat(now_at)

    @property
    def idle(self) -> bool:
        """Whether nothing is on its way, nor waits to be marked."""
        return not self._going and not self._ended

    def _is_woken(self) -> bool:
        if self._unwritten.still():
            return False
        with self._database.reading() as s:
            counter = changes.read(s)["notices"]
        news = counter != self._counter or time.monotonic() - self._looked_at >= WHOLE_SECONDS
        if news:
            self._counter, self._looked_at = counter, time.monotonic()
        return news

    def _share(self, now_at: datetime) -> None:
        with self._database.reading() as s:
            if not sharing.is_due(s, now_at=now_at):
                return
        with self._database.session(gives_way=True) as s:
            sharing.share(s, now_at=now_at)

    def _claim(self, threads: ThreadPoolExecutor, now_at: datetime) -> None:
        going = Counter(each.channel.kind for each in self._going.values())
        places = {kind: AT_ONCE - going[kind] for kind in ChannelKind}
        busy = {each.channel.id for each in [*self._going.values(), *(claimed for claimed, _ in self._ended)]}
        with self._database.session(gives_way=True) as s:
            claimed = sendings.claim(s, places=places, busy=busy, now_at=now_at)
        for each in claimed:
            self._going[threads.submit(self._try, each)] = each

    def _try(self, claimed: ClaimedSending) -> SendingTrouble | None:
        sender = self._senders.get(claimed.channel.kind)
        if sender is None:
            return SendingTrouble(Reason("notice.not_set_up"), refused=True)
        try:
            target = channels.opened(claimed.channel, self._sealer)
            message = message_of(claimed, sealer=self._sealer, public_url=self._public_url)
            return sender(target, message)
        except LoaError as error:
            return SendingTrouble(error.reason, refused=True)
        except Exception as error:  # noqa: BLE001  # outermost of one message: whatever a stranger answers, others go on
            # neither words nor trace: an address with a secret may stand in them
            log.error("a message to channel %s failed: %s", claimed.channel.id, type(error).__name__)
            return SendingTrouble(Reason("notice.no_answer"))

    def _gather(self) -> None:
        """Mark what ended; what cannot be marked now is marked before anything else is claimed."""
        for future in [each for each in self._going if each.done()]:
            self._ended.append((self._going.pop(future), future.result()))
        while self._ended:
            claimed, trouble = self._ended[0]
            with self._database.session(gives_way=True) as s:
                if trouble is None:
                    sendings.mark_sent(s, claimed, now_at=self._clock())
                else:
                    sendings.mark_failed(s, claimed, trouble, now_at=self._clock())
            del self._ended[0]
            self._looked_at = float("-inf")

    def _beat(self, now_at: datetime) -> None:
        if time.monotonic() - self._beat_at >= BEAT_SECONDS:
            with self._database.session(gives_way=True) as s:
                heartbeats.beat(s, NAME, now_at)
            self._beat_at = time.monotonic()
