# What the scripts beside this one share: users, folders, free ports, waiting, and an end that is
# sure. Read with "." after $program is set; says nothing on stdout.
# shellcheck disable=SC2154

# fail SENTENCE: the server cannot be had, and that is an error.
fail() {
    echo "$program: $1" >&2
    exit 1
}

# missing SENTENCE: the server cannot be had, because it is not installed.
missing() {
    echo "$program: $1" >&2
    exit 77
}

place=

# use_user NAME: servers refuse to run as root; whoever is not root runs them as himself.
use_user() {
    server_user=
    if [ "$(id -u)" = 0 ]; then
        id "$1" >/dev/null 2>&1 || missing "there is no user $1 to run the server as"
        server_user=$1
    fi
}

# as_server COMMAND...: carries it out as that user, in $place (the folder, if not set), with
# nothing of the caller's environment that could lead it to another server.
as_server() {
    (
        cd "${place:-$folder}" || exit 1
        set -- env -i PATH="$PATH" HOME="$folder" LC_ALL=C.UTF-8 "$@"
        [ -z "$server_user" ] ||
            set -- setpriv --reuid "$server_user" --regid "$server_user" --init-groups "$@"
        exec "$@"
    )
}

# leave_running COMMAND...: as_server in the background, holding nothing of the caller's open.
leave_running() {
    (
        exec </dev/null >>"$folder/output.log" 2>&1
        as_server "$@"
    ) &
}

# use_folder DIR: an absolute path, short enough for a socket within.
use_folder() {
    case $1 in
    /*) folder=$1 ;;
    *) folder=$(pwd)/$1 ;;
    esac
    [ ${#folder} -le 80 ] || fail "$folder is too long for a socket; take a folder under /tmp"
}

# make_folder: a new folder that only the server's user (and root) may enter: it has no passwords.
make_folder() {
    if [ -d "$folder" ] && [ -n "$(ls -A "$folder")" ]; then
        fail "$folder is not empty"
    fi
    if ! mkdir -p "$folder" || ! chmod 700 "$folder" || ! : >"$folder/.test-server"; then
        fail "cannot make $folder"
    fi
    [ -z "$server_user" ] || chown -R "$server_user" "$folder" || fail "cannot give $folder away"
}

# free_port COUNT: that many ports that nobody listens on.
free_port() {
    /usr/bin/python3 -c '
import socket, sys
taken = [socket.socket() for _ in range(int(sys.argv[1]))]
for one in taken:
    one.bind(("127.0.0.1", 0))
print(" ".join(str(one.getsockname()[1]) for one in taken))' "$1" || fail "no free port"
}

# wait_for SECONDS COMMAND...: until it succeeds.
wait_for() {
    tries=$(($1 * 10))
    shift
    until "$@" >/dev/null 2>&1; do
        tries=$((tries - 1))
        [ "$tries" -gt 0 ] || return 1
        sleep 0.1
    done
}

# living FOLDER: the processes that work in this folder; every server here works in one of its own.
living() {
    find /proc/[0-9]*/cwd -maxdepth 0 \( -lname "$1" -o -lname "$1/*" \) 2>/dev/null |
        cut -d / -f 3
}

gone() {
    [ -z "$(living "$1")" ]
}

# kill_in FOLDER: SIGKILL for all that works there, and waits until nothing does.
kill_in() {
    rounds=0
    while [ "$rounds" -lt 50 ] && ! gone "$1"; do
        for process in $(living "$1"); do
            kill -KILL "$process" 2>/dev/null
        done
        rounds=$((rounds + 1))
        sleep 0.1
    done
    gone "$1" || fail "processes in $1 do not end"
}

# signal_in FOLDER WORD SIGNAL...: to each process that works there and has the word in its title.
signal_in() {
    place_of=$1 word=$2 found=
    shift 2
    for process in $(living "$place_of"); do
        case $(tr '\0' ' ' <"/proc/$process/cmdline") in
        *"$word"*)
            found=yes
            for signal in "$@"; do
                kill "-$signal" "$process" || fail "cannot signal the $word"
            done
            ;;
        esac
    done
    [ -n "$found" ] || fail "there is no $word in $place_of"
}

# remove_folder: only a folder that one of these scripts made.
remove_folder() {
    [ -e "$folder" ] || exit 0
    [ -f "$folder/.test-server" ] || fail "$folder was not made by this script"
    cd /
    kill_in "$folder"
    rm -rf "$folder"
}
