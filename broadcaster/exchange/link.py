"""What a commune does with one upper level: it trades its code, asks for offers, fetches their sounds, and reports."""

import base64
import contextlib
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import TypeVar

import msgspec
from sqlalchemy import select

from broadcaster.errors import Invalid, LoaError, Unavailable
from broadcaster.exchange import sounds
from broadcaster.exchange.transport import Transport
from broadcaster.protocol.errors import ProtocolError
from broadcaster.protocol.exchange.messages import (
    IDENTITY_TYPE,
    OFFERS_PATH,
    REPORTS_TYPE,
    ROOT,
    ExchangeCode,
    Joined,
    Joining,
    OffersAnswer,
    Report,
    Reports,
    ReportsAnswer,
    UpperIdentity,
    key_fingerprint,
)
from broadcaster.protocol.signing import open_message, sign
from broadcaster.station.database.engine import Database
from broadcaster.station.exchange import intake, reporting, upper_levels
from broadcaster.station.nodes.station_key import StationIdentity
from broadcaster.station.notices.sealing import Sealer
from broadcaster.station.rows import settings
from broadcaster.station.schema import ExchangeReport, ReceivedOffer, UpperLevel
from broadcaster.station.vocabulary.states import OfferState

WAIT_SECONDS = 25
Answer = TypeVar("Answer", bound=msgspec.Struct)


@dataclass(frozen=True, slots=True, kw_only=True)
class Commune:
    """The station as it shows itself above. name: of the commune, where nobody chose one in the console."""

    database: Database
    identity: StationIdentity
    clips_dir: Path
    clock: Callable[[], datetime]
    name: str = ""
    most_sound_bytes: int = 60_000_000

    @property
    def sealer(self) -> Sealer:
        return Sealer(self.identity.seed)


class UpperLink:
    """One upper level. ``pull`` and ``push`` each keep a connection of their own, for a thread of their own."""

    def __init__(self, commune: Commune, level_id: str) -> None:
        self._commune = commune
        self._level_id = level_id
        self._transports: dict[str, tuple[str, Transport]] = {}
        self._looked_at: object = None

    def join(self) -> UpperLevel:
        """Trade the code for a token and pin the level's key. Raises LoaError; a code that was not used stays good."""
        level = self._level()
        sealer = self._commune.sealer
        code = ExchangeCode.parse(sealer.open(level.code_sealed))
        identity = ask_identity(code)
        with contextlib.closing(Transport(code.url, authority_pem=identity.authority_pem)) as transport:
            own = self._commune.identity
            asked = Joining(secret=code.secret, commune=own.station, name=self._name(), key=own.public_key.hex())
            joined = _read(transport.post(f"{ROOT}/join", msgspec.json.encode(asked)), Joined)
        with self._commune.database.session() as s:
            current = upper_levels.get(s, self._level_id)
            return upper_levels.joined(s, current, identity, joined.token, sealer=sealer, now_at=self._commune.clock())

    def pull(self, *, wait_seconds: int = WAIT_SECONDS) -> int:
        """Ask once and take in what comes; how many offers came. Raises LoaError."""
        level = self._level()
        transport = self._transport("pull", level)
        question: dict[str, str | int] = {"after": level.last_number, "mark": level.last_mark, "wait": wait_seconds}
        answer = _read(transport.get(OFFERS_PATH, question, read_seconds=wait_seconds + 20.0), OffersAnswer)
        for token in answer.items:
            with self._commune.database.session() as s:
                intake.take(
                    s,
                    level=upper_levels.get(s, self._level_id),
                    station=self._commune.identity.station,
                    token=token,
                    now_at=self._commune.clock(),
                )
        self._remember(answer, level.last_number)
        return len(answer.items)

    def fetch_sounds(self) -> None:
        """What was offered with sound that is not here yet; each goes on where it was cut. Raises LoaError."""
        level = self._level()
        with self._commune.database.reading() as s:
            missing = select(ReceivedOffer).where(
                ReceivedOffer.upper_id == level.id,
                ReceivedOffer.recording_sha256.is_not(None),
                ReceivedOffer.sound_at.is_(None),
                ReceivedOffer.state == OfferState.WAITING,
            )
            found = list(s.scalars(missing.order_by(ReceivedOffer.number)))
        for offer in found:
            sounds.fetch(
                self._transport("sounds", level),
                self._commune.clips_dir,
                sha256=offer.recording_sha256 or "",
                size_bytes=offer.sound_bytes,
                most_bytes=self._commune.most_sound_bytes,
            )
            with self._commune.database.session() as s:
                row = s.get_one(ReceivedOffer, offer.id)
                intake.sound_arrived(s, row=row, now_at=self._commune.clock())

    def look(self) -> None:
        """Write down what became of this level's offers."""
        with self._commune.database.session(gives_way=True) as s:
            reporting.look(s, upper_levels.get(s, self._level_id), now_at=self._commune.clock())

    def push(self, *, with_nodes: bool = False) -> bool:
        """Send what is not acknowledged, at most one message; whether more waits. Raises LoaError."""
        level, now_at, own = self._level(), self._commune.clock(), self._commune.identity
        with self._commune.database.reading() as s:
            waiting = reporting.waiting(s, level)
            stands = tuple(reporting.stands(s, now_at=now_at)) if with_nodes else ()
        if not waiting and not stands:
            return False
        stated = Reports(
            commune=own.station,
            upper=level.upper,
            sent_at=now_at,
            reports=tuple(map(_as_report, waiting)),
            nodes=stands,
        )
        token = sign(stated, own.seed, REPORTS_TYPE)
        answer = _read(self._transport("push", level).post(f"{ROOT}/reports", token), ReportsAnswer)
        with self._commune.database.session() as s:
            reporting.acknowledge(s, level, answer.stored, now_at=now_at)
            return bool(reporting.waiting(s, level))

    def close(self) -> None:
        for _, transport in self._transports.values():
            transport.close()
        self._transports.clear()

    def note_trouble(self, error: LoaError) -> None:
        """What hinders stands at the level until it answers."""
        with self._commune.database.session() as s:
            upper_levels.get(s, self._level_id).trouble = error.reason

    def _remember(self, answer: OffersAnswer, asked_after: int) -> None:
        """That it answered, and whether it knows less than before."""
        now_at = self._commune.clock()
        with self._commune.database.session() as s:
            level = upper_levels.locked(s, upper_levels.get(s, self._level_id))
            level.asked_at, level.trouble = now_at, None
            forgotten = reporting.compare(s, level, head=answer.reports_head)
            if answer.went_back or answer.head < asked_after or forgotten:
                level.went_back_at = now_at

    def _level(self) -> UpperLevel:
        with self._commune.database.reading() as s:
            return upper_levels.get(s, self._level_id)

    def _name(self) -> str:
        with self._commune.database.reading() as s:
            return str(settings.read(s, "station_name") or self._commune.name)[:400]

    def _transport(self, purpose: str, level: UpperLevel) -> Transport:
        known, transport = self._transports.get(purpose, ("", None))
        if transport is None or known != level.token_sealed:
            if transport is not None:
                transport.close()
            token = self._commune.sealer.open(level.token_sealed)
            transport = Transport(level.url, authority_pem=level.authority_pem, token=token)
            self._transports[purpose] = (level.token_sealed, transport)
        return transport


def ask_identity(code: ExchangeCode) -> UpperIdentity:
    """Who is at this address, believed because the code names its key; no secret is sent. Raises LoaError."""
    with contextlib.closing(Transport(code.url, unchecked=True)) as transport:
        token = transport.get(f"{ROOT}/identity")
    try:
        unproven = msgspec.json.decode(_payload(token), type=UpperIdentity)
        key = bytes.fromhex(unproven.key)
        if key_fingerprint(key) != code.fingerprint:
            raise Invalid("exchange.other_key_at_address", field="code")
        return open_message(token, UpperIdentity, key=key, kind=IDENTITY_TYPE)
    except (ProtocolError, msgspec.MsgspecError, ValueError) as error:
        raise Invalid("exchange.other_key_at_address", field="code") from error


def _payload(token: bytes) -> bytes:
    """Of a token nobody has checked yet. Raises ValueError."""
    parts = token.split(b".")
    if len(parts) != 3:
        raise ValueError("no token")
    return base64.urlsafe_b64decode(parts[1] + b"=" * (-len(parts[1]) % 4))


def _as_report(row: ExchangeReport) -> Report:
    plain = {"report": row.id, "number": row.number, "item": row.item, "kind": row.kind, "at": row.at.isoformat()}
    return msgspec.convert(plain | row.body, Report)


def _read(body: bytes, kind: type[Answer]) -> Answer:
    try:
        return msgspec.json.decode(body, type=kind)
    except (msgspec.MsgspecError, UnicodeDecodeError) as error:
        raise Unavailable("exchange.malformed_answer") from error
