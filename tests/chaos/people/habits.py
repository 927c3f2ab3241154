"""How often the people of the commune do what."""

import random
from collections.abc import Callable

from tests.chaos.people.commune import Commune
from tests.chaos.village.village import HAMLETS

SPARE = HAMLETS[-1]


class Habits:
    """A seeded stream of deeds."""

    def __init__(self, commune: Commune, seed: int, *, speaks: bool = False) -> None:
        """``speaks``: also live."""
        self._speaks = speaks
        self._commune = commune
        self._random = random.Random(seed + 1)
        self._stopped = False

    def pause(self, mean_seconds: float) -> float:
        """Until the next deed."""
        return self._random.uniform(0.3, 1.7) * mean_seconds

    def next(self) -> Callable[[], None]:
        """The next deed. A stop-all is lifted with the deed after it."""
        if self._stopped:
            self._stopped = False
            return self._commune.lift
        deeds: list[tuple[Callable[[], None], int]] = [
            (self._commune.order, 10),
            (self._commune.order_strictly, 2),
            (self._commune.cancel, 5),
            (self._commune.write, 3),
            (self._commune.edit, 1),
            (self._stop, 1),
            (self._virtual_nodes_change, 1),
            *([(self._commune.speak, 2)] if self._speaks else []),
        ]
        return self._random.choices([deed for deed, _ in deeds], [weight for _, weight in deeds])[0]

    def _stop(self) -> None:
        self._stopped = True
        self._commune.stop()

    def _virtual_nodes_change(self) -> None:
        """One more node in the spare hamlet, or that one taken out of service again."""
        here = self._commune.village
        extra = [virtual_node for virtual_node in here.standing if virtual_node.id.startswith(f"cum-loa-{SPARE}")]
        if extra:
            here.remove_virtual_node(extra[0])
        else:
            here.add_virtual_node(SPARE)
