"""How far a process that reads a stranger's file may go, what it answers, and how it refuses."""

from collections.abc import Mapping
from dataclasses import dataclass

Facts = Mapping[str, object]
"""What JSON can carry: text, numbers, booleans, lists and mappings of them."""

MIBIBYTE = 1 << 20


@dataclass(frozen=True, slots=True)
class Bounds:
    """The limits of one reading. Whatever goes past one of them is ended by the kernel or by the parent."""

    seconds: float = 20.0
    """Time on the wall before the process is killed."""
    processor_seconds: int = 20
    """Time of processor before the kernel ends the process."""
    memory_bytes: int = 1024 * MIBIBYTE
    """Address space of the process."""
    answer_bytes: int = 64 * MIBIBYTE
    """The largest file the process may write, its answer included."""
    open_files: int = 64
    """File descriptors at once."""
    may_start_programs: bool = False
    """Whether another program may be executed (Tesseract needs it); the limits are inherited."""


@dataclass(frozen=True, slots=True)
class BoundedResult:
    """What the function gave."""

    facts: Facts
    """Its first result."""
    content: bytes
    """Its second result."""
    guards: tuple[str, ...]
    """What confined the process on this machine: ``limits``, ``network``, ``calls``, ``files``."""


class Refused(Exception):
    """A stranger's file was not read. ``code`` says why; the sentence is made where a person sees it.

    The function itself raises it with codes of its own. The house adds four: ``took_too_long``, ``too_much_memory``,
    ``too_much_answer`` and ``crashed`` (facts: ``error``, the name of the exception, or ``signal``, a number).
    """

    def __init__(self, code: str, **facts: object) -> None:
        super().__init__(code)
        self.code = code
        self.facts = facts
