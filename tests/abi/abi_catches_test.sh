#!/bin/sh
# Proves that the ABI tests catch what breaks a program that was built before: in a copy of headers
# and map a field is inserted, a status is renumbered, a callback's arguments are swapped, a
# function is removed; each time one of the tests must fail, and on the untouched copy both must
# pass.
#   abi_catches_test.sh CC
set -u
cc=${1:-cc}
here=$(cd "$(dirname "$0")" && pwd)
root=$(cd "$here/../.." && pwd)
work=$(mktemp -d) || exit 1
trap 'rm -rf "$work"' EXIT
PYTHONDONTWRITEBYTECODE=1
export PYTHONDONTWRITEBYTECODE
count=0
failed=0

fresh() {
    rm -rf "$work/include" "$work/map"
    cp -r "$root/include" "$work/include"
    cp "$root/src/ordercore.map" "$work/map"
}

# Compiles the frozen test as a program of then would be, against the headers of the copy, and
# compares the headers with the map.
holds() {
    "$cc" -std=c11 -Werror -fsyntax-only -I "$work/include" "$here/abi_0_1.c" >"$work/out" 2>&1 ||
        return 1
    # shellcheck disable=SC2046
    /usr/bin/python3 "$here/symbols.py" "$work/map" $(core_headers) >>"$work/out" 2>&1
}

core_headers() {
    for header in "$work"/include/ordercore/*.h; do
        case $header in
        */sqlite.h | */postgres.h | */mariadb.h | */json.h) ;;
        */store_suite.h | */fault_store.h | */flash_emulator.h) ;;
        *) echo "$header" ;;
        esac
    done
}

# check WANTED WHAT FILE SED-SCRIPT
check() {
    fresh
    count=$((count + 1))
    if [ -n "$3" ]; then
        sed "$4" "$work/$3" >"$work/changed"
        if cmp -s "$work/changed" "$work/$3"; then
            echo "not ok $count - $2: the change did not apply"
            failed=1
            return
        fi
        cp "$work/changed" "$work/$3"
    fi
    if holds; then found=passes; else found=fails; fi
    if [ $found = "$1" ]; then
        echo "ok $count - $2: $found"
    else
        echo "not ok $count - $2: $found"
        sed 's/^/# /' "$work/out" | head -n 20
        failed=1
    fi
}

echo 1..8
check passes 'nothing changed' '' ''
check fails 'a field inserted in the middle' include/ordercore/inventory.h \
    's|^        int64_t held;  .*|        int64_t promised;\n&|'
check fails 'a frozen value that grew' include/ordercore/base.h \
    's|^} ocore_quantity;|        int64_t more;\n&|'
check fails 'a member of another type' include/ordercore/order.h \
    's|^        int64_t due_minor; |        uint64_t due_minor; |'
check fails 'a status renumbered' include/ordercore/base.h \
    's|^#define OCORE_OUT_OF_STOCK (-8)|#define OCORE_OUT_OF_STOCK (-19)|'
check fails 'arguments of a callback swapped' include/ordercore/core.h \
    's|(void \*user_data, void \*bytes, size_t size)|(void *user_data, size_t size, void *bytes)|'
check fails 'a function removed from the header' include/ordercore/order.h \
    '/^OCORE_API int ocore_order_place(/d'
check fails 'a function removed from the map' map '/ocore_order_place;/d'
exit $failed
