#!/bin/sh
# Runs the command (pip install …) and says once a second how far it is; what it wrote is shown when it fails.
set -eu
log=$(mktemp)
trap 'rm -f "$log"' EXIT
"$@" >"$log" 2>&1 &
pid=$!
seconds=0
while kill -0 "$pid" 2>/dev/null; do
    sleep 1
    seconds=$((seconds + 1))
    step=$(grep -E '^ *(Collecting|Downloading|Using|Installing|Building|Successfully)' "$log" | tail -1 | cut -c1-70 || true)
    printf '[%3s s] %s\n' "$seconds" "$step"
done
wait "$pid" || { cat "$log" >&2; exit 1; }
