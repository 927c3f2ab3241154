"""What a technician carries to a node: its bundle, or a code that is worth the bundle once within a day."""

from datetime import datetime

from msgspec.structs import replace
from sqlalchemy.orm import Session

from broadcaster.config import Config
from broadcaster.delivery.broker.accounts import address
from broadcaster.delivery.enrolment import offers
from broadcaster.protocol.enrolment import EnrolmentCode, NodeBundle
from broadcaster.station.nodes import nodes
from broadcaster.station.nodes.station_key import StationIdentity
from broadcaster.station.schema import Node


def bundle(s: Session, config: Config, *, node: Node, password: str) -> NodeBundle:
    """The node's identity with the password it was just given."""
    identity = StationIdentity.load_or_create(config.data_dir.absolute(), config.station.id)
    made = nodes.bundle(s, node=node, password=password, identity=identity, broker=address(config))
    shared = config.broker.kind == "external"
    return replace(made, username=config.broker.node_prefix + made.username) if shared else made


def code(s: Session, config: Config, *, node: Node, password: str, now_at: datetime) -> EnrolmentCode:
    """A code for that bundle. Raises Conflict when the station offers none, and then the node must not exist either."""
    return offers.offer(config, bundle(s, config, node=node, password=password), now_at=now_at)
