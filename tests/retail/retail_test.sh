#!/bin/sh
# Proves the replay of the retail files: retail_test.sh ORDERCORE PYTHON FOLDER
#   - on memory and on SQLite it ends with the same bytes from "ordercore report";
#   - verify finds nothing;
#   - a second import changes nothing; one that began with the first file alone ends the same;
#   - where FOLDER has an expected.txt, messages and summary are those;
#   - recompute.py, which does not use the library, comes to the same stock, sales and refunds,
#     and notices when a figure is changed.
# Exit status 77 (skipped) when FOLDER is not there.
set -u
ordercore=$1 python=$2 folder=$3
here=$(dirname "$0")
if ! ls "$folder"/*.csv >/dev/null 2>&1; then
    echo "SKIP: $folder has no retail files (see the README of the data)"
    exit 77
fi
work=$(mktemp -d) || exit 1
trap 'rm -rf "$work"' EXIT
failed=0

must() {
    what=$1
    shift
    if "$@"; then
        echo "ok: $what"
    else
        echo "FAILED: $what"
        failed=1
    fi
}

stop() {
    echo "FAILED: $1"
    exit 1
}

store=sqlite:$work/retail.db
"$ordercore" --store memory: import retail --report "$folder"/*.csv \
    >"$work/memory" 2>"$work/messages" ||
    stop "import into memory: $(cat "$work/messages")"
"$ordercore" --store "$store" import retail --report "$folder"/*.csv >"$work/sqlite" 2>/dev/null ||
    stop "import into SQLite"
sed -n '1,/^verify/p' "$work/memory"
must "memory and SQLite print the same" cmp "$work/memory" "$work/sqlite"
must "verify found nothing" grep -q '^verify: OK$' "$work/sqlite"

if [ -f "$folder/expected.txt" ]; then
    { sed "s|$folder/||" "$work/messages" && sed '/^$/,$d' "$work/memory"; } >"$work/told"
    must "messages and summary are as expected" diff "$folder/expected.txt" "$work/told"
fi

"$ordercore" --store "$store" report >"$work/report" || stop "report"
"$ordercore" --store "$store" import retail "$folder"/*.csv >"$work/again" 2>/dev/null ||
    stop "the second import"
"$ordercore" --store "$store" report >"$work/report-again" || stop "the second report"
must "the second import changed no report" cmp "$work/report" "$work/report-again"
must "the second import did nothing anew" grep -Eq '^commands carried out +0$' "$work/again"
must "verify after the second import" "$ordercore" --store "$store" verify

first=$(ls "$folder"/*.csv | head -n 1)
grown=sqlite:$work/grown.db
{ "$ordercore" --store "$grown" import retail "$first" &&
    "$ordercore" --store "$grown" import retail "$folder"/*.csv; } >/dev/null 2>&1 ||
    stop "import of one file and then of all"
"$ordercore" --store "$grown" report >"$work/report-grown" || stop "the report of both"
must "one file and then all end the same" cmp "$work/report" "$work/report-grown"

must "recomputed without the library" "$python" "$here/recompute.py" "$work/report" "$folder"/*.csv
for table in sales stock; do
    # One digit of a row more or less must be noticed. Columns are counted from behind: a sku may
    # hold blanks.
    column=refunded
    [ "$table" = stock ] && column=available
    awk -v table="$table:" -v column="$column" '$1 == table { at = NR }
        at && NR == at + 1 { for (i = 1; i <= NF; i++) if ($i == column) behind = NF - i }
        at && NR == at + 3 { sub(/[0-9]/, "7&", $(NF - behind)) }
        { print }' "$work/report" >"$work/wrong"
    if "$python" "$here/recompute.py" "$work/wrong" "$folder"/*.csv >"$work/differences"; then
        must "a changed figure of $table is noticed" false
    else
        must "a changed figure of $table is noticed" grep -q "^$table of" "$work/differences"
    fi
done
exit $failed
