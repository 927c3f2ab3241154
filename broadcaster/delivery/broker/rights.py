"""Who may read and write which topic: one table, from which every broker's rules are made."""

from broadcaster.delivery.broker.access import STATION_USER
from broadcaster.protocol.mqtt.topics import ROOT

NODE_READS = ("agenda", "acks", "clock/reply")
NODE_WRITES = ("wants", "status", "receipts", "clock")
"""What follows ``nodes/{its own id}/``. Besides, every node reads the clips and live sound."""
ALL_READ = ("clips", "live", "sensors")
"""What every node reads, with everything below it."""
SENSORS = "sensors"
"""What follows is the account that says it: a gauge's own, or that of a node that reads gauges."""


def mosquitto_acl(station: str) -> str:
    """The rules as Mosquitto's ``acl_file``. Patterns hold for the station too, whose own line allows everything."""
    tree = f"{ROOT}/{station}"
    lines = [f"user {STATION_USER}", f"topic readwrite {tree}/#", ""]
    lines += [f"pattern read {tree}/nodes/%u/{leaf}" for leaf in NODE_READS]
    lines += [f"pattern write {tree}/nodes/%u/{leaf}" for leaf in NODE_WRITES]
    lines.append(f"pattern write {tree}/{SENSORS}/%u")
    lines += [f"pattern read {tree}/{branch}/#" for branch in ALL_READ]
    return "\n".join(lines) + "\n"


def may_write(station: str, username: str, topic: str) -> bool:
    tree = f"{ROOT}/{station}/"
    if username == STATION_USER:
        return topic.startswith(tree)
    if topic == f"{tree}{SENSORS}/{username}":
        return True
    return any(topic == f"{tree}nodes/{username}/{leaf}" for leaf in NODE_WRITES)


def may_read(station: str, username: str, topic_or_filter: str) -> bool:
    """Also for a filter with wildcards, which a node is granted inside ``ALL_READ`` only."""
    tree = f"{ROOT}/{station}/"
    if username == STATION_USER:
        return topic_or_filter.startswith(tree)
    if any(topic_or_filter.startswith(f"{tree}{branch}/") for branch in ALL_READ):
        return True
    return any(topic_or_filter == f"{tree}nodes/{username}/{leaf}" for leaf in NODE_READS)
