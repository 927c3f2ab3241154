"""Notices, the channels of people, and every message on its way to one."""
