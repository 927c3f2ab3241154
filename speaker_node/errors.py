"""What stops a node, or a part of it: a code and facts. Sentences are made of them where somebody reads them.

NodeError
├── SettingsRefused
├── EnrolmentRefused
├── StorageFault      its code is a TroubleCode of the protocol
├── SoundFault        its code is a ReasonCode or a TroubleCode of the protocol
└── AlreadyBegun
"""

from collections.abc import Mapping
from dataclasses import dataclass, field

from broadcaster.protocol.status import Trouble
from speaker_node.sentences import sentence

FACT_LENGTH = 200
"""The longest text that a fact may be on the wire."""


@dataclass(frozen=True, slots=True)
class NodeReason:
    """Why something is as it is.

    code: the same in every language; empty for "no reason".
    facts: what its sentence names.
    """

    code: str = ""
    facts: Mapping[str, str | int] = field(default_factory=dict)


NO_REASON = NodeReason()


class NodeError(Exception):
    """Something the person beside the node can act on. ``str(error)`` is its Vietnamese sentence."""

    def __init__(self, code: str, /, **facts: object) -> None:
        super().__init__(code)
        self.code = str(code)
        self.facts = {name: fact if isinstance(fact, int) else _text(fact) for name, fact in facts.items()}

    @property
    def reason(self) -> NodeReason:
        """As a value."""
        return NodeReason(self.code, self.facts)

    @property
    def trouble(self) -> Trouble:
        """For a status."""
        return Trouble(code=self.code, facts=self.facts)

    def __str__(self) -> str:
        return sentence(self.code, self.facts)


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

    played_ms = 0


class AlreadyBegun(NodeError):
    """The ledger does not let this broadcast begin: it sounded before, or its story is over."""


def _text(fact: object) -> str:
    return str(fact).replace("\x00", "")[:FACT_LENGTH]
