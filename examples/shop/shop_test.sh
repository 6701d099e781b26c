#!/bin/sh
# Proves that the shop's story runs, and that a second run on the same file finds everything done
# and shows the same books: shop_test.sh SHOP
set -u
work=$(mktemp -d) || exit 1
trap 'rm -rf "$work"' EXIT
"$1" "$work/shop.db" >"$work/first" || exit 1
cat "$work/first"
"$1" "$work/shop.db" >"$work/second" || exit 1
grep -q '^This file has been through the story' "$work/second" || exit 1
for run in first second; do
    grep -q '^verify: OK$' "$work/$run" || exit 1
    sed -n '/^The customer takes it/,$p' "$work/$run" >"$work/$run.books"
done
cmp "$work/first.books" "$work/second.books"
