"""What stops a node, or a part of it. ``str(error)`` is Vietnamese: subject, fact, remedy."""


class NodeError(Exception):
    """Something the person beside the node can act on."""


class SettingsRefused(NodeError):
    """The bundle or the settings file cannot be used."""


class EnrolmentRefused(NodeError):
    """The code is none, or the station at its address did not honour it."""


class StorageFault(NodeError):
    """The card refused a read or a write."""


class SoundFault(NodeError):
    """The clip could not be decoded, or the device took no sound.

    ``played_ms`` is the sound that had left the device before the fault.
    """

    def __init__(self, message: str, *, played_ms: int = 0) -> None:
        super().__init__(message)
        self.played_ms = played_ms


class AlreadyBegun(NodeError):
    """The ledger does not let this broadcast begin: it sounded before, or its story is over."""
