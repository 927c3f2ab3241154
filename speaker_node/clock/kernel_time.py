"""What the kernel thinks of its own clock: the look-up that station and node share."""

from broadcaster.protocol.kernel_time import KernelTime, boot_id, has_battery_clock, look

__all__ = ["KernelTime", "boot_id", "has_battery_clock", "look"]
