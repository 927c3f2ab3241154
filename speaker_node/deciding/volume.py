"""How loud the node may be: what commune and node allow always, and what the commune allows in this hour."""

from broadcaster.protocol.agenda import AgendaItem, Policy
from speaker_node.clock.reading import TimeReading
from speaker_node.deciding.quiet import local_time
from speaker_node.deciding.situation import passes_quiet


def allowed_percent(policy: Policy, reading: TimeReading, item: AgendaItem | None) -> int:
    """Highest amplitude for ``item``, or for whatever might come when it is None.

    The hours of the policy bind nothing while the hour is unknown, and never a real emergency: who chose a soft night
    did not mean the flood that comes in it.
    """
    hours = policy.volume_profile
    if not hours or not reading.trusted or (item and passes_quiet(item)):
        return policy.volume_percent
    return min(policy.volume_percent, hours[local_time(policy, reading.now_at).hour])
