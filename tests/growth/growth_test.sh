#!/bin/sh
# Proves that this library opens what each release wrote: the orders are there, every command of
# that time is known as done, the books balance, and the shop goes on.
#
# How: the frozen files of tests/growth/VERSION/ are unpacked into a temporary folder and worked on
# with the command of today. See freeze.sh.
#
# usage: growth_test.sh ORDERCORE FOLDER
set -u
LC_ALL=C
export LC_ALL
ordercore=$1
growth=$2
work=$(mktemp -d) || exit 1
trap 'rm -rf "$work"' EXIT
trap 'exit 1' HUP INT TERM
number=0
failed=0

# ok TITLE CONDITION...: one line of TAP; what the last run printed is shown when it fails.
ok() {
    number=$((number + 1))
    title=$1
    shift
    if "$@"; then
        echo "ok $number - $title"
    else
        echo "not ok $number - $title"
        sed 's/^/# /' "$work/out" | cut -c1-300 | head -n 20
        failed=1
    fi
}

run() {
    "$ordercore" "$@" >"$work/out" 2>&1
}

# opens RELEASE KIND
opens() {
    folder=$growth/$1
    file=$work/$1.$2
    gzip -dc "$folder/shop.$2.gz" >"$file"
    store=$2:$file
    count=$(wc -l <"$folder/life.jsonl")
    ok "$1 $2: opens, and the books balance" run --store "$store" verify
    run --store "$store" report
    tr -s ' ' <"$work/out" | grep -E '^(tea|cup|wrap) ' | sort >"$work/books"
    ok "$1 $2: the books are those of then" diff "$folder/books" "$work/books"
    for tenant in 0 7; do
        run --store "$store" --tenant $tenant batch <"$folder/life.jsonl"
        ok "$1 $2: tenant $tenant: each command was done" \
            test "$(grep -c '^{"ok": true, "already": true' "$work/out")" -eq "$count"
    done
    run --store "$store" call order.list '{"customer": "C-7"}'
    ok "$1 $2: the order is found by its customer" grep -q '"number": "A-1"' "$work/out"
    ok "$1 $2: orders go on" run --store "$store" call order.place \
        '{"id": "019c2000-0000-7000-8000-000000000900", "currency": "EUR", "ship_country": "DE",
          "lines": [{"sku": "cup", "quantity": 1}]}'
    ok "$1 $2: a held quantity is given back" run --store "$store" pump
    ok "$1 $2: a fulfillment goes on" run --store "$store" call fulfillment.pack \
        '{"id": "019c2000-0000-7000-8000-000000000901",
          "fulfillment_id": "019c2000-0000-7000-8000-000000000048"}'
    ok "$1 $2: the books balance behind it" run --store "$store" verify
    ok "$1 $2: it moves to another store" run copy "$store" "sqlite:$file.copy"
}

for folder in "$growth"/[0-9]*; do
    for kind in sqlite journal; do
        opens "$(basename "$folder")" $kind
    done
done
echo "1..$number"
exit $failed
