"""The days ahead as the nodes will play them."""
