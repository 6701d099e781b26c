#!/bin/sh
# Proves that ordercore-store-test passes the stores that are right, on each kind that needs no
# server; that it fails those that lose what they acknowledged; and what it says when it is called
# wrongly. Each run has its own folder, and nothing may be left in it.
#   store_test.sh PROGRAM [PLUGIN.so]
set -u
program=$1
plugin=${2:-}
# In memory where there is such a folder: what is durable is known without waiting for a disk.
work=$(mktemp -d -p /dev/shm 2>/dev/null || mktemp -d) || exit 1
trap 'rm -rf "$work"' EXIT
count=0
bad=0

# run STATUS ARGUMENT… : runs the program; its output is in $work/out and $work/err.
run() {
    wanted=$1
    shift
    "$program" "$@" >"$work/out" 2>"$work/err"
    status=$?
    if [ "$status" -ne "$wanted" ]; then
        echo "# $*: ended with $status instead of $wanted"
        grep -h -A1 -v '^ok' "$work/out" "$work/err" | head -n 20 | sed 's/^#* */# /'
        return 1
    fi
}

# check NAME COMMAND… : one line of TAP.
check() {
    name=$1
    shift
    count=$((count + 1))
    if "$@"; then
        echo "ok $count - $name"
    else
        echo "not ok $count - $name"
        bad=1
    fi
}

says() {
    grep -q -e "$1" "$work/out" "$work/err" || {
        echo "# nothing says: $1"
        return 1
    }
}

without() {
    if "$program" "$1:x" 2>&1 | grep -q 'built without'; then
        echo "# $1: is not in this build" && return 0
    fi
    return 1
}

clean() {
    left=$(ls -A "$work" | grep -v -e '^out$' -e '^err$')
    [ -z "$left" ] || {
        echo "# left behind: $left"
        return 1
    }
}

# Every line is "ok", the plan is right, and each check of the suite is there.
passes() {
    run 0 --rounds 200 --cuts 60 "$@" || return 1
    ! grep -q '^not ok' "$work/out" && says "^1\.\.$(grep -c '^ok' "$work/out")\$" &&
        says ' growth of the schema$' && says ' all tenants in one order$' && clean
}

file_passes() {
    without "${1%%:*}" && return 0
    passes "$1$work/store" && says ' D1, the death of the process$' && says ' D2, the loss of power'
}

memory_passes() {
    passes memory: && says 'declares D0' && ! grep -q ' D1' "$work/out"
}

plugin_passes() {
    passes "$plugin" "$work/store" && says ' D2, the loss of power'
}

# Without syncs an acknowledged batch is lost with the power, and not with the process.
relaxed_fails() {
    without "${1%%:*}" && return 0
    run 1 --rounds 1 --relaxed --class 2 "$1$work/store" &&
        says '^ok .* D1, the death of the process$' && says '^not ok .* D2, the loss of power$' &&
        says 'was acknowledged and is lost' && clean
}

relaxed_keeps_its_class() {
    without sqlite && return 0
    run 0 --rounds 1 --relaxed "sqlite:$work/store" && says 'durability class D1' &&
        ! grep -q ' D2' "$work/out" && clean
}

several() {
    run 0 --rounds 1 memory: memory: && [ "$(grep -c 'growth of the schema' "$work/out")" -eq 2 ]
}

same_seed() {
    run 0 --rounds 50 --seed 9 memory: && cp "$work/out" "$work/err" &&
        "$program" --rounds 50 --seed 9 memory: | cmp - "$work/err" && says 'seed 9, 50 rounds'
}

class_of_memory() {
    run 1 --rounds 1 --class 1 memory: && says 'cannot be opened again'
}

# misused SENTENCE ARGUMENT… : ends with 2 and says what is wrong.
misused() {
    sentence=$1
    shift
    run 2 "$@" && says "$sentence" && [ -s "$work/err" ]
}

taken() {
    echo mine >"$work/taken"
    misused 'is there already' "journal:$work/taken" && [ "$(cat "$work/taken")" = mine ] &&
        rm "$work/taken" && clean
}

no_folder() {
    misused 'no folder can be made' "journal:$work/none/store" && clean
}

no_plugin_function() {
    echo 'int nothing;' >"$work/none.c"
    cc -shared -fPIC "$work/none.c" -o "$work/none.so" 2>/dev/null || return 0
    misused 'has no function ocore_store_open_plugin' "$work/none.so" "$work/x"
    end=$?
    rm -f "$work/none.c" "$work/none.so"
    return $end
}

help() {
    run 0 --help && says '^usage:' && [ ! -s "$work/err" ]
}

check 'memory passes' memory_passes
check 'sqlite passes' file_passes sqlite:
check 'journal passes' file_passes journal:
if [ -n "$plugin" ]; then
    check 'a store of somebody else passes' plugin_passes
fi
check 'sqlite without syncs fails' relaxed_fails sqlite:
check 'journal without syncs fails' relaxed_fails journal:
check 'sqlite without syncs keeps the lower class' relaxed_keeps_its_class
check 'several stores in one run' several
check 'the same seed prints the same' same_seed
check 'memory keeps nothing' class_of_memory
check 'help' help
check 'no store' misused 'no store'
check 'an unknown kind' misused 'not understood' paper:
check 'a file without a name' misused 'has no name' journal:
check 'a plug-in whose file has no name' \
    misused 'cannot be loaded\|has no name' "${plugin:-./none.so}" ''
check 'words behind memory:' misused 'not understood' memory:x
check 'an unknown option' misused 'not understood' --nothing memory:
check 'a number that is none' misused 'a number' --rounds many memory:
check 'a number that is too small' misused 'a number' --cuts 0 memory:
check 'a class that is none' misused 'a number' --class 4 memory:
check 'a file that is there' taken
check 'a folder that is not' no_folder
check 'a plug-in without argument' misused 'ARGUMENT is missing' ./none.so
check 'a plug-in that is not there' misused 'cannot be loaded' "$work/none.so" "$work/x"
check 'a plug-in without its function' no_plugin_function
echo "1..$count"
exit $bad
