#!/bin/sh
# Writes requirements/{node,station,dev,peers}.txt: every package pinned, with hashes, for Python 3.11 to 3.13 on any machine.
set -eu
cd "$(dirname "$0")/.."
uv=$(command -v uv || echo .venv/bin/uv)
pin() { "$uv" pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-emit-package loa-lang \
    --no-annotate --custom-compile-command 'make lock' "$@"; }
pin pyproject.toml --extra node -o requirements/node.txt
pin pyproject.toml requirements/build.in --extra node --extra station -o requirements/station.txt
pin pyproject.toml requirements/build.in --extra node --extra station --extra piper --extra dev -c requirements/station.txt -o requirements/dev.txt
pin requirements/peers.in -o requirements/peers.txt
# A node compiles nothing: which wheels a Raspberry Pi takes of node.txt, for a test that needs no network.
lock=$(mktemp -d)
"$uv" pip compile --quiet --universal --python-version 3.11 --format pylock.toml requirements/node.txt -o "$lock/pylock.toml"
.venv/bin/python requirements/node_wheels.py "$lock/pylock.toml" > requirements/node-wheels.tsv
rm -r "$lock"
