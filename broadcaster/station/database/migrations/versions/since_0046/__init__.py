"""The migrations from 0046 on: a room holds fifteen files."""
