#!/bin/sh
# `make test`: everything, in three passes. Most tests wait for real time to pass, so many share the machine; those that
# listen to a sound card to the millisecond have it to themselves. Exit code 0 only when all three passed.
# Every test has a limit (tests/rig/running/limits.py), and so has a pass: whatever happens, this ends, and nothing runs on.
# What fails beside others, on a machine that perhaps belongs to still others, is run once more by itself, and counts as
# passed when it passes then; both runs are printed. More than a handful that fail are no accident, and are not run again.
set -u
python=$1
status=0
HANDFUL=4
run() {
    limit=$1
    shift
    # The profile: Hypothesis tries the same examples on every machine; a run by hand looks for others.
    "$python" tests/rig/running/lifeline.py "$limit" "$python" -m pytest -q -ra --hypothesis-profile=ci "$@"
}
pass() {
    name=$1
    limit=$2
    workers=$3
    shift 3
    failed=".pytest_cache/$name"
    rm -rf "$failed"
    echo "== $name"
    run "$limit" -n "$workers" -o cache_dir="$failed" "$@" && return
    if [ $? -ne 1 ] || [ "$("$python" tests/rig/running/failures.py "$failed")" -gt $HANDFUL ]; then
        status=1
        return
    fi
    echo "== $name: what failed, once more, one by one"
    run "$limit" -n 1 -o cache_dir="$failed" --last-failed --last-failed-no-failures=none "$@" || status=1
}
pass unit 1800 2 tests/unit
pass integration 4500 5 --dist loadfile --no-loadscope-reorder -m "not alone" tests/integration tests/browser tests/attacks
pass sound-card 1800 1 -m alone tests/integration
exit $status
