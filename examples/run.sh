#!/bin/sh
# The first look: sh examples/run.sh [DIR]
#   (nothing)  builds the library and runs examples/shop, a small shop on a SQLite file
#   DIR        replays the real orders in DIR/*.csv (see examples/README.md) on a SQLite file,
#              prints the reports, verifies the books and, by a script that does not use the
#              library, computes stock, sales and refunds once more
# Installs what is missing (see tools/packages.sh).
set -u
case "$#/${1:-}" in
0/ | 1/[!-]*) ;;
*)
    sed -n '2,6s/^# *//p' "$0"
    exit 2
    ;;
esac
data=
if [ "$#" -eq 1 ]; then
    data=$(cd "$1" && pwd) || exit 2
    ls "$data"/*.csv >/dev/null || exit 2
fi
cd "$(dirname "$0")/.." || exit 2
. tools/packages.sh

need_build
install_missing

# Static, so that the programs run wherever they are put.
set_up build/examples --buildtype=release -Ddefault_library=static -Dsqlite=enabled \
    -Djson=enabled -Dshell=enabled -Dtests=disabled || exit 2
ninja -C build/examples || exit 2

if [ -z "$data" ]; then
    file=build/examples/shop.db
    rm -f "$file" "$file-wal" "$file-shm"
    echo
    exec build/examples/examples/shop/shop "$file"
fi

file=build/examples/retail.db
ordercore=build/examples/src/ordercore
rm -f "$file" "$file-wal" "$file-shm"
echo
echo "Importing $data into $file"
"$ordercore" --store "sqlite:$file" import retail "$data"/*.csv || exit 1
report=build/examples/retail-report.txt
"$ordercore" --store "sqlite:$file" report >"$report" || exit 1
for name in sales stock; do
    "$ordercore" --store "sqlite:$file" report $name >build/examples/$name.txt || exit 1
    echo
    head -n 12 build/examples/$name.txt
    echo "… all of it stands in $report"
done
for name in orders money; do
    echo
    "$ordercore" --store "sqlite:$file" report $name || exit 1
done
echo
"$ordercore" --store "sqlite:$file" verify || exit 1
if [ -x /usr/bin/python3 ]; then
    /usr/bin/python3 tests/retail/recompute.py "$report" "$data"/*.csv
else
    echo "The independent recomputation needs /usr/bin/python3; it was left out."
fi
