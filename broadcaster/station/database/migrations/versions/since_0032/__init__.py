"""The migrations from 0032 on: a room holds fifteen files."""
