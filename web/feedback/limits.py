"""How many messages are taken from one address and for one node, counted in memory: a refusal costs no database."""

import threading
from collections import OrderedDict, deque
from dataclasses import dataclass, field

MOST_KEYS = 10_000


@dataclass
class MessageAllowance:
    """most: how many within ``seconds`` for each key. Above so many keys the ones longest unused are forgotten."""

    most: int
    seconds: float
    taken: "OrderedDict[str, deque[float]]" = field(default_factory=OrderedDict)
    lock: threading.Lock = field(default_factory=threading.Lock)

    def take(self, key: str, now_seconds: float) -> bool:
        """Count one more; False when it is too many."""
        with self.lock:
            times = self.taken.setdefault(key, deque(maxlen=self.most))
            self.taken.move_to_end(key)
            while times and now_seconds - times[0] >= self.seconds:
                times.popleft()
            while len(self.taken) > MOST_KEYS:
                self.taken.popitem(last=False)
            if len(times) >= self.most:
                return False
            times.append(now_seconds)
            return True


@dataclass
class FeedbackLimits:
    """Of one console. A whole hamlet may stand behind one address of a mobile network."""

    address: MessageAllowance = field(default_factory=lambda: MessageAllowance(30, 600.0))
    node: MessageAllowance = field(default_factory=lambda: MessageAllowance(60, 3600.0))
    lookups: MessageAllowance = field(default_factory=lambda: MessageAllowance(60, 600.0))
