"""Measurements, each a module that runs by itself. Whatever one starts ends with it, also when it is killed."""

from tests.rig.running import lifeline

lifeline.hold(scratch=True)
