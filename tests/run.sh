#!/bin/sh
# Builds the library and runs its tests: sh tests/run.sh [--slow | --sanitize | --all]
#   (nothing)   every suite but the slow ones
#   --slow      the slow ones alone
#   --sanitize  every suite but the slow ones, built with the address and undefined sanitizers
#   --all       all three
# Installs what is missing (see tools/packages.sh). Ends with "N passed, N failed, N skipped"; the
# exit status is 0 when nothing failed, 1 when something did, 2 when the tests could not be built.
set -u
cd "$(dirname "$0")/.." || exit 2
. tools/packages.sh

usual='' slow='' sanitize=''
case "$#/${1:-}" in
0/) usual=yes ;;
1/--slow) slow=yes ;;
1/--sanitize) sanitize=yes ;;
1/--all) usual=yes slow=yes sanitize=yes ;;
*)
    sed -n '2,6s/^# *//p' "$0"
    exit 2
    ;;
esac

need_build
need libcmocka-dev 'pkg-config --exists cmocka'
need python3 'test -x /usr/bin/python3'
install_missing

options='-Dsqlite=enabled -Djson=enabled -Dshell=enabled -Dstore_suite=enabled -Dtests=enabled'
logs=
status=0

# run FOLDER NAME MESON-TEST-OPTION...
run() {
    folder=$1 name=$2
    shift 2
    ninja -C "$folder" || exit 2
    log=$folder/meson-logs/testlog-$name.json
    rm -f "$log"
    meson test -C "$folder" --no-rebuild --print-errorlogs --logbase "testlog-$name" "$@" ||
        status=1
    logs="$logs $log"
}

if [ -n "$usual$slow" ]; then
    # shellcheck disable=SC2086
    set_up build/tests $options || exit 2
fi
if [ -n "$usual" ]; then
    run build/tests usual --no-suite slow
fi
if [ -n "$slow" ]; then
    run build/tests slow --suite slow
fi
if [ -n "$sanitize" ]; then
    # shellcheck disable=SC2086
    set_up build/sanitize $options -Db_sanitize=address,undefined -Db_lundef=false || exit 2
    UBSAN_OPTIONS=halt_on_error=1:print_stacktrace=1
    export UBSAN_OPTIONS
    run build/sanitize sanitize --no-suite slow --no-suite replay --no-suite tidy --no-suite abi
fi

# shellcheck disable=SC2086
/usr/bin/python3 tests/summary.py $logs || status=1
exit $status
