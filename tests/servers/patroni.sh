#!/bin/sh
# PostgreSQL servers that Patroni keeps, with etcd, on this machine, for tests: one leader, the
# others standbys, one of them synchronous.
#   patroni.sh start DIR [NODES [asynchronous]]   makes it, 2 nodes if not said; prints
#                                                 ORDERCORE_TEST_PATRONI=conninfo of all nodes
#   patroni.sh leader DIR                         prints the leader's number
#   patroni.sh kill DIR N                         SIGKILL for node N: server and keeper
#   patroni.sh halt DIR N                         halts the process that receives the log on
#                                                 standby N
#   patroni.sh forget DIR N                       ends that process; what it was sent and has not
#                                                 read is lost
#   patroni.sh rejoin DIR N                       starts it again and waits until it follows
#   patroni.sh stop DIR                           ends everything and removes the folder
#   patroni.sh check DIR                          does nothing but look whether it could start
# Exit status: 0, 1 (it failed, in a sentence), 77 (it is not installed).
set -u
program=patroni.sh
. "$(dirname "$0")/lib.sh"

[ $# -ge 2 ] || fail 'patroni.sh check|start|leader|kill|halt|forget|rejoin|stop DIR [N]'
verb=$1
use_folder "$2"
number=${3:-2}
case $number in
[1-9]) ;;
*) fail "$number is no number of nodes" ;;
esac

find_programs() {
    packages='on Debian: apt-get install postgresql patroni etcd-server'
    for bin in "$(pg_config --bindir 2>/dev/null)" /usr/lib/postgresql/*/bin; do
        [ ! -x "$bin/initdb" ] || [ ! -x "$bin/psql" ] || break
    done
    [ -x "$bin/initdb" ] || missing "needs the PostgreSQL server; $packages"
    patroni=$(command -v patroni) || missing "needs patroni; $packages"
    etcd=$(command -v etcd) || missing "needs etcd; $packages"
}

# make_node N REST_PORT PORT
make_node() {
    mkdir "$folder/node$1" || fail 'cannot make a folder'
    echo "$3" >"$folder/node$1/port"
    cat >"$folder/node$1/patroni.yml" <<END
scope: test
name: node$1
restapi: {listen: '127.0.0.1:$2', connect_address: '127.0.0.1:$2'}
etcd3: {host: '127.0.0.1:$etcd_port'}
watchdog: {mode: 'off'}
bootstrap:
  dcs:
    # The least that Patroni takes: a dead leader is missed after ttl seconds.
    ttl: 20
    loop_wait: 2
    retry_timeout: 5
    maximum_lag_on_failover: 1000000000
    synchronous_mode: $synchronous
    postgresql:
      use_pg_rewind: true
      parameters: {max_connections: 100, shared_buffers: 64MB, wal_log_hints: 'on'}
  initdb: [{encoding: UTF8}, {locale: C.UTF-8}]
postgresql:
  listen: '127.0.0.1:$3'
  connect_address: '127.0.0.1:$3'
  data_dir: $folder/node$1/data
  bin_dir: $bin
  pgpass: $folder/node$1/pgpass
  use_unix_socket: true
  parameters: {unix_socket_directories: '$folder'}
  pg_hba: ['local all all trust', 'host replication standby 127.0.0.1/32 scram-sha-256',
           'host all postgres 127.0.0.1/32 scram-sha-256']
  authentication:
    superuser: {username: postgres, password: $password}
    replication: {username: standby, password: $password}
END
    chmod 600 "$folder/node$1/patroni.yml"
}

make_data() {
    make_folder
    mkdir "$folder/etcd"
    password=$(od -An -N16 -tx1 /dev/urandom | tr -d ' \n')
    ports=$(free_port $((number * 2 + 2))) || exit 1
    # shellcheck disable=SC2086
    set -- $ports
    etcd_port=$1 peer_port=$2
    shift 2
    node=1
    while [ "$node" -le "$number" ]; do
        make_node "$node" "$1" "$2"
        shift 2
        node=$((node + 1))
    done
    [ -z "$server_user" ] || chown -R "$server_user" "$folder"
}

# ask N QUESTION
ask() {
    as_server "$bin/psql" -X -h "$folder" -p "$(cat "$folder/node$1/port")" -U postgres \
        -d postgres -At -c "$2"
}

each_node() {
    for each in "$folder"/node[1-9]; do
        echo "${each#"$folder"/node}"
    done
}

leader() {
    for node in $(each_node); do
        if [ "$(ask "$node" 'select pg_is_in_recovery()' 2>/dev/null)" = f ]; then
            echo "$node"
            return 0
        fi
    done
    return 1
}

start_node() {
    place=$folder/node$1
    leave_running /usr/bin/python3 "$patroni" patroni.yml
    place=
}

# The leader is followed by as many as there are, and by a synchronous one where one is wanted.
followed() {
    chief=$(leader) && [ "$(ask "$chief" "select count(*) >= $1, count(*) filter
        (where sync_state = 'sync') >= $2 from pg_stat_replication
        where state = 'streaming' and application_name like 'node%'")" = 't|t' ]
}

start() {
    find_programs
    synchronous=true wanted=1
    [ "$1" != asynchronous ] || synchronous=false wanted=0
    [ "$number" -gt 1 ] || wanted=0
    make_data
    echo "$wanted" >"$folder/wanted"
    place=$folder/etcd
    leave_running "$etcd" --name one --data-dir "$folder/etcd/data" \
        --listen-client-urls "http://127.0.0.1:$etcd_port" \
        --advertise-client-urls "http://127.0.0.1:$etcd_port" \
        --listen-peer-urls "http://127.0.0.1:$peer_port" \
        --initial-advertise-peer-urls "http://127.0.0.1:$peer_port" \
        --initial-cluster "one=http://127.0.0.1:$peer_port"
    place=
    hosts='' ports=''
    for node in $(each_node); do
        start_node "$node"
        hosts=$hosts,$folder ports=$ports,$(cat "$folder/node$node/port")
    done
    wait_for 120 followed $((number - 1)) "$wanted" || {
        tail -n 20 "$folder/output.log" >&2
        fail 'the nodes did not find together'
    }
    for node in $(each_node); do
        wait_for 60 ask "$node" 'select 1'
        [ "$(ask "$node" 'show data_directory')" = "$folder/node$node/data" ] ||
            fail 'another server answers'
    done
    echo "ORDERCORE_TEST_PATRONI=host=${hosts#,} port=${ports#,} user=postgres dbname=postgres" \
        "target_session_attrs=read-write"
}

use_user postgres
case $verb in
check) find_programs ;;
start) start "${4:-synchronous}" ;;
leader)
    find_programs
    leader || fail 'there is no leader'
    ;;
kill) kill_in "$folder/node$number" ;;
halt) signal_in "$folder/node$number/data" walreceiver STOP ;;
forget) signal_in "$folder/node$number/data" walreceiver TERM CONT ;;
rejoin)
    find_programs
    [ -f "$folder/node$number/patroni.yml" ] || fail "there is no node $number in $folder"
    rm -f "$folder/node$number/data/postmaster.pid" \
        "$folder/.s.PGSQL.$(cat "$folder/node$number/port")"*
    start_node "$number"
    { wait_for 120 ask "$number" 'select 1' &&
        wait_for 120 followed 1 "$(cat "$folder/wanted")"; } || fail "node $number did not join"
    ;;
stop) remove_folder ;;
*) fail "there is no verb $verb" ;;
esac
