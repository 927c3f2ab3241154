"""Every setting of the station: ``config.yaml``, then what was chosen at the first start (``chosen_settings``), then
``LOA_…`` variables, over the defaults written here.

``LOA_WEB__PORT=9000`` sets ``web.port``; ``LOA_DATA_DIR=/srv/loa`` sets ``data_dir``. A value is read as YAML, so
numbers, booleans and lists mean what they mean in the file.
"""

import os
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Annotated, Any, get_type_hints

import msgspec
import yaml
from msgspec import Meta

from broadcaster import chosen_settings
from broadcaster.audio.settings import AudioSettings
from broadcaster.errors import Invalid
from broadcaster.network_settings import BrokerSettings as BrokerSettings
from broadcaster.network_settings import EnrolmentSettings as EnrolmentSettings
from broadcaster.network_settings import NoticeSettings, Seconds
from broadcaster.network_settings import TlsSettings as TlsSettings
from broadcaster.network_settings import WebSettings as WebSettings
from broadcaster.relays.settings import RelaySettings
from broadcaster.speech.settings import SpeechSettings

Network = Annotated[str, Meta(pattern=r"^[0-9A-Fa-f.:]+(/\d{1,3})?\Z")]


@dataclass(frozen=True, kw_only=True)
class StationSettings:
    """id: name in topics and signatures; name: for people; timezone: IANA name all local times are meant in.

    trust_clock: believe this machine's clock where its kernel does not say that time synchronisation holds it.
    """

    id: Annotated[str, Meta(pattern=r"^[a-z0-9][a-z0-9-]{0,47}\Z")] = "loa"
    name: str = "Đài truyền thanh xã"
    timezone: str = "Asia/Ho_Chi_Minh"
    trust_clock: bool = True


@dataclass(frozen=True, kw_only=True)
class DatabaseSettings:
    """url: empty for SQLite in the data folder, or ``postgresql+psycopg://user:password@host/name``."""

    url: str = ""


@dataclass(frozen=True, kw_only=True)
class ScheduleSettings:
    """Slots and broadcasts.

    horizon_hours: how far ahead occurrences are laid out.
    freeze_hours: how long before its time an occurrence's content is frozen and sent to the nodes.
    lead_seconds: from an order given now to its first sample; time for the agenda to reach every node. An emergency
        waits no longer.
    shortest_lead_seconds, longest_lead_seconds: between these it follows how quickly the ordered nodes answer, where
        that is known of all of them.
    routine_grace_minutes, priority_grace_minutes, emergency_grace_minutes: how late a broadcast may still end.
    """

    horizon_hours: Annotated[int, Meta(ge=48, le=720)] = 48
    freeze_hours: Annotated[int, Meta(ge=1, le=48)] = 24
    lead_seconds: Seconds = 1.0
    shortest_lead_seconds: Seconds = 0.4
    longest_lead_seconds: Seconds = 4.0
    routine_grace_minutes: Annotated[int, Meta(ge=1, le=1440)] = 5
    priority_grace_minutes: Annotated[int, Meta(ge=1, le=1440)] = 30
    emergency_grace_minutes: Annotated[int, Meta(ge=1, le=1440)] = 360


@dataclass(frozen=True, kw_only=True)
class DeliverySettings:
    """Agendas and clips on the wire.

    agenda_days: how long an agenda stays valid without a newer one.
    chunk_bytes: length of a clip's pieces.
    reconcile_minutes: how often the broker's holdings are compared with what they should be.
    """

    agenda_days: Annotated[int, Meta(ge=2, le=60)] = 7
    chunk_bytes: Annotated[int, Meta(ge=1024, le=262_144)] = 16_384
    reconcile_minutes: Annotated[int, Meta(ge=1, le=1440)] = 15


@dataclass(frozen=True, kw_only=True)
class StorageSettings:
    """keep_sound_days: how long the sound of what was broadcast stays on disk; the log of it stays for good.

    keep_relay_days: the same of what was taken of other stations.
    """

    keep_sound_days: Annotated[int, Meta(ge=30, le=36_500)] = 400
    keep_relay_days: Annotated[int, Meta(ge=1, le=36_500)] = 30


@dataclass(frozen=True, kw_only=True)
class BackupSettings:
    """Backups by themselves.

    places: folders (of a USB stick, of another disk) or ``sftp://user@host:port/folder``; none makes no backups.
    at: local time of day from which on one is made each day, at the next start where the machine was off.
    daily, weekly, monthly: of so many days, weeks and months the newest backup stays.
    sftp_host_key: ``SHA256:…`` of the other machine; empty remembers the first one seen and refuses another.
    sftp_seconds: longest silence of the other machine.
    longest_minutes: how long a backup may take.
    """

    places: tuple[str, ...] = ()
    at: Annotated[str, Meta(pattern=r"^([01]\d|2[0-3]):[0-5]\d\Z")] = "02:30"
    daily: Annotated[int, Meta(ge=1, le=366)] = 7
    weekly: Annotated[int, Meta(ge=0, le=520)] = 4
    monthly: Annotated[int, Meta(ge=0, le=120)] = 12
    sftp_host_key: Annotated[str, Meta(pattern=r"^(SHA256:[A-Za-z0-9+/]{43}=?)?\Z")] = ""
    sftp_seconds: Seconds = 20.0
    longest_minutes: Annotated[int, Meta(ge=1, le=1440)] = 240


@dataclass(frozen=True, kw_only=True)
class MetricsSettings:
    """Who may read ``/metrics``.

    allow: addresses and networks, such as 10.0.0.0/8; this machine alone unless told otherwise.
    token: of programs elsewhere, as ``Authorization: Bearer``; empty: none.
    """

    allow: tuple[Network, ...] = ("127.0.0.0/8", "::1/128")
    token: Annotated[str, Meta(pattern=r"^([!-~]{16,200})?\Z")] = ""


@dataclass(frozen=True, kw_only=True)
class Config:
    """All of it. ``data_dir`` holds the database, the keys, the clips and the broker's files."""

    data_dir: Path = Path("var")
    station: StationSettings = field(default_factory=StationSettings)
    database: DatabaseSettings = field(default_factory=DatabaseSettings)
    broker: BrokerSettings = field(default_factory=BrokerSettings)
    enrolment: EnrolmentSettings = field(default_factory=EnrolmentSettings)
    web: WebSettings = field(default_factory=WebSettings)
    tls: TlsSettings = field(default_factory=TlsSettings)
    schedule: ScheduleSettings = field(default_factory=ScheduleSettings)
    delivery: DeliverySettings = field(default_factory=DeliverySettings)
    storage: StorageSettings = field(default_factory=StorageSettings)
    backup: BackupSettings = field(default_factory=BackupSettings)
    metrics: MetricsSettings = field(default_factory=MetricsSettings)
    notices: NoticeSettings = field(default_factory=NoticeSettings)
    speech: SpeechSettings = field(default_factory=SpeechSettings)
    audio: AudioSettings = field(default_factory=AudioSettings)
    relay: RelaySettings = field(default_factory=RelaySettings)

    @property
    def database_url(self) -> str:
        return self.database.url or f"sqlite:///{self.data_dir.absolute() / 'loa.db'}"

    @property
    def clips_dir(self) -> Path:
        return self.data_dir / "clips"


def find(environ: Mapping[str, str] = os.environ) -> Path | None:
    """The file in force: ``LOA_CONFIG``, ``config.yaml`` in this folder, ``/etc/loa/config.yaml``, or none."""
    if environ.get("LOA_CONFIG"):
        return Path(environ["LOA_CONFIG"])
    for path in (Path("config.yaml"), Path("/etc/loa/config.yaml")):
        if path.is_file():
            return path
    return None


def load(path: Path | None = None, environ: Mapping[str, str] = os.environ) -> Config:
    """The settings in force. Raises Invalid, whose ``field`` is the setting and whose text says what to mend."""
    path = path or find(environ)
    tree = _read(path) if path else {}
    tree = chosen_settings.merged(tree, chosen_settings.read(_data_dir(tree, environ)))
    for name, text in sorted(environ.items()):
        if name.startswith("LOA_") and name != "LOA_CONFIG":
            _override(tree, name, text)
    return _build(tree, source=str(path) if path else "LOA_…")


def _data_dir(tree: dict[str, Any], environ: Mapping[str, str]) -> Path:
    """Where what was chosen lies: it cannot choose its own folder."""
    found = environ.get("LOA_DATA_DIR") or tree.get("data_dir")
    return Path(found) if isinstance(found, str) else Config.data_dir


def _read(path: Path) -> dict[str, Any]:
    try:
        tree = yaml.safe_load(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise Invalid("config.not_readable", path=path, cause=error.strerror) from None
    except (yaml.YAMLError, UnicodeDecodeError) as error:
        raise Invalid("config.not_yaml", path=path, cause=_one_line(error)) from None
    if tree is None:
        return {}
    if not isinstance(tree, dict):
        raise Invalid("config.not_a_mapping", path=path)
    return tree


def _override(tree: dict[str, Any], name: str, text: str) -> None:
    *parents, leaf = name.removeprefix("LOA_").lower().split("__")
    for parent in parents:
        tree = tree.setdefault(parent, {})
        if not isinstance(tree, dict):
            raise Invalid("config.variable_unknown", field=name, variable=name)
    try:
        tree[leaf] = yaml.safe_load(text) if text.strip() else ""  # a variable without a value is an empty word
    except yaml.YAMLError as error:
        raise Invalid("config.variable_invalid", field=name, variable=name, cause=_one_line(error)) from None


def _build(tree: dict[str, Any], *, source: str) -> Config:
    _refuse_unknown(tree, Config, "", source)
    try:
        return msgspec.convert(tree, Config, dec_hook=_convert)
    except msgspec.ValidationError as error:
        what, _, path = str(error).partition(" - at `$.")
        name = path.rstrip("`") or None
        raise Invalid("config.value_invalid", field=name, name=name, source=source, cause=what) from None


def _refuse_unknown(tree: dict[str, Any], kind: type[object], prefix: str, source: str) -> None:
    """A misspelt setting is an error, not a setting without effect."""
    known = get_type_hints(kind)
    for name, value in tree.items():
        if name not in known:
            path = prefix + name
            raise Invalid("config.setting_unknown", field=path, name=path, source=source, known=sorted(known))
        if isinstance(value, dict) and hasattr(known[name], "__dataclass_fields__"):
            _refuse_unknown(value, known[name], f"{prefix}{name}.", source)


def _convert(kind: type[object], value: Any) -> Any:
    """Folders are text in the file. Raises NotImplementedError for a kind of setting nobody taught it."""
    if kind is not Path:
        raise NotImplementedError(kind)
    return Path(value)


def _one_line(error: Exception) -> str:
    return " ".join(str(error).split())
