#!/bin/sh
# Freezes the ABI of release 0.1 anew: the test abi_0_1.c and the headers that old_program.c is
# compiled with. Only until 0.1 is released; then this file and what it wrote are history.
set -eu
here=$(cd "$(dirname "$0")" && pwd)
root=$(cd "$here/../.." && pwd)

mkdir -p "$here/0.1/include/ordercore"
cp "$root/include/ordercore.h" "$here/0.1/include/"
cp "$root"/include/ordercore/*.h "$here/0.1/include/ordercore/"
# The suite for stores is linked statically and promises no ABI.
rm -f "$here/0.1/include/ordercore/store_suite.h" "$here/0.1/include/ordercore/fault_store.h" \
    "$here/0.1/include/ordercore/flash_emulator.h"

PYTHONDONTWRITEBYTECODE=1 /usr/bin/python3 "$here/freeze.py" "$here/abi_0_1.c" \
    $(for header in base record store journal copy core catalog sourcing inventory stock_control \
        shipping order payment fulfillment returns supply report command sqlite postgres mariadb \
        json; do
        echo "$root/include/ordercore/$header.h"
    done)
echo "frozen: abi_0_1.c and 0.1/include"
