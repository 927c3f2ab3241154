"""The station's tables, one class each."""

from broadcaster.station.schema.alerts import AlertAllowance, AlertSource, ReceivedAlert
from broadcaster.station.schema.announcements import Announcement, Decision, announcement_zones
from broadcaster.station.schema.audit import AuditEntry, HeldAuditHead
from broadcaster.station.schema.broadcasts import Broadcast, BroadcastPart, Delivery, LiveSessionRow, ReceiptRow
from broadcaster.station.schema.clips import Clip, MachineHearing, RenderJob, StationClip, Tune
from broadcaster.station.schema.columns.base import Base, new_id
from broadcaster.station.schema.commune import ChangeCounter, DictionaryEntry, Heartbeat, Setting, StopAll
from broadcaster.station.schema.emergencies import EmergencyOrder
from broadcaster.station.schema.exchange.province import (
    ProvinceCommune,
    ProvinceItem,
    ProvinceOffer,
    ProvincePlay,
    ProvinceReport,
)
from broadcaster.station.schema.exchange.upper_levels import ExchangeReport, ReceivedOffer, UpperLevel
from broadcaster.station.schema.gauges.gauges import Gauge, GaugeAllowance, GaugeReading, GaugeRuleRow
from broadcaster.station.schema.matters import Matter
from broadcaster.station.schema.nodes.health import HealthSample
from broadcaster.station.schema.nodes.nodes import AgendaIssue, Node, NodeState
from broadcaster.station.schema.nodes.releases import NodeRelease, ReleaseMember
from broadcaster.station.schema.notices.notices import Notice, NoticeChannel, NoticeSending
from broadcaster.station.schema.people import (
    ApiToken,
    Invitation,
    KnownDevice,
    LoginSession,
    Membership,
    Person,
    RecoveryCode,
)
from broadcaster.station.schema.relays.relays import RelaySource, RelayTake, SlotRelay
from broadcaster.station.schema.residents.feedback import Feedback
from broadcaster.station.schema.slots import Occurrence, Slot, SlotItem, slot_zones
from broadcaster.station.schema.units import Unit, Zone, zone_nodes
from broadcaster.station.schema.versions import Version
from broadcaster.station.schema.writing import PatternRow, UnsavedDraft

__all__ = [
    "AgendaIssue",
    "AlertAllowance",
    "AlertSource",
    "Announcement",
    "ApiToken",
    "AuditEntry",
    "Base",
    "Broadcast",
    "BroadcastPart",
    "ChangeCounter",
    "Clip",
    "Decision",
    "Delivery",
    "DictionaryEntry",
    "EmergencyOrder",
    "ExchangeReport",
    "Feedback",
    "Gauge",
    "GaugeAllowance",
    "GaugeReading",
    "GaugeRuleRow",
    "HealthSample",
    "Heartbeat",
    "HeldAuditHead",
    "Invitation",
    "KnownDevice",
    "LiveSessionRow",
    "LoginSession",
    "MachineHearing",
    "Matter",
    "Membership",
    "Node",
    "NodeRelease",
    "NodeState",
    "Notice",
    "NoticeChannel",
    "NoticeSending",
    "Occurrence",
    "PatternRow",
    "Person",
    "ProvinceCommune",
    "ProvinceItem",
    "ProvinceOffer",
    "ProvincePlay",
    "ProvinceReport",
    "ReceiptRow",
    "ReceivedAlert",
    "ReceivedOffer",
    "RecoveryCode",
    "RelaySource",
    "RelayTake",
    "ReleaseMember",
    "RenderJob",
    "Setting",
    "Slot",
    "SlotItem",
    "SlotRelay",
    "StationClip",
    "StopAll",
    "Tune",
    "Unit",
    "UnsavedDraft",
    "UpperLevel",
    "Version",
    "Zone",
    "announcement_zones",
    "new_id",
    "slot_zones",
    "zone_nodes",
]  # fmt: skip
