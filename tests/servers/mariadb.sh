#!/bin/sh
# A MariaDB server for tests, in a folder of its own, reached by a socket in it and by nothing else.
#   mariadb.sh start DIR [SETTING=VALUE...]   makes it, or starts again what is there; prints
#                                             ORDERCORE_TEST_MARIADB=conninfo
#   mariadb.sh kill DIR                       SIGKILL; the data stay
#   mariadb.sh stop DIR                       ends it and removes the folder
#   mariadb.sh check DIR                      does nothing but look whether it could start
# Exit status: 0, 1 (it failed, in a sentence), 77 (it is not installed).
set -u
program=mariadb.sh
. "$(dirname "$0")/lib.sh"

[ $# -ge 2 ] || fail 'mariadb.sh check|start|kill|stop DIR'
verb=$1
use_folder "$2"
shift 2

find_programs() {
    PATH=$PATH:/usr/sbin:/usr/local/sbin
    for name in mariadbd mariadb-install-db mariadb; do
        command -v $name >/dev/null 2>&1 ||
            missing 'needs the MariaDB server; on Debian: apt-get install mariadb-server'
    done
}

make_data() {
    make_folder
    # A server that starts removes what lies about in its temporary folder, also another's.
    as_server mkdir -p "$folder/tmp"
    as_server env TMPDIR="$folder/tmp" mariadb-install-db --no-defaults \
        --datadir="$folder/data" --skip-test-db \
        --auth-root-authentication-method=normal >"$folder/install.log" 2>&1 || {
        cat "$folder/install.log" >&2
        fail 'mariadb-install-db failed'
    }
    cat >"$folder/my.cnf" <<END
[mariadbd]
datadir = $folder/data
socket = $folder/sock
tmpdir = $folder/tmp
pid_file = $folder/pid
log_error = $folder/server.log
skip_networking = 1
innodb_buffer_pool_size = 64M
innodb_flush_log_at_trx_commit = 1
max_allowed_packet = 64M
max_connections = 200
END
    for setting in "$@"; do
        echo "${setting%%=*} = ${setting#*=}" >>"$folder/my.cnf"
    done
}

ask() {
    as_server mariadb --no-defaults --socket="$folder/sock" --user=root -N -B -e "$1"
}

ours() {
    [ "$(ask 'select @@datadir')" = "$folder/data/" ]
}

start() {
    find_programs
    if [ ! -d "$folder/data" ]; then
        make_data "$@"
    fi
    ours 2>/dev/null || leave_running mariadbd --defaults-file="$folder/my.cnf"
    wait_for 60 ask 'select 1' || {
        tail -n 20 "$folder/server.log" >&2
        fail 'the server did not start'
    }
    ours || fail 'another server answers'
    ask 'create database if not exists ordercore' || fail 'cannot make a database'
    echo "ORDERCORE_TEST_MARIADB=socket=$folder/sock user=root dbname=ordercore"
}

use_user mysql
case $verb in
check) find_programs ;;
start) start "$@" ;;
kill) kill_in "$folder/data" ;;
stop) remove_folder ;;
*) fail "there is no verb $verb" ;;
esac
