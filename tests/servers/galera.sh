#!/bin/sh
# A Galera cluster of MariaDB servers on this machine, for tests: a folder of its own, a socket in
# it for each node.
#   galera.sh start DIR [NODES]   makes it, 3 nodes if not said; prints
#                                 ORDERCORE_TEST_GALERA=conninfo|conninfo|conninfo
#   galera.sh kill DIR N          SIGKILL for node N (1, 2, 3); its data stay
#   galera.sh rejoin DIR N        starts it again and waits until it has caught up
#   galera.sh stop DIR            ends all nodes and removes the folder
#   galera.sh check DIR           does nothing but look whether it could start
# Exit status: 0, 1 (it failed, in a sentence), 77 (it is not installed).
set -u
program=galera.sh
. "$(dirname "$0")/lib.sh"

[ $# -ge 2 ] || fail 'galera.sh check|start|kill|rejoin|stop DIR [N]'
verb=$1
use_folder "$2"
number=${3:-3}
case $number in
[1-9]) ;;
*) fail "$number is no number of nodes" ;;
esac

find_programs() {
    PATH=$PATH:/usr/sbin:/usr/local/sbin
    packages='on Debian: apt-get install mariadb-server galera-4 rsync'
    for name in mariadbd mariadb-install-db mariadb rsync; do
        command -v $name >/dev/null 2>&1 || missing "needs $name; $packages"
    done
    for provider in /usr/lib/galera/libgalera_smm.so /usr/lib/*/galera/libgalera_smm.so \
        /usr/lib64/galera-4/libgalera_smm.so; do
        [ ! -f "$provider" ] || return 0
    done
    missing "needs the Galera library; $packages"
}

# make_node N GROUP_PORT IST_PORT SST_PORT: its settings; the data are made once and copied, and a
# node that joins gets those of the cluster anyway.
make_node() {
    cp -a "$folder/empty" "$folder/data$1" || fail 'cannot copy an empty data folder'
    as_server mkdir -p "$folder/tmp$1"
    cat >"$folder/node$1.cnf" <<END
[mariadbd]
datadir = $folder/data$1
tmpdir = $folder/tmp$1
socket = $folder/sock$1
pid_file = $folder/pid$1
log_error = $folder/server$1.log
skip_networking = 1
innodb_buffer_pool_size = 64M
innodb_log_file_size = 32M
innodb_flush_log_at_trx_commit = 1
innodb_autoinc_lock_mode = 2
binlog_format = ROW
max_allowed_packet = 64M
max_connections = 100
wsrep_on = ON
wsrep_provider = $provider
wsrep_cluster_name = ordercore_test_$$
wsrep_cluster_address = gcomm://$members
wsrep_node_name = node$1
wsrep_node_address = 127.0.0.1
wsrep_sst_method = rsync
wsrep_sst_receive_address = 127.0.0.1:$4
END
    # Times that fit one machine; the first must stay below the second.
    printf 'wsrep_provider_options = "%s"\n' "gmcast.listen_addr=tcp://127.0.0.1:$2;\
ist.recv_addr=127.0.0.1:$3;gcache.size=64M;evs.keepalive_period=PT0.3S;\
evs.suspect_timeout=PT2S;evs.inactive_timeout=PT4S;evs.inactive_check_period=PT0.3S" \
        >>"$folder/node$1.cnf"
}

make_data() {
    make_folder
    as_server mkdir -p "$folder/tmp"
    as_server env TMPDIR="$folder/tmp" mariadb-install-db --no-defaults \
        --datadir="$folder/empty" --skip-test-db \
        --auth-root-authentication-method=normal >"$folder/install.log" 2>&1 || {
        cat "$folder/install.log" >&2
        fail 'mariadb-install-db failed'
    }
    ports=$(free_port $((number * 3))) || exit 1
    # shellcheck disable=SC2086
    set -- $ports
    members=$(echo "$ports" | cut -d ' ' -f "1-$number" | sed 's/[0-9][0-9]*/127.0.0.1:&/g
        s/ /,/g')
    node=1
    while [ "$node" -le "$number" ]; do
        eval "make_node $node \"\${$node}\" \"\${$((number + node))}\"" \
            "\"\${$((2 * number + node))}\""
        node=$((node + 1))
    done
}

ask() {
    as_server mariadb --no-defaults --socket="$folder/sock$1" --user=root -N -B -e "$2"
}

synced() {
    [ "$(ask "$1" "select variable_value from information_schema.global_status
        where variable_name in ('wsrep_ready', 'wsrep_local_state_comment')
        order by variable_name" 2>/dev/null | tr '\n' ' ')" = 'Synced ON ' ]
}

# start_node N [OPTION]
start_node() {
    leave_running mariadbd --defaults-file="$folder/node$1.cnf" ${2:+"$2"}
    wait_for 120 synced "$1" || {
        tail -n 20 "$folder/server$1.log" >&2
        fail "node $1 did not join"
    }
    [ "$(ask "$1" 'select @@datadir')" = "$folder/data$1/" ] || fail 'another server answers'
}

start() {
    find_programs
    make_data
    start_node 1 --wsrep-new-cluster
    ask 1 'create database if not exists ordercore' || fail 'cannot make a database'
    node=2
    while [ "$node" -le "$number" ]; do
        start_node "$node"
        node=$((node + 1))
    done
    line=
    node=1
    while [ "$node" -le "$number" ]; do
        line="$line|socket=$folder/sock$node user=root dbname=ordercore"
        node=$((node + 1))
    done
    echo "ORDERCORE_TEST_GALERA=${line#|}"
}

use_user mysql
case $verb in
check) find_programs ;;
start) start ;;
kill) kill_in "$folder/data$number" ;;
rejoin)
    find_programs
    [ -f "$folder/node$number.cnf" ] || fail "there is no node $number in $folder"
    start_node "$number"
    ;;
stop) remove_folder ;;
*) fail "there is no verb $verb" ;;
esac
