"""What the people of the commune do: write, approve, order, cancel, stop and lift. By the API where it has the deed."""

import base64
import json
import math
import random
import ssl
import threading
import time
import urllib.error
import urllib.request
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

from sqlalchemy import select

from broadcaster.errors import LoaError
from broadcaster.station.announcements import announcements
from broadcaster.station.broadcasts import broadcasts
from broadcaster.station.broadcasts.freezing import StandardTiming
from broadcaster.station.rules import stop_all
from broadcaster.station.schema import Announcement
from tests.chaos.village.village import Village, until

API_SECONDS = 4.0
CALM_API_SECONDS = 30.0
"""Before the first fault nothing is dead or frozen, only busy."""
STRICT = StandardTiming(routine_grace_minutes=0, priority_grace_minutes=0)
"""No grace: what cannot start at its instant is missed."""
STOCK = (
    ("routine", "Mời bà con ra họp."),
    ("routine", "Tối nay có phim."),
    ("priority", "Mai tiêm phòng cho trẻ."),
    ("emergency", "Lũ về, bà con sơ tán ngay."),
)
ALARMS_REPEATED = 1 / 3
VOICE = b"".join(
    round(8000 * math.sin(math.tau * 500 * at / 8000)).to_bytes(2, "little", signed=True) for at in range(3200)
)
"""400 ms of a tone, 8,000 samples a second."""
SPEAKING_PATIENCE_SECONDS = 10.0
NEWS = ("Mất điện lúc {n} giờ.", "Thu quỹ {n} nghìn đồng.", "Họp thôn ngày {n} tháng 12.")


class NoAnswer(Exception):
    """The console did not answer; the deed may or may not have been done."""


@dataclass
class Commune:
    """The people at work.

    approved: announcements that may be ordered: id by class.
    ordered: broadcasts ordered by it and believed open.
    """

    village: Village
    seed: int
    approved: dict[str, list[str]] = field(default_factory=dict)
    ordered: list[str] = field(default_factory=list)
    drafts: list[tuple[str, str]] = field(default_factory=list)

    def __post_init__(self) -> None:
        self._random = random.Random(self.seed)
        self._count = 0
        self._patience_seconds = CALM_API_SECONDS
        self._speakers: list[threading.Thread] = []
        self._tls: ssl.SSLContext | None = None

    def stock_up(self) -> None:
        """A few approved announcements whose clips every node holds."""
        zones = ["con-minh"]
        for kind, text in STOCK:
            self._finish(self._write(kind, text, zones), kind, wait=True)
        for virtual_node in self.village.standing[:2]:
            hamlet = _hamlet(self.village, virtual_node.id)
            self._finish(self._write("routine", f"Thôn ta dọn đường. Cụm {hamlet}.", [hamlet]), "local", wait=True)
        self._patience_seconds = API_SECONDS

    def order(self) -> None:
        """A broadcast, now or in some seconds."""
        kind = self._random.choices(("routine", "priority", "emergency", "local"), (5, 3, 2, 3))[0]
        self.air(kind, self._random.choice((None, None, 3.0, 6.0, 9.0)))

    def air(self, kind: str, wait: float | None) -> str:
        """A broadcast of this kind in so many seconds, None is now; its id. An alarm is always for now."""
        start_at = None if wait is None else datetime.now(UTC) + timedelta(seconds=wait)
        self._count += 1
        body: dict[str, Any] = {
            "announcement": self._random.choice(self.approved[kind]),
            "key": f"chaos-{self.seed}-{self._count}",
        }
        if kind == "emergency":
            made = self._alarm(body)
        else:
            body["start_at"] = start_at.isoformat() if start_at else None
            made = self._ask("POST", "/broadcasts", body, by="chutich")
        self._stated("order", made)
        return str(made["id"])

    def _alarm(self, body: dict[str, Any]) -> dict[str, Any]:
        """By two people; some sound a second time after a minute."""
        again = {"every_minutes": 1, "for_minutes": 2} if self._random.random() < ALARMS_REPEATED else {}
        heard = self._ask("GET", f"/announcements/{body['announcement']}", by="canbo")["content_hash"]
        meant = {"drill": False, "content_hash": heard}
        asked = self._ask("POST", "/emergency-orders", {**body, **again, **meant}, by="canbo")
        aired = self._ask("POST", f"/emergency-orders/{asked['id']}/confirm", meant, by="chutich")
        return {"id": aired["broadcast"]}

    def speak(self) -> None:
        """Somebody speaks live for some seconds, in one hamlet or in all."""
        self._count += 1
        zones = [self._random.choice(["con-minh", *(_hamlet(self.village, each.id) for each in self.village.standing)])]
        body = {"zones": zones, "longest_minutes": 1, "key": f"chaos-live-{self.seed}-{self._count}"}
        made = self._ask("POST", "/live", body, by="canbo")
        self._stated("speak", {"id": made["broadcast"]})
        pieces = self._random.randrange(6, 18)
        speaker = threading.Thread(target=self._send_pieces, args=(made, pieces), name="speaker", daemon=True)
        self._speakers.append(speaker)
        speaker.start()

    def _send_pieces(self, session: dict[str, Any], pieces: int) -> None:
        """As a page does: in real time, each again until it is answered, for as long as the console lives."""
        address, begin = f"/live/{session['id']}", time.monotonic() + session["speak_in_ms"] / 1000
        voice = base64.b64encode(VOICE).decode()
        with suppress(LoaError):
            for seq in range(pieces):
                piece = {"seq": seq, "at_ms": seq * 400, "kind": "pcm", "rate": 8000, "body": voice}
                time.sleep(max(0.0, begin + (seq + 1) * 0.4 - time.monotonic()))
                self._again("POST", f"{address}/pieces", piece)
        with suppress(LoaError):
            self._again("POST", f"{address}/end", {})

    def _again(self, method: str, path: str, body: Any) -> None:
        """Until the console answers, or nobody would wait any longer."""
        patience = time.monotonic() + SPEAKING_PATIENCE_SECONDS
        while time.monotonic() < patience:
            with suppress(NoAnswer):
                self._ask(method, path, body, by="canbo")
                return
            time.sleep(0.3)

    def fall_silent(self) -> None:
        """Whoever still speaks comes to an end."""
        for speaker in self._speakers:
            speaker.join(SPEAKING_PATIENCE_SECONDS * 2)
        self._speakers.clear()

    def order_strictly(self) -> None:
        """A broadcast in some seconds without any grace."""
        announcement = self._random.choice(self.approved["routine"])
        start_at = datetime.now(UTC) + timedelta(seconds=self._random.uniform(5, 9))
        with self.village.database.session() as s:
            made = broadcasts.broadcast_now(
                s,
                announcement=announcements.get(s, announcement),
                by=self.village.person(s, "chutich"),
                now_at=datetime.now(UTC),
                start_at=start_at,
                timing=STRICT,
            )
            self._stated("order", {"id": made.id})

    def cancel(self) -> None:
        """One of the latest orders, whatever has become of it."""
        if self.ordered:
            chosen = self.ordered.pop(self._random.randrange(max(0, len(self.ordered) - 3), len(self.ordered)))
            self._ask("DELETE", f"/broadcasts/{chosen}", by="chutich")
            self.village.diary.moment("cancel", chosen, fault=False)

    def write(self) -> None:
        """A new announcement; an earlier one, rendered by now, is approved."""
        for draft, kind in self.drafts[:1]:
            self.drafts.remove((draft, kind))
            self._finish(draft, kind)
        text = self._random.choice(NEWS).format(n=self._random.randint(2, 28))
        kind = self._random.choice(("routine", "priority"))
        self.drafts.append((self._write(kind, text, ["con-minh"]), kind))

    def edit(self) -> None:
        """Change an approved announcement, which voids its approval and its plans; approve it again."""
        kind = "priority"
        if len(self.approved[kind]) > 1:
            chosen = self.approved[kind].pop()
            found = self._ask("GET", f"/announcements/{chosen}", by="canbo")
            text = self._random.choice(NEWS).format(n=self._random.randint(2, 28))
            self._ask("PATCH", f"/announcements/{chosen}", {"revision": found["revision"], "text": text}, by="canbo")
            self.drafts.append((chosen, kind))

    def stop(self) -> None:
        """Silence for everybody."""
        with self.village.database.session() as s:
            stop_all.order(s, by=self.village.person(s, "chutich"), reason="thử", now_at=datetime.now(UTC))
        self.village.diary.moment("stop", "all", fault=False)

    def lift(self) -> None:
        """By two people; nothing when no stop is in force."""
        with suppress(LoaError), self.village.database.session() as s:
            stop_all.ask_lift(s, by=self.village.person(s, "chutich"), now_at=datetime.now(UTC))
            stop_all.lift(s, by=self.village.person(s, "quantri"), now_at=datetime.now(UTC))
            self.village.diary.moment("lift", "all", fault=False)

    def _write(self, kind: str, text: str, zones: list[str]) -> str:
        body = {"title": text[:20], "text": text, "zones": zones, "class": kind}
        return str(self._ask("POST", "/announcements", body, by="canbo")["id"])

    def _finish(self, announcement: str, kind: str, *, wait: bool = False) -> None:
        path = f"/announcements/{announcement}"
        if wait:
            until(lambda: self._ask("GET", path, by="canbo")["clip"], seconds=60, what="a clip")
        if self._ask("GET", path, by="canbo")["clip"]:
            seal = self._ask("POST", f"{path}/submit", by="canbo")["content_hash"]
            self._ask("POST", f"{path}/approve", {"content_hash": seal}, by="chutich")
            self.approved.setdefault(kind, []).append(announcement)

    def _context(self) -> ssl.SSLContext:
        if self._tls is None:
            self._tls = self.village.console_context()
        return self._tls

    def forget(self) -> None:
        """The station was turned back to a copy: what it does not know any more is nothing to order."""
        with self.village.database.reading() as s:
            known = set(s.scalars(select(Announcement.id)))
        self.approved = {kind: [each for each in made if each in known] for kind, made in self.approved.items()}
        self.drafts = [draft for draft in self.drafts if draft[0] in known]

    def _stated(self, what: str, made: dict[str, Any]) -> None:
        self.ordered.append(made["id"])
        self.village.diary.moment(what, made["id"], fault=False)

    def _ask(self, method: str, path: str, body: Any = None, *, by: str) -> dict[str, Any]:
        """Raises NoAnswer when the console is dead or frozen, LoaError when it refuses."""
        headers = {"Content-Type": "application/json", "Authorization": f"Bearer {self.village.tokens[by]}"}
        url = f"https://127.0.0.1:{self.village.config.web.port}/api/v1{path}"
        data = None if body is None else json.dumps(body).encode()
        request = urllib.request.Request(url, data=data, headers=headers, method=method)
        try:
            with urllib.request.urlopen(request, timeout=self._patience_seconds, context=self._context()) as answer:
                return dict(json.loads(answer.read() or b"{}"))
        except urllib.error.HTTPError as error:
            with error:
                raise LoaError(error.read().decode()) from error
        except (OSError, ValueError) as error:
            raise NoAnswer(str(error)) from error


def _hamlet(village: Village, node: str) -> str:
    from broadcaster.station.nodes import nodes

    with village.database.reading() as s:
        return str(nodes.get(s, node).unit_id)
