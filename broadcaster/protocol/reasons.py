"""Why a broadcast was not played whole, and what is wrong with a node: codes, whose sentences stand where people read.

On the wire a code is a plain string: what a newer node says stays readable as its own name, and the sentences of older
nodes are told apart by not being one. No program compares sentences.
"""

from enum import StrEnum


class ReasonCode(StrEnum):
    """Why a broadcast was not played whole, as a receipt states it. Facts are named in brackets."""

    NODE_OFF = "node_off"
    """It was off, or had not received its agenda, when the broadcast was due."""
    STOP_ALL = "stop_all"
    LOCAL_SWITCH = "local_switch"
    """Somebody at the node had switched it silent."""
    CLIP_MISSING = "clip_missing"
    QUIET_HOURS = "quiet_hours"
    NODE_BUSY = "node_busy"
    """Another broadcast sounded until it was too late."""
    EMERGENCY_FIRST = "emergency_first"
    CANCELLED = "cancelled"
    OUT_OF_TIME = "out_of_time"
    """It ran past its expiry while it sounded."""
    NODE_RESTARTED = "node_restarted"
    """Power or program were lost while it sounded."""
    NODE_SHUT_DOWN = "node_shut_down"
    LEDGER_LOST = "ledger_lost"
    """It may have sounded already: the memory of what was played is gone."""
    NO_TIME_TO_REPEAT = "no_time_to_repeat"
    """It was cut short and could not be played again from the start in time."""
    LIVE_NOT_RECEIVED = "live_not_received"
    """No packet of a live session came."""
    CLIP_NOT_SOUND = "clip_not_sound"
    CLIP_DAMAGED = "clip_damaged"
    DEVICE_FAILED = "device_failed"
    """[device, error]"""
    DEVICE_STALLED = "device_stalled"
    """[device]"""
    SOUND_LIBRARY_MISSING = "sound_library_missing"
    """[library, package]"""
    PLAYER_FAILED = "player_failed"
    """[error]"""


class TroubleCode(StrEnum):
    """What a technician should know of a node, as a status states it. Facts are named in brackets."""

    PROGRAM_ERROR = "program_error"
    AGENDA_DAMAGED = "agenda_damaged"
    """The agenda on the card cannot be read; the station's next one replaces it."""
    LEDGER_NOT_WRITTEN = "ledger_not_written"
    """[cause] The card takes no entries; the node goes on in memory."""
    LEDGER_STOPPED = "ledger_stopped"
    """[cause] Not even memory takes entries; nothing is played until the program is started anew."""
    LEDGER_REBUILT = "ledger_rebuilt"
    """[file] The ledger was unreadable, or written by a newer program, and was set aside."""
    FILE_NOT_WRITTEN = "file_not_written"
    """[file, cause]"""
    CLIP_NOT_WRITTEN = "clip_not_written"
    """[cause]"""
    CARD_ALMOST_FULL = "card_almost_full"
    CLIPS_CROWDED_OUT = "clips_crowded_out"
    """[count] Clips that are due late have no room."""
    MONTH_SPENT = "month_spent"
    """The month's bytes are spent; only clips of emergencies and live orders are fetched."""
    DOWNLOADS_PAUSED = "downloads_paused"
    """[count]"""
    MICROPHONE_SILENT = "microphone_silent"
    """[device]"""
    MICROPHONE_FAILED = "microphone_failed"
    """[device, error]"""
    STATION_CLOCK_AHEAD = "station_clock_ahead"
    """[seconds] The agenda in force was signed later than it is by this node's vouched clock."""


class CardCause(StrEnum):
    """Why a card refused, the fact ``cause`` of a trouble; anything else there is the system's own words."""

    FULL = "full"
    READ_ONLY = "read_only"
    FAULTY = "faulty"
    NOT_OPENED = "not_opened"


def reason_code(text: str) -> ReasonCode | None:
    """The code that a receipt's ``reason`` is; None for the code of a newer node and a sentence of an older one."""
    try:
        return ReasonCode(text)
    except ValueError:
        return None
