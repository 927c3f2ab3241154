"""What a node is told at its start: the bundle, where to keep things, and a few local overrides."""

import ssl
import tomllib
from dataclasses import dataclass, fields, replace
from pathlib import Path
from typing import Any

from broadcaster.protocol.codec import decode
from broadcaster.protocol.enrolment import NodeBundle
from broadcaster.protocol.errors import ProtocolError
from broadcaster.protocol.signing import Audience, receipts_seed
from speaker_node.errors import SettingsRefused
from speaker_node.setup.pinned_tls import pinned_context

MEGABYTE = 1_000_000


@dataclass(frozen=True, slots=True)
class LocalSettings:
    """Everything local to one node.

    bundle: identity, credential and broker.
    data: folder for clips, ledger and agenda.
    memory: folder that outlives the program but not the power, for while ``data`` takes no writes.
    sound: ``alsa``, ``alsa:<device>`` or ``file``.
    trust_clock: believe the system's clock without the kernel's word; only beside the station on one machine.
    volume_percent: highest volume this node allows, below the commune's.
    quota_mb: room for clips, megabytes.
    offset_ms: sound leaves this node that much later than its device says, which is made up for.
    keep_files: how many recordings the file player keeps.
    relay_pin: GPIO pin (BCM number) of the amplifier's relay; 0 when it is always on.
    relay_ms: how long the amplifier takes to wake.
    mute_pin: GPIO pin (BCM number) of a switch to ground that silences the node; 0 when there is none.
    microphone: ALSA device that hears whether the horn sounds; empty when there is none.
    screen: ``file:PATH``, ``console:PATH`` or ``serial:PATH@SPEED``; empty when there is none.
    trial_seconds: how long a new program has to prove itself.
    launched: version a launcher started, ``installed`` for that of the installation; empty without a launcher.
    gauges: what the node reads, as in ``gauges.sources.choose_gauges``; empty when it reads none.
    usb: ``auto`` looks for sticks where the system mounts them, ``off`` for none; or the folder itself.
    """

    bundle: NodeBundle
    data: Path
    memory: Path
    sound: str = "alsa"
    trust_clock: bool = False
    volume_percent: int = 100
    quota_mb: int = 512
    offset_ms: int = 0
    keep_files: int = 20
    relay_pin: int = 0
    relay_ms: int = 3000
    mute_pin: int = 0
    microphone: str = ""
    screen: str = ""
    gauges: str = ""
    usb: str = "auto"
    trial_seconds: int = 600
    launched: str = ""

    @property
    def audience(self) -> Audience:
        """Whom the node obeys and who it is."""
        return Audience(self.bundle.station, self.bundle.node, bytes.fromhex(self.bundle.station_key))

    @property
    def receipts_seed(self) -> bytes:
        """By which the node signs the receipts that leave on a stick."""
        return receipts_seed(self.bundle.password)

    @property
    def quota_bytes(self) -> int:
        """Room for clips, bytes."""
        return self.quota_mb * MEGABYTE


PLACES = frozenset({"bundle", "data", "memory", "launched"})
"""What the command line, the launcher and the service manager say."""
OVERRIDES = {field.name: field.type for field in fields(LocalSettings) if field.name not in PLACES}
LIMITS = {
    "volume_percent": (0, 100),
    "quota_mb": (1, 1_000_000),
    "offset_ms": (-2000, 2000),
    "keep_files": (0, 100_000),
    "relay_pin": (0, 27),
    "relay_ms": (0, 15_000),
    "mute_pin": (0, 27),
    "trial_seconds": (5, 86_400),
}


def read_bundle(path: Path) -> NodeBundle:
    """The file written by ``loa nodes add``. Raises SettingsRefused."""
    try:
        bundle = decode(NodeBundle, path.read_bytes())
        if bundle.broker.tls_ca_pem:
            pinned_context(bundle.broker.tls_ca_pem)
        return bundle
    except ssl.SSLError as error:
        raise SettingsRefused("settings.bundle_wrong", path=path, error=error) from error
    except OSError as error:
        raise SettingsRefused("settings.bundle_unreadable", path=path, error=error.strerror or error) from error
    except ProtocolError as error:
        raise SettingsRefused("settings.bundle_wrong", path=path, error=error) from error


def read_overrides(path: Path) -> dict[str, Any]:
    """Settings in a TOML file beside the data; empty when there is none. Raises SettingsRefused."""
    if not path.exists():
        return {}
    try:
        found = tomllib.loads(path.read_text("utf-8"))
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise SettingsRefused("settings.file_unreadable", path=path, error=error) from error
    return found


def with_overrides(settings: LocalSettings, overrides: dict[str, Any]) -> LocalSettings:
    """The settings with named values replaced. Raises SettingsRefused for an unknown name or an unusable value."""
    for name, value in overrides.items():
        _check(name, value)
    return replace(settings, **overrides)


def _check(name: str, value: object) -> None:
    if name not in OVERRIDES:
        raise SettingsRefused("settings.name_unknown", name=name, known=", ".join(OVERRIDES))
    wanted = OVERRIDES[name]
    if type(value) is not wanted:
        raise SettingsRefused("settings.wrong_kind", name=name, kind=getattr(wanted, "__name__", wanted))
    if name in LIMITS and isinstance(value, int):
        low, high = LIMITS[name]
        if not low <= value <= high:
            raise SettingsRefused("settings.out_of_range", name=name, low=low, high=high)
