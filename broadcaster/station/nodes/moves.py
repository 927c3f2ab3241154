"""Moving a node to another hamlet, or back."""

from datetime import datetime

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from broadcaster.station.audit import entries as audit
from broadcaster.station.nodes.steps import NodeStep, require_step
from broadcaster.station.rows import changes
from broadcaster.station.schema import Node, Person, Zone, zone_nodes
from broadcaster.station.units import steps as unit_steps
from broadcaster.station.units import units


def move(s: Session, *, node: Node, unit_id: str, by: Person, now_at: datetime) -> None:
    """It leaves the zones of its unit and of all above for those of the new one; sets put together by hand keep it.

    What is already frozen keeps its nodes. Raises NotFound, NotAllowed in either unit, or Conflict when revoked.
    """
    unit = units.get(s, unit_id)
    require_step(s, NodeStep.MOVE, node, by)
    unit_steps.require_step(s, unit_steps.UnitStep.ADD_NODE, unit, by)
    if node.unit_id == unit.id:
        return
    details = {"from": node.unit_id, "to": unit.id}
    of_units = select(Zone.id).where(Zone.unit_id.is_not(None))
    s.execute(delete(zone_nodes).where(zone_nodes.c.node_id == node.id, zone_nodes.c.zone_id.in_(of_units)))
    node.unit_id = unit.id
    s.flush()
    s.refresh(node)
    units.join_zones(s, node)
    audit.record(s, by=by, action="node.moved", subject=f"node:{node.id}", now_at=now_at, details=details)
    changes.bump(s, "nodes")
    changes.bump(s, "agendas")
