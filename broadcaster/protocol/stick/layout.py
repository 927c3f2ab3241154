"""What lies where in the folder ``loa-lang`` of a USB stick: agendas and clips going out, receipts coming back.

One stick may serve many nodes: the clips are shared, everything else carries the node's name.
"""

FOLDER = "loa-lang"
CLIPS = "clips"


def agenda(node: str) -> str:
    """The signed agenda, as it stands at the broker."""
    return f"{node}.agenda"


def acks(node: str) -> str:
    """Signed acknowledgements, one a line."""
    return f"{node}.acks"


def receipts(node: str) -> str:
    """Receipts messages, one a line, oldest first: everything the station has not acknowledged."""
    return f"{node}.receipts"


def note(node: str) -> str:
    """For whoever carries the stick: what the node made of it, in Vietnamese."""
    return f"{node}.txt"


def clip(sha256: str) -> str:
    """A whole clip."""
    return f"{CLIPS}/{clip_name(sha256)}"


def clip_name(sha256: str) -> str:
    """Its name in the folder ``CLIPS``."""
    return f"{sha256}.ogg"
