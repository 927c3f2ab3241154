"""The nodes: taking one into service and out of it, and hearing how it is."""

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from broadcaster.errors import Conflict, NotFound
from broadcaster.protocol.enrolment import BrokerAddress, NodeBundle
from broadcaster.protocol.signing import public_key, receipts_seed
from broadcaster.station.audit import entries as audit
from broadcaster.station.copies import own_copy
from broadcaster.station.nodes.board import NodeView, view
from broadcaster.station.nodes.credentials import hash_password, random_password, salted_sha256
from broadcaster.station.nodes.observed import duplicates, sound_faults
from broadcaster.station.nodes.station_key import StationIdentity
from broadcaster.station.nodes.statuses import record as record_status
from broadcaster.station.nodes.steps import NodeStep, require_step
from broadcaster.station.people.roles import require
from broadcaster.station.rows import changes, settings
from broadcaster.station.schema import AgendaIssue, Node, NodeState, Person
from broadcaster.station.units.units import join_zones
from broadcaster.station.vocabulary.names import free_slug, name_of, slug, sort_key

__all__ = ["add_node", "board", "bundle", "get", "listing", "new_password", "record_status", "revoke_node"]


def add_node(
    s: Session,
    *,
    name: str,
    unit_id: str,
    by: Person | None,
    now_at: datetime,
    weak_link: bool = False,
    node_id: str | None = None,
    place: str = "",
) -> tuple[Node, str]:
    """A new node and its password at the broker, which is kept only as a hash. Raises NotAllowed, Conflict, Invalid."""
    if by is not None:
        require(s, by, "manage_nodes", unit_id)
    label = name_of(name, field="name")
    password = random_password()
    made = _id(s, node_id, label)
    node = Node(
        id=made,
        name=label,
        unit_id=unit_id,
        created_at=now_at,
        username=made,
        password_hash=hash_password(password),
        password_sha256=salted_sha256(password),
        receipt_key=_receipt_key(password),
        weak_link=weak_link,
        volume_percent=settings.read(s, "default_volume_percent", 100),
        place=place[:200],
    )
    s.add(node)
    s.flush()
    join_zones(s, node)
    _note(s, node, "node.added", by=by, now_at=now_at)
    return node, password


def get(s: Session, node_id: str) -> Node:
    """Raises NotFound."""
    node = s.get(Node, node_id)
    if node is None:
        raise NotFound("node.not_found", node=node_id)
    return node


def listing(s: Session, *, revoked: bool = False) -> list[Node]:
    """The nodes in service, or with ``revoked`` all there ever were, by name."""
    chosen = select(Node) if revoked else select(Node).where(Node.revoked_at.is_(None))
    return sorted(s.scalars(chosen), key=lambda node: sort_key(node.name))


def bundle(s: Session, *, node: Node, password: str, identity: StationIdentity, broker: BrokerAddress) -> NodeBundle:
    """The file the node is started with; a secret."""
    return NodeBundle(
        station=identity.station,
        node=get(s, node.id).id,
        name=node.name,
        station_key=identity.public_key.hex(),
        username=node.username,
        password=password,
        broker=broker,
    )


def new_password(s: Session, *, node: Node, by: Person | None, now_at: datetime) -> str:
    """A fresh password for a node whose card was replaced; the old one works no more. Raises Conflict when revoked."""
    if by is not None:
        require_step(s, NodeStep.RENEW, node, by)
    _require_in_service(node)
    password = random_password()
    node.password_hash, node.receipt_key = hash_password(password), _receipt_key(password)
    node.password_sha256 = salted_sha256(password)
    state = s.get(NodeState, node.id)
    if state is not None:
        state.online = False  # the machine with the old one is cut off, and a broker may swallow its last will
    _note(s, node, "node.password_set", by=by, now_at=now_at)
    return password


def revoke_node(s: Session, *, node: Node, by: Person | None, now_at: datetime) -> None:
    """Take the node out of service: it is locked out at the broker and no longer planned for."""
    if by is not None:
        require_step(s, NodeStep.REVOKE, node, by)
    _require_in_service(node)
    node.revoked_at = now_at
    _note(s, node, "node.revoked", by=by, now_at=now_at)


def board(s: Session, *, now_at: datetime) -> list[NodeView]:
    """Every node in service as the console shows it."""
    states = {state.node_id: state for state in s.scalars(select(NodeState))}
    issued = {issue.node_id: issue.number for issue in s.scalars(select(AgendaIssue))}
    twofold, own = duplicates.seen(s, now_at=now_at), own_copy.read(s)
    dumb = sound_faults.by_node(s, now_at=now_at)
    return [
        view(
            node,
            states.get(node.id),
            issued_number=issued.get(node.id),
            now_at=now_at,
            own=own,
            twofold=node.id in twofold,
            sound_fault=dumb.get(node.id),
        )
        for node in listing(s)
    ]


def _id(s: Session, node_id: str | None, label: str) -> str:
    if node_id is None:
        return free_slug(label, lambda made: s.get(Node, made) is not None)
    made = slug(node_id)
    if s.get(Node, made) is not None:
        raise Conflict("node.id_taken", field="id", node=made)
    return made


def _receipt_key(password: str) -> str:
    return public_key(receipts_seed(password)).hex()


def _require_in_service(node: Node) -> None:
    if node.revoked_at is not None:
        raise Conflict("node.revoked", node=node.name)


def _note(s: Session, node: Node, action: str, *, by: Person | None, now_at: datetime) -> None:
    audit.record(s, by=by, action=action, subject=f"node:{node.id}", now_at=now_at, details={"name": node.name})
    changes.bump(s, "nodes")
    changes.bump(s, "agendas")
