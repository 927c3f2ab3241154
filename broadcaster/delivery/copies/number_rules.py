"""Which numbers the next agendas may have, and which nodes get none."""

from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class NumberRules:
    """What the issuer has to heed.

    above: the next number of these nodes is higher than this.
    below: the next number of these nodes is one they refuse, this at most.
    anew: these get another agenda although nothing changed.
    left: these obey another machine and get none else.
    unsent: of these the agenda has been refused, and is not sent again.
    """

    above: dict[str, int] = field(default_factory=dict)
    below: dict[str, int] = field(default_factory=dict)
    anew: set[str] = field(default_factory=set)
    left: set[str] = field(default_factory=set)
    unsent: set[str] = field(default_factory=set)

    def wants(self, node: str) -> bool:
        """Whether it gets an agenda although nothing changed."""
        return node in self.above or node in self.below or node in self.anew

    def next_number(self, node: str, last: int) -> int:
        """After ``last``; 0 is none."""
        if node in self.below:
            return max(1, min(last + 1, self.below[node]))
        return max(last, self.above.get(node, 0)) + 1
