#!/bin/sh
# Proves that strangers can use what is installed: installs into a folder of its own and builds the
# program of README.md with pkg-config, with CMake (where there is one), statically, and as a Meson
# subproject; each result is run.
set -u
root=$(cd "$(dirname "$0")/../.." && pwd)
work=$(mktemp -d) || exit 1
trap 'rm -rf "$work"' EXIT
count=0
failed=0
prefix=$work/prefix

# step NAME COMMAND…
step() {
    name=$1
    shift
    count=$((count + 1))
    if "$@" >"$work/out" 2>&1; then
        echo "ok $count - $name"
    else
        echo "not ok $count - $name"
        sed 's/^/# /' "$work/out" | tail -n 30
        failed=1
    fi
}

installed() {
    meson setup "$work/build" "$root" --prefix "$prefix" --libdir lib --default-library both \
        -Dtests=disabled -Dexamples=false -Ddocs=disabled &&
        meson install -C "$work/build" &&
        /usr/bin/python3 "$root/tests/tidy/extract.py" "$root/README.md" "$work/readme.c"
}

config() {
    PKG_CONFIG_PATH=$prefix/lib/pkgconfig pkg-config "$@"
}

by_pkg_config() {
    # shellcheck disable=SC2046
    cc "$work/readme.c" -o "$work/by_pkg_config" \
        $(config --cflags --libs ordercore-sqlite ordercore-json $servers) &&
        LD_LIBRARY_PATH=$prefix/lib "$work/by_pkg_config"
}

static() {
    cat >"$work/both.c" <<'TEXT' &&
#include <ordercore.h>
#include <ordercore/sqlite.h>
int main(void)
{
        ocore_store store;
        return ocore_sqlite_store(NULL, &store) == OCORE_INVALID &&
                        ocore_str_equal(ocore_str_of("a"), ocore_str_of("a"))
                ? 0
                : 1;
}
TEXT
        cc -I "$prefix/include" "$work/both.c" -o "$work/both" "$prefix/lib/libordercore-sqlite.a" \
            "$prefix/lib/libordercore.a" -lsqlite3 && "$work/both" &&
        cc -I "$prefix/include" "$work/readme.c" -o "$work/static" "$prefix/lib/libordercore.a" &&
        "$work/static"
}

by_cmake() {
    mkdir -p "$work/cmake" && cat >"$work/cmake/CMakeLists.txt" <<TEXT &&
cmake_minimum_required(VERSION 3.13)
project(stranger C)
find_package(ordercore 0.1 REQUIRED COMPONENTS sqlite json$components)
add_executable(stranger ../readme.c)
set_property(TARGET stranger PROPERTY C_STANDARD 11)
foreach(name ordercore sqlite json$components)
  target_link_libraries(stranger ordercore::\${name})
endforeach()
TEXT
        cmake -S "$work/cmake" -B "$work/cmake/build" -DCMAKE_PREFIX_PATH="$prefix" &&
        cmake --build "$work/cmake/build" && "$work/cmake/build/stranger"
}

as_subproject() {
    mkdir -p "$work/meson/subprojects" && ln -s "$root" "$work/meson/subprojects/ordercore" &&
        cp "$work/readme.c" "$work/meson/" && cat >"$work/meson/meson.build" <<'TEXT' &&
project('stranger', 'c', default_options: ['c_std=c11'])
subproject('ordercore')
test('stranger', executable('stranger', 'readme.c', dependencies: dependency('ordercore')))
TEXT
        meson setup "$work/meson/build" "$work/meson" && meson test -C "$work/meson/build"
}

shell_runs() {
    LD_LIBRARY_PATH=$prefix/lib "$prefix/bin/ordercore" version
}

store_test_runs() {
    LD_LIBRARY_PATH=$prefix/lib "$prefix/bin/ordercore-store-test" --rounds 200 memory:
}

step 'builds and installs' installed
# The stores of servers are there where their client libraries are.
servers=
components=
for store in postgres mariadb; do
    if [ -f "$prefix/lib/pkgconfig/ordercore-$store.pc" ]; then
        servers="$servers ordercore-$store"
        components="$components $store"
    fi
done
step 'with pkg-config' by_pkg_config
step 'with the static libraries' static
step 'as a Meson subproject' as_subproject
step 'the installed shell' shell_runs
step 'the installed store test' store_test_runs
if command -v cmake >/dev/null 2>&1; then
    step 'with CMake' by_cmake
else
    count=$((count + 1))
    echo "ok $count - with CMake # SKIP there is no cmake"
fi
echo "1..$count"
exit $failed
