# What examples/run.sh, tests/run.sh and .ci/run share: finding and installing missing packages.
# To be sourced by a POSIX shell.
#
#   need PACKAGE TRIAL    notes the Debian package as missing unless the shell command TRIAL works
#   install_missing       prints the apt line, then runs it: as root, or by sudo

missing=

need() {
    if eval "$2" >/dev/null 2>&1; then
        return 0
    fi
    # The trial may fail for want of another package; what dpkg calls installed is not asked again.
    if dpkg-query -W -f '${db:Status-Status}\n' "$1" 2>/dev/null | grep -q '^installed$'; then
        return 0
    fi
    missing="$missing $1"
}

# What every build needs. libpq-dev and libmariadb-dev are not among it: their stores are left out
# where they are missing.
need_build() {
    need gcc 'command -v gcc'
    need libc6-dev 'echo "#include <stdio.h>" | gcc -E -'
    need meson 'command -v meson'
    need ninja-build 'command -v ninja'
    need pkg-config 'command -v pkg-config'
    need libsqlite3-dev 'pkg-config --exists sqlite3'
    need libjansson-dev 'pkg-config --exists jansson'
}

# Where Debian keeps the PostgreSQL server: one folder for each version (15 on Debian 12, 17 on 13).
have_postgres_server() {
    for bin in /usr/lib/postgresql/*/bin; do
        [ -x "$bin/initdb" ] && return 0
    done
    return 1
}

# PostgreSQL, for its store and its tests.
need_postgres() {
    need libpq-dev 'pkg-config --exists libpq'
    need postgresql have_postgres_server
}

# Every server and cluster that the tests know how to start.
need_servers() {
    need_postgres
    need patroni 'command -v patroni'
    need etcd-server 'command -v etcd'
    need etcd-client 'command -v etcdctl'
    need libmariadb-dev 'pkg-config --exists libmariadb'
    need mariadb-server 'PATH=$PATH:/usr/sbin; command -v mariadbd'
    need galera-4 'ls /usr/lib/galera/libgalera_smm.so'
    need rsync 'command -v rsync'
}

install_missing() {
    [ -n "$missing" ] || return 0
    line="apt-get install -y --no-install-recommends$missing"
    if ! command -v apt-get >/dev/null 2>&1; then
        echo "These are missing, by their names in Debian:$missing" >&2
        exit 2
    fi
    if [ "$(id -u)" -eq 0 ]; then
        as_root=
    elif command -v sudo >/dev/null 2>&1; then
        as_root=sudo
    else
        echo "Some packages are missing, and there is neither root nor sudo. As root, run:" >&2
        echo "    apt-get update && $line" >&2
        exit 2
    fi
    echo "Some packages are missing. To be run now:"
    echo "    ${as_root:+sudo }$line"
    # The package lists may be absent, or name files that are gone: then they are fetched first.
    # shellcheck disable=SC2086
    if ls /var/lib/apt/lists/*_Packages* >/dev/null 2>&1 &&
        apt_get install -y --no-install-recommends $missing; then
        return 0
    fi
    echo "Fetching the package lists:"
    # shellcheck disable=SC2086
    if apt_get update && apt_get install -y --no-install-recommends $missing; then
        return 0
    fi
    echo "The packages could not be installed. The line was:" >&2
    echo "    ${as_root:+sudo }$line" >&2
    exit 2
}

apt_get() {
    $as_root env DEBIAN_FRONTEND=noninteractive apt-get -q "$@"
}

# set_up FOLDER OPTION...: makes the build folder, or brings it up to date.
set_up() {
    folder=$1
    shift
    if [ -f "$folder/build.ninja" ]; then
        meson setup --reconfigure "$folder" "$@" >"$folder/setup.log" 2>&1 && return 0
        cat "$folder/setup.log" >&2
        return 1
    fi
    echo "Setting up $folder"
    mkdir -p "$folder"
    meson setup "$folder" "$@" >"$folder/setup.log" 2>&1 && return 0
    cat "$folder/setup.log" >&2
    return 1
}
