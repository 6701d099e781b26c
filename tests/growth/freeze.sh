#!/bin/sh
# Freezes the layout of a release as files, once, when it is made:
#   sh tests/growth/freeze.sh ORDERCORE VERSION
# carries tests/growth/VERSION/life.jsonl (or, when it is not there, that of the newest release) out
# on each store in a file and keeps the files beside it. They are never made again: a newer library
# must open what an older one wrote.
set -eu
ordercore=$1
version=$2
growth=$(cd "$(dirname "$0")" && pwd)
folder=$growth/$version
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

if [ -e "$folder/shop.sqlite.gz" ]; then
    echo "freeze.sh: $version is frozen already" >&2
    exit 1
fi
mkdir -p "$folder"
[ -f "$folder/life.jsonl" ] || cp "$(ls -d "$growth"/[0-9]*/life.jsonl | tail -n 1)" "$folder"
for kind in sqlite journal; do
    for tenant in 0 7; do
        "$ordercore" --store "$kind:$work/shop.$kind" --tenant $tenant \
            --clock 2026-02-02T09:00:00Z batch <"$folder/life.jsonl" >"$work/answers"
    done
    gzip -n -9 <"$work/shop.$kind" >"$folder/shop.$kind.gz"
done
"$ordercore" --store "sqlite:$work/shop.sqlite" report >"$work/books"
grep -E '^(tea|cup|wrap) ' "$work/books" | tr -s ' ' | sort >"$folder/books"
ls -l "$folder"
