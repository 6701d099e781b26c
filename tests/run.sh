#!/bin/sh
# Builds the library and runs its tests: sh tests/run.sh [--slow | --sanitize | --stores | --all]
#   (nothing)   every suite but the slow ones; those of servers where PostgreSQL and MariaDB are
#               installed
#   --slow      the slow ones alone
#   --sanitize  every suite but the slow ones, built with the address and undefined sanitizers
#   --stores [KIND...]  the unit and sim suites over each other store, or over the kinds named:
#               sqlite journal postgres mariadb
#   --all       all four, after installing the servers
# Installs what is missing (see tools/packages.sh); servers only with --all. They are started with
# folders of their own under /tmp and are always stopped. Ends with "N passed, N failed, N
# skipped"; the exit status is 0 when nothing failed, 1 when something did, 2 when the tests could
# not be built.
set -u
cd "$(dirname "$0")/.." || exit 2
. tools/packages.sh

usual='' slow='' sanitize='' stores='' all=''
case "$#/${1:-}" in
0/) usual=yes ;;
1/--slow) slow=yes ;;
1/--sanitize) sanitize=yes ;;
*/--stores)
    shift
    stores=${*:-sqlite journal postgres mariadb}
    ;;
1/--all) usual=yes slow=yes sanitize=yes all=yes stores='sqlite journal postgres mariadb' ;;
*)
    sed -n '2,9s/^# *//p' "$0"
    exit 2
    ;;
esac
for kind in $stores; do
    case $kind in
    sqlite | journal | postgres | mariadb) ;;
    *)
        echo "There is no store \"$kind\"; they are sqlite, journal, postgres and mariadb." >&2
        exit 2
        ;;
    esac
done

need_build
need libcmocka-dev 'pkg-config --exists cmocka'
need libglpk-dev 'echo "#include <glpk.h>" | gcc -E -'
need python3 'test -x /usr/bin/python3'
if [ -n "$all" ]; then
    need_servers
fi
install_missing

options='-Dsqlite=enabled -Djson=enabled -Dshell=enabled -Dstore_suite=enabled -Dtests=enabled'
# The libraries of the servers may be absent, unless all is asked for.
if [ -n "$all" ]; then
    options="$options -Dpostgres=enabled -Dmariadb=enabled"
else
    for part in postgres/libpq/libpq-dev mariadb/libmariadb/libmariadb-dev; do
        package=${part##*/} library=${part#*/}
        if ! pkg-config --exists "${library%/*}"; then
            echo "SKIP: the ${part%%/*} store is not built: $package is not installed"
        fi
    done
fi
logs=
status=0
servers=

# Called by the trap, however this ends.
stop_servers() {
    for server in ${servers:+postgres mariadb}; do
        sh "tests/servers/$server.sh" stop "$servers/$server"
    done
    rm -rf "${servers:-/nonexistent}"
}

# Starts what is installed. Each prints NAME=value lines for the environment of the tests.
start_servers() {
    servers=$(mktemp -d /tmp/ordercore-XXXXXX) || exit 2
    trap stop_servers EXIT
    trap 'exit 1' HUP INT TERM
    # The servers run as users of their own.
    chmod 711 "$servers"
    for server in postgres mariadb; do
        sh "tests/servers/$server.sh" start "$servers/$server" >"$servers/said"
        case $? in
        0)
            while IFS='=' read -r name value; do
                export "$name=$value"
            done <"$servers/said"
            ;;
        77) echo "SKIP: what needs it (see the line above) is left out" ;;
        *)
            echo "tests/servers/$server.sh failed" >&2
            status=1
            ;;
        esac
    done
}

# run FOLDER NAME MESON-TEST-OPTION...
run() {
    folder=$1 name=$2
    shift 2
    ninja -C "$folder" || exit 2
    log=$folder/meson-logs/testlog-$name.json
    rm -f "$log"
    # With a setup Meson itself adds its name, which is ours.
    base=testlog-$name
    [ "$1" != --setup ] || base=testlog
    meson test -C "$folder" --no-rebuild --print-errorlogs --logbase "$base" "$@" || status=1
    logs="$logs $log"
}

case "$usual$slow$sanitize $stores" in
*yes* | *postgres* | *mariadb*) start_servers ;;
esac
if [ -n "$usual$slow$stores" ]; then
    # shellcheck disable=SC2086
    set_up build/tests $options || exit 2
fi
if [ -n "$usual" ]; then
    run build/tests usual --no-suite slow
fi
for kind in $stores; do
    echo
    echo "== the unit and sim suites on $kind"
    run build/tests "$kind" --setup "$kind" --suite unit --suite sim --no-suite slow
done
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
