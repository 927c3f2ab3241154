"""Why a message was refused. One class per reason, so that a log line or a test can name it."""


class ProtocolError(Exception):
    """A message was refused; nothing it said was used.

    ``field`` is the path of the offending field (``items[2].start_at``), or None when the whole is at fault.
    """

    def __init__(self, message: str, *, field: str | None = None) -> None:
        super().__init__(f"{field}: {message}" if field else message)
        self.field = field


class Malformed(ProtocolError):
    """The bytes are not a message of the expected class."""


class Oversized(ProtocolError):
    """The message is longer than its class may be."""


class UnsupportedVersion(ProtocolError):
    """The message speaks a version this side does not know."""


class Unsigned(ProtocolError):
    """The signature is missing, broken, or not the station's."""


class WronglyAddressed(ProtocolError):
    """The message is meant for somebody else, or speaks for somebody else."""


class Expired(ProtocolError):
    """The message was valid once and is no longer."""


class Replayed(ProtocolError):
    """This very number has been accepted before."""


class OutOfOrder(ProtocolError):
    """A newer message has been accepted before this one."""


class Superseded(ProtocolError):
    """The message belongs to a term that has ended: a person let another machine take over the station."""


class CorruptClip(ProtocolError):
    """The assembled chunks are not the clip that was promised."""
