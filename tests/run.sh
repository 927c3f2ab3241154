#!/bin/sh
# `make test`: everything, in three passes. Most tests wait for real time to pass, so many share the machine; those that
# listen to a sound card to the millisecond have it to themselves. Exit code 0 only when all three passed.
set -u
python=$1
status=0
pass() {
    echo "== $1"
    shift
    "$python" -m pytest -q -ra "$@" || status=1
}
pass "unit" -n 2 tests/unit
pass "integration and browser" -n 5 --dist loadfile --no-loadscope-reorder -m "not alone" tests/integration tests/browser
pass "sound card" -m "alone" tests/integration
exit $status
