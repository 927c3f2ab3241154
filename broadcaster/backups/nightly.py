"""The backup a station makes by itself: made and tried once, then brought to every place; an earlier one goes last."""

import hashlib
import logging
import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, time, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

from broadcaster.backups import recovery_key, stock
from broadcaster.backups.files import contents, names
from broadcaster.backups.files.manifest import FileDigest
from broadcaster.backups.files.names import BackupName
from broadcaster.backups.limits import BackupLimits
from broadcaster.backups.making import Made, make, work_folder
from broadcaster.backups.places.place import MARK, PART, Access, Place, opened, require_known, shown, store
from broadcaster.backups.recovery_key import RecoveryKey
from broadcaster.backups.rotation import Copies, staying
from broadcaster.backups.stock import Digests, PlaceStock
from broadcaster.config import BackupSettings, Config
from broadcaster.errors import LoaError, Unavailable
from broadcaster.station.database.engine import Database
from broadcaster.station.rows import backup_states
from broadcaster.station.rows.backup_states import BackupState, PlaceState

AGAIN = timedelta(hours=1)
"""A place that could not be reached is tried again so much later."""

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Nightly:
    """config, database: of the station; clock: now; stop: set when the station ends."""

    config: Config
    database: Database
    clock: Callable[[], datetime]
    stop: threading.Event = field(default_factory=threading.Event)

    def look(self) -> None:
        """Make one when it is time for it, or somebody asked."""
        now_at = self.clock()
        with self.database.reading() as s:
            state, asked_at = backup_states.read(s), backup_states.asked_at(s)
        if state is None or {each.place for each in state.places} != {shown(each) for each in self._settings.places}:
            state = self._noted(self._begun(state, now_at))
        if self._settings.places and is_due(state, asked_at, now_at=now_at, last_at=self._last_at(now_at)):
            self.run()

    def run(self, *, new_places: bool = False) -> BackupState:
        """Now, whatever the time. ``new_places``: an empty stick in the place of a known one is meant so."""
        with self.database.reading() as s:
            before = self._begun(backup_states.read(s), self.clock())
        try:
            state = self._made(before, new_places=new_places)
        except LoaError as error:
            log.warning("no backup could be made: %s", error)
            state = replace(before, fault=error.reason)
        return self._noted(replace(state, tried_at=self.clock()))

    def _made(self, before: BackupState, *, new_places: bool) -> BackupState:
        key = recovery_key.in_force(self.config.data_dir)
        if key is None:
            raise Unavailable("backup.no_recovery_key")
        limits = BackupLimits(self._settings.longest_minutes * 60.0, self.stop)
        with work_folder(self.config) as work:
            digests = stock.look_over(contents.apart(self.config), limits)
            stocked = self._known_in_stock(digests, key)
            made = make(
                self.config, work, key=key, apart=stocked, damaged=digests.damaged, whole=(), now_at=self.clock(),
                limits=limits,
            )  # fmt: skip
            bringing = Bringing(self.config, key, made, digests, work, limits)
            places = tuple(
                bringing.to(address, state, new=new_places)
                for address, state in zip(self._settings.places, before.places, strict=True)
            )
        return replace(before, places=places, fault=None, damaged=digests.damaged)

    def _known_in_stock(self, digests: Digests, key: RecoveryKey) -> Mapping[str, FileDigest]:
        """For a damaged file what every place still holds of it, undamaged."""
        indexes = [stock.read_index(index_file(self.config, each, key)) for each in self._settings.places]
        better = {}
        for item in contents.apart(self.config):
            expected = item.expected_sha256
            if item.name in digests.damaged and expected and all(stock.trusts(each, expected) for each in indexes):
                better[item.name] = FileDigest(expected, item.path.stat().st_size)
        return digests.apart | better

    def _begun(self, state: BackupState | None, now_at: datetime) -> BackupState:
        """With the places that are configured now."""
        known = {each.place: each for each in state.places} if state else {}
        places = tuple(known.get(shown(each), PlaceState(shown(each))) for each in self._settings.places)
        return replace(state, places=places) if state else BackupState(None, now_at, places)

    def _noted(self, state: BackupState) -> BackupState:
        with self.database.session() as s:
            backup_states.write(s, state, now_at=self.clock())
        return state

    @property
    def _settings(self) -> BackupSettings:
        return self.config.backup

    def _last_at(self, now_at: datetime) -> datetime:
        """The last time of day at which one should have begun."""
        zone = ZoneInfo(self.config.station.timezone)
        local = now_at.astimezone(zone)
        today = datetime.combine(local.date(), time.fromisoformat(self._settings.at), zone)
        return today if today <= local else today - timedelta(days=1)


def is_due(state: BackupState, asked_at: datetime | None, *, now_at: datetime, last_at: datetime) -> bool:
    """When somebody asked since the last try; when no good one was made since ``last_at``, an hour after a failure."""
    tried_at = state.tried_at
    if tried_at is None or tried_at > now_at or (asked_at is not None and asked_at > tried_at):
        return True
    good = not state.fault and all(each.good_at and each.good_at >= last_at for each in state.places)
    return not good and (tried_at < last_at or now_at - tried_at >= AGAIN)


def index_file(config: Config, address: str, key: RecoveryKey) -> Path:
    """What is remembered of a place's stock."""
    mark = hashlib.blake2b(address.encode(), digest_size=8).hexdigest()
    return config.data_dir.absolute() / recovery_key.FOLDER / f"stock-{mark}-{key.code}.json"


def access_of(config: Config) -> Access:
    return Access(config.data_dir, config.backup.sftp_seconds, config.backup.sftp_host_key)


@dataclass(frozen=True, slots=True)
class Bringing:
    """One made backup on its way to the places."""

    config: Config
    key: RecoveryKey
    made: Made
    digests: Digests
    work: Path
    limits: BackupLimits

    def to(self, address: str, before: PlaceState, *, new: bool) -> PlaceState:
        """How the place is afterwards; whatever does not work leaves what was good there as it was."""
        try:
            with opened(address, access_of(self.config)) as place:
                require_known(place, new=new or before.good_at is None)
                copies = self._bring(place, address)
        except LoaError as error:
            log.warning("no backup at %s: %s", before.place, error)
            return replace(before, fault=error.reason)
        size = self.made.content.size_bytes
        return PlaceState(before.place, self.made.manifest.made_at, copies, size, None)

    def _bring(self, place: Place, address: str) -> int:
        """How many backups lie there afterwards."""
        made_at = self.made.manifest.made_at
        beside = PlaceStock(place, self.key, index_file(self.config, address, self.key), now_at=made_at)
        beside.bring(self.digests, self.work, self.limits)
        beside.need({each.sha256 for each in self.made.manifest.apart.values()})
        name = BackupName(self.config.station.id, made_at, self.key.code)
        store(place, name.file, self.made.path, self.made.content, self.limits)
        self._mark(place)
        remaining = self._rotate(place)
        beside.clear(oldest_at=min((each.made_at for each in remaining), default=made_at))
        return len(remaining)

    def _mark(self, place: Place) -> None:
        if MARK not in place.sizes(""):
            mark = self.work / "mark"
            mark.write_text(f'{{"station": "{self.config.station.id}"}}\n')
            with mark.open("rb") as file:
                place.write(MARK, file, self.limits)

    def _rotate(self, place: Place) -> list[BackupName]:
        """What stays. Only this station's own backups are looked at, and only those whose name says what they are."""
        ours = [each for each in map(names.parse, place.sizes("")) if each and each.station == self.config.station.id]
        settings = self.config.backup
        copies = Copies(settings.daily, settings.weekly, settings.monthly)
        zone = ZoneInfo(self.config.station.timezone)
        stays = staying([each.made_at for each in ours], zone=zone, copies=copies)
        stays.add(self.made.manifest.made_at.replace(microsecond=0))
        remaining = [each for each in ours if each.made_at in stays]
        for each in ours:
            if each not in remaining:
                place.remove(each.file)
        for name in place.sizes(""):
            if name.endswith(PART):
                place.remove(name)
        for code in {each.code for each in ours} - {each.code for each in remaining}:
            self._forget_stock(place, code)
        return remaining

    @staticmethod
    def _forget_stock(place: Place, code: str) -> None:
        """Of a key that opens no backup there any more."""
        folder = names.stock_folder(code)
        for name in place.sizes(folder):
            place.remove(f"{folder}/{name}")
