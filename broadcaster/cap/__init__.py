"""Common Alerting Protocol 1.2 (OASIS, 2010): others' warnings are read, our alarms written. Pure."""
