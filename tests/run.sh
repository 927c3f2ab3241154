#!/bin/sh
# `make test`: everything, in three passes. Most tests wait for real time to pass, so many share the machine; those that
# listen to a sound card to the millisecond have it to themselves. Exit code 0 only when all three passed.
# Every test has a limit (tests/rig/limits.py), and so has a pass: whatever happens, this ends, and nothing runs on.
set -u
python=$1
status=0
pass() {
    echo "== $1"
    limit=$2
    shift 2
    # The profile: Hypothesis tries the same examples on every machine; a run by hand looks for others.
    "$python" tests/rig/lifeline.py "$limit" "$python" -m pytest -q -ra --hypothesis-profile=ci "$@" || status=1
}
pass "unit" 1800 -n 2 tests/unit
pass "integration and browser" 4500 -n 5 --dist loadfile --no-loadscope-reorder -m "not alone" tests/integration tests/browser tests/attacks
pass "sound card" 1800 -n 1 -m "alone" tests/integration
exit $status
