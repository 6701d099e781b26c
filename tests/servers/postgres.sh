#!/bin/sh
# A PostgreSQL server for tests, in a folder of its own, reached by a socket in it and by nothing
# else.
#   postgres.sh start DIR [SETTING=VALUE...]   makes it, or starts again what is there; prints
#                                              ORDERCORE_TEST_POSTGRES=conninfo
#   postgres.sh kill DIR                       SIGKILL for every process of it; the data stay
#   postgres.sh halt DIR                       halts the process that writes the log for commits
#                                              which do not wait for it
#   postgres.sh stop DIR                       ends it and removes the folder
#   postgres.sh check DIR                      does nothing but look whether it could start
# Exit status: 0, 1 (it failed, in a sentence), 77 (it is not installed).
set -u
program=postgres.sh
. "$(dirname "$0")/lib.sh"

[ $# -ge 2 ] || fail 'postgres.sh check|start|kill|halt|stop DIR'
verb=$1
use_folder "$2"
shift 2

find_programs() {
    for bin in "$(pg_config --bindir 2>/dev/null)" /usr/lib/postgresql/*/bin \
        /usr/local/pgsql/bin; do
        if [ -x "$bin/initdb" ] && [ -x "$bin/pg_ctl" ] && [ -x "$bin/psql" ]; then
            return
        fi
    done
    missing 'needs the PostgreSQL server; on Debian: apt-get install postgresql'
}

make_data() {
    make_folder
    as_server "$bin/initdb" -D "$folder/data" -A trust -U postgres -E UTF8 --locale=C.UTF-8 \
        --no-sync >"$folder/initdb.log" 2>&1 || {
        cat "$folder/initdb.log" >&2
        fail 'initdb failed'
    }
    cat >>"$folder/data/postgresql.conf" <<END
listen_addresses = ''
unix_socket_directories = '$folder'
max_connections = 150
shared_buffers = 64MB
logging_collector = off
log_min_error_statement = panic
END
    for setting in "$@"; do
        echo "${setting%%=*} = '${setting#*=}'" >>"$folder/data/postgresql.conf"
    done
}

ask() {
    as_server "$bin/psql" -X -h "$folder" -p 5432 -U postgres -d postgres -At -c "$1"
}

ours() {
    [ "$(ask 'show data_directory')" = "$folder/data" ]
}

start() {
    find_programs
    if [ ! -d "$folder/data" ]; then
        make_data "$@"
    fi
    ours 2>/dev/null || as_server "$bin/pg_ctl" -D "$folder/data" -l "$folder/server.log" -w \
        -t 60 start >"$folder/pg_ctl.log" 2>&1 || {
        tail -n 20 "$folder/pg_ctl.log" "$folder/server.log" >&2
        fail 'the server did not start'
    }
    ours || fail 'another server answers'
    echo "ORDERCORE_TEST_POSTGRES=host=$folder port=5432 user=postgres dbname=postgres"
}

use_user postgres
case $verb in
check) find_programs ;;
start) start "$@" ;;
kill)
    kill_in "$folder/data"
    # Its number may still be taken by what is left of it until somebody waits for it.
    rm -f "$folder/data/postmaster.pid" "$folder"/.s.PGSQL.*
    ;;
halt) signal_in "$folder/data" walwriter STOP ;;
stop) remove_folder ;;
*) fail "there is no verb $verb" ;;
esac
