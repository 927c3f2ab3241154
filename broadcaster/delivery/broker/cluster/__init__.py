"""Brokers that others run, one for many stations: what they must be told of ours."""
