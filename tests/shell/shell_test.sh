#!/bin/sh
# Proves what a script relies on when it uses the ordercore command: exit statuses, one answer for
# each line of a batch in order, help for every command, the same bytes for the same run, and that
# nothing is lost silently when output cannot be written.
#
# How: runs the command on stores of its own in a temporary folder and looks at status, standard
# output and standard error. The session in the guide is run too, so that the guide stays true.
#
# usage: shell_test.sh ORDERCORE GUIDE
set -u
LC_ALL=C
export LC_ALL
shell=$1
guide=$2
work=$(mktemp -d) || exit 1
trap 'rm -rf "$work"' EXIT
trap 'exit 1' HUP INT TERM
number=0
failed=0

# ok TITLE CONDITION…: one line of TAP; what the last run printed is shown when it fails.
ok() {
        number=$((number + 1))
        title=$1
        shift
        if "$@"; then
                echo "ok $number - $title"
        else
                echo "not ok $number - $title"
                echo "# status $status"
                sed 's/^/# out: /' "$work/out" | cut -c1-300 | head -n 20
                sed 's/^/# err: /' "$work/err" | head -n 20
                failed=1
        fi
}

# run ARGUMENT…: standard input is that of the caller.
run() {
        "$shell" "$@" >"$work/out" 2>"$work/err"
        status=$?
}

ended() {
        test "$status" -eq "$1"
}

# Usage errors say something on standard error and nothing on standard output.
misused() {
        ended 2 && test -s "$work/err" && test ! -s "$work/out"
}

prints() {
        grep -q -e "$1" "$work/out"
}

lines() {
        test "$(wc -l <"$work/out")" -eq "$1"
}

id() {
        printf '019c1000-0000-7000-8000-%012d' "$1"
}

line() {
        sed -n "${1}p" "$work/out"
}

shop=$work/shop.jsonl
line_of_tea='"lines": [{"sku": "tea"'
cat >"$shop" <<END
{"call": "site.put", "args": {"id": "$(id 1)", "site": "main"}}
{"call": "product.put", "args": {"id": "$(id 2)", "sku": "tea", "name": "Tea"}}
{"call": "price.put", "args": {"id": "$(id 3)", "sku": "tea", "price": "4.50 EUR"}}
{"call": "stock.receive", "args": {"id": "$(id 4)", $line_of_tea, "site": "main", "quantity": 10}]}}
{"call": "order.place", "args": {"id": "$(id 5)", "currency": "EUR", $line_of_tea, "quantity": 2}]}}
{"call": "order.confirm", "args": {"id": "$(id 6)", "order_id": "$(id 5)"}}
END

# What there is.
run version </dev/null
ok 'version' ended 0
ok 'version prints three numbers' prints '^ordercore [0-9]*\.[0-9]*\.[0-9]*$'
run help </dev/null
ok 'help' ended 0
ok 'help lists order.place' prints '^  order\.place  *[A-Za-z]'
names=$(sed -n 's/^  \([a-z_]*\.[a-z_]*\) .*/\1/p' "$work/out")
ok 'help lists more than forty names' test "$(echo "$names" | wc -l)" -gt 40
kinds='(integer|boolean|choice|time|amount|quantity|text|id|bytes|list|object)'
for name in $names; do
        run help "$name" </dev/null
        ok "help $name" ended 0
        ok "help $name tells of request and answer" \
                test "$(grep -c -e "^$name: [A-Za-z]" -e '^Request' -e '^Answer' "$work/out")" -eq 3
        ok "help $name has a note for each field" \
                test "$(grep -c -E "^ +[a-z_]+ +$kinds( +(needed|-))? *\$" "$work/out")" -eq 0
done
for name in help call batch verify report import pump copy version; do
        run help $name </dev/null
        ok "help $name" ended 0
done

# Wrong usage: status 2, and what to do on standard error.
while IFS='|' read -r arguments; do
        # shellcheck disable=SC2086
        run $arguments </dev/null
        ok "usage: ordercore $arguments" misused
done <<'END'

nope
order.place
help nope
help order.place order.get
verify
--store
--store memory:
--store nothing verify
--store sqlite: verify
--tenant x --store memory: verify
--tenant -1 --store memory: verify
--tenant 9007199254740993 --store memory: verify
--clock noon --store memory: verify
--colour red --store memory: verify
--store memory: verify now
--store memory: call
--store memory: call a.b {} {}
--store memory: report nothing
--store memory: report sales stock
--store memory: report sales 2026-01-31T09:00:00Z
--store memory: report all 2026-01-31T09:00:00Z
--store memory: report moves noon
--store memory: report moves 2026-01-31T09:00:00Z 2026-02-28T09:00:00Z 2026-03-31T09:00:00Z
--store memory: import
--store memory: import retail
--store memory: import elsewhere x
--store memory: batch x
--store memory: pump x
copy
copy memory:
copy memory: memory: memory:
copy memory: nothing
copy sqlite:same.db sqlite:same.db
--store memory: copy memory: memory:
--store journal: verify
--store memory:x verify
-x
END
ok 'nothing was made on the way' test ! -e same.db

# A store that cannot be opened is no wrong usage.
run --store "sqlite:$work/no/such/folder/file" verify </dev/null
ok 'a store that cannot be opened' ended 1
for _ in 1 2 3 4 5 6 7 8; do
        echo 'this is no database, and long enough to be looked at as one'
done >"$work/text"
run --store "sqlite:$work/text" verify </dev/null
ok 'a file of something else' ended 1
ok 'a file of something else says so' test -s "$work/err"

# One call.
run --store memory: call site.list </dev/null
ok 'call without a request' ended 0
ok 'call prints its answer' prints '^{"ok": true, "answer": {"sites": \[\]}}$'
run --store memory: call site.put '{"id": "x"}' </dev/null
ok 'call refused' ended 1
ok 'call refused says which field' \
        prints '^{"ok": false, "status": "INVALID", "field": "id", "message": "'
run --store memory: call site.nope '{}' </dev/null
ok 'call of an unknown name' ended 1
ok 'call of an unknown name tells those of the noun' \
        prints '"NOT_FOUND", "field": "call".*site\.put'

# A batch: one answer a line, in order, whatever the lines say.
run --store memory: batch <"$shop"
ok 'batch of good lines' ended 0
ok 'batch has an answer for each line' lines 6
ok 'batch answers are good' test "$(grep -c '^{"ok": true, "answer": {' "$work/out")" -eq 6
ok 'batch is silent where nobody watches' test ! -s "$work/err"
{
        sed -n 1,2p "$shop"
        echo 'not JSON'
        echo
        sed -n 3p "$shop" | sed 's/$/\r/'
        echo '{"call": "order.place", "args": {"lines": [{"quantity": 1.5}]}}'
        printf '{"call": "site.list"}'
} >"$work/mixed"
run --store memory: batch <"$work/mixed"
ok 'batch with bad lines' ended 1
ok 'batch with bad lines answers each' lines 7
ok 'batch keeps the order' test "$(cut -c1-11 "$work/out" | tr -d '{":,\n')" = \
        'ok trueok trueok falsok falsok trueok falsok true'
ok 'batch says where a float stands' prints '"field": "lines\[0\]\.quantity"'
run --store memory: batch </dev/null
ok 'batch of nothing' ended 0
ok 'batch of nothing prints nothing' test ! -s "$work/out"

# A line longer than 16 MiB is refused by itself.
{
        printf '{"call": "site.list", "args": {"x": "'
        head -c 20000000 /dev/zero | tr '\0' a
        printf '"}}\n{"call": "site.list"}\n'
        head -c 40000000 /dev/zero | tr '\0' '['
} >"$work/long"
run --store memory: batch <"$work/long"
ok 'batch with lines that are too long' ended 1
ok 'batch with lines that are too long answers each' lines 3
ok 'a line that is too long is refused' test "$(grep -c '"status": "LIMIT"' "$work/out")" -eq 2
ok 'the line behind it is answered' test "$(line 2 | cut -c1-13)" = '{"ok": true, '

# Whoever asks and listens in turn is answered at once.
mkfifo "$work/ask" "$work/hear"
# In a time that is long enough, so that a missing answer fails the test instead of stopping it.
timeout 20 "$shell" --store memory: batch <"$work/ask" >"$work/hear" 2>"$work/err" &
process=$!
exec 3>"$work/ask" 4<"$work/hear"
echo '{"call": "site.list"}' >&3
read -r first <&4
echo '{"call": "product.list"}' >&3
read -r second <&4
exec 3>&- 4<&-
wait "$process"
status=$?
ok 'batch answers before it waits' test "$first" = '{"ok": true, "answer": {"sites": []}}'
ok 'batch answers each time' test "${second%%product*}" = '{"ok": true, "answer": {"'
ok 'batch ends with its input' ended 0

# What cannot be written is told.
if test -c /dev/full; then
        for arguments in version help '--store memory: batch' '--store memory: report'; do
                # shellcheck disable=SC2086
                "$shell" $arguments <"$shop" >/dev/full 2>"$work/err"
                status=$?
                : >"$work/out"
                ok "a full disk: ordercore $arguments" ended 1
                ok "a full disk is told: ordercore $arguments" grep -q 'standard output' "$work/err"
        done
fi
{
        "$shell" --store memory: batch 2>"$work/err"
        echo $? >"$work/status"
} <"$work/mixed" | :
status=$(cat "$work/status")
: >"$work/out"
ok 'a reader that has gone' ended 1

# The same run gives the same bytes.
run --store memory: --clock 2026-01-31T09:00:00Z batch <"$shop"
cp "$work/out" "$work/first"
run --store memory: --clock=2026-01-31T09:00:00Z batch <"$shop"
ok 'a fixed clock gives the same bytes' cmp -s "$work/first" "$work/out"
ok 'a fixed clock is used' prints '2026-01-31T09:00:00'

# A file keeps what was acknowledged; a repeated line is answered with what it did.
store=sqlite:$work/shop.db
run --store "$store" batch <"$shop"
ok 'batch on a file' ended 0
cp "$work/out" "$work/first"
run --store "$store" batch <"$shop"
ok 'batch on a file again' ended 0
ok 'each line was done already' test "$(grep -c '^{"ok": true, "already": true' "$work/out")" -eq 6
sed 's/"already": true, //' "$work/out" >"$work/second"
ok 'with the same answers' cmp -s "$work/first" "$work/second"
order="\"currency\": \"EUR\", $line_of_tea"
run --store "$store" call stock.list '{"sku": "tea"}' </dev/null
ok 'stock is sold once' prints '"available": "8"'
run --store "$store" call order.place "{\"id\": \"$(id 5)\", $order, \"quantity\": 3}]}" </dev/null
ok 'an id used for something else' ended 1
ok 'an id used for something else says so' prints '"status": "ID_REUSED"'
run --store "$store" call order.place "{\"id\": \"$(id 7)\", $order, \"quantity\": 9}]}" </dev/null
ok 'more than there is' ended 1
ok 'more than there is names the line' prints '"status": "OUT_OF_STOCK", "field": "lines\[0\]'
run --store "$store" --tenant 7 call order.get "{\"order_id\": \"$(id 5)\"}" </dev/null
ok 'another tenant sees nothing' prints '"status": "NOT_FOUND"'

# The books.
run --store "$store" verify </dev/null
ok 'verify' ended 0
ok 'verify says OK' test "$(cat "$work/out")" = 'verify: OK'
run --store "$store" report </dev/null
ok 'report' ended 0
cp "$work/out" "$work/first"
run --store "$store" report all </dev/null
ok 'report is report all, byte for byte' cmp -s "$work/first" "$work/out"
for name in sales stock orders money; do
        ok "report has $name" prints "^$name: [0-9]* rows\$"
        run --store "$store" report "$name" </dev/null
        ok "report $name" ended 0
        ok "report $name has rows" test "$(wc -l <"$work/out")" -gt 2
        ok "report $name has no blanks at the ends" test "$(grep -c ' $' "$work/out")" -eq 0
        cp "$work/first" "$work/out"
done
ok 'report tells the sale' prints '^tea  *EUR .* 9\.00'

# What runs short: held, waiting for a purchase order, and moved.
scarce=sqlite:$work/scarce.db
jug='"sku": "jug"'
buy="\"purchase_id\": \"$(id 23)\""
wait='"short_action": "backorder"'
until='"expires": "2026-02-01T00:00:00Z", "holder": "cart 9"'
waits="\"currency\": \"EUR\", \"lines\": [{$jug, \"quantity\": 7, \"unit_price\": \"1.00 EUR\"}]"
some="\"supplier\": \"acme\", \"site\": \"main\", \"lines\": [{$jug, \"quantity\": 5}]"
{
        cat "$shop"
        cat <<END
{"call": "supplier.put", "args": {"id": "$(id 21)", "supplier": "acme", "lead": 86400000000}}
{"call": "product.put", "args": {"id": "$(id 22)", $jug, "name": "Jug", $wait}}
{"call": "purchase.propose", "args": {"id": "$(id 23)", $some}}
{"call": "purchase.send", "args": {"id": "$(id 24)", $buy}}
{"call": "order.place", "args": {"id": "$(id 25)", $waits}}
{"call": "hold.place", "args": {"id": "$(id 26)", $until, $line_of_tea, "quantity": 3}]}}
{"call": "purchase.receive", "args": {"id": "$(id 27)", $buy}}
END
} >"$work/scarce.jsonl"
run --store "$scarce" --clock 2026-01-31T09:00:00Z batch <"$work/scarce.jsonl"
ok 'goods that run short' ended 0
run --store "$scarce" --clock 2026-01-31T09:00:30Z report holds </dev/null
ok 'report holds' prints 'cart 9  *0  *2026-02-01T00:00:00Z  *29  *tea  *main  *-  *3$'
run --store "$scarce" report backorders </dev/null
ok 'report backorders' prints '^jug  *1  *2  *2  *2026-01-31T09:00:00[.0-9]*Z  *-$'
run --store "$scarce" report moves </dev/null
ok 'report moves' prints '^jug  *supplier  *incoming  *1  *5$'
ok 'report moves by both ends' prints '^jug  *available  *allocated  *1  *5$'
run --store "$scarce" report moves 2026-01-31T00:00:00Z 2026-01-31T09:00:00Z </dev/null
ok 'report moves before a time' prints '^moves: 0 rows$'
run --store "$scarce" report moves 2026-01-31T09:00:00Z </dev/null
ok 'report moves from a time on' prints '^tea  *available  *held  *1  *3$'
run --store "$scarce" report stock </dev/null
ok 'report stock has each bucket' prints '^sku .* available .* incoming  *in_transit  *oversold '

# The pump tells each effect once.
run --store "$store" pump </dev/null
ok 'pump' ended 0
ok 'pump without --tell leaves effects' prints '^pump: 0 holds lapsed, 0 effects told'
run --store "$store" pump --tell </dev/null
ok 'pump --tell' ended 0
ok 'pump --tell prints effects' \
        prints "^{\"subject_id\": \"$(id 5)\", \"number\": 1, \"kind\": \"[a-z_]*\", "
run --store "$store" pump --tell </dev/null
ok 'pump --tell again' ended 0
ok 'pump --tell again prints none' test ! -s "$work/out"

# A journal keeps what was acknowledged, as a file of SQLite does.
run --store "journal:$work/shop.journal" batch <"$shop"
ok 'batch on a journal' ended 0
cp "$work/out" "$work/first"
run --store "journal:$work/shop.journal" batch <"$shop"
ok 'each line was done already on a journal' \
        test "$(grep -c '^{"ok": true, "already": true' "$work/out")" -eq 6
run --store "journal:$work/shop.journal" verify </dev/null
ok 'verify on a journal' test "$(cat "$work/out")" = 'verify: OK'
run --store "journal:$work/text" verify </dev/null
ok 'a file of something else is no journal' ended 1
ok 'and was left as it is' grep -q '^this is no database' "$work/text"

# moved TITLE TO: the shop is copied there with its second tenant, answers alike, and once more.
moved() {
        run copy "$store" "$2" </dev/null
        ok "copy to $1" ended 0
        ok "copy to $1 compares both ends" prints '^compare: OK, [0-9]* rows on both ends$'
        rows=$(sed -n 's/^copy: \([0-9]*\) rows read, .*/\1/p' "$work/out")
        ok "copy to $1 says how far it is" grep -q '^copy: table [0-9]* of [0-9]*, ' "$work/err"
        ok "copy to $1 tells a part of the comparison" grep -q ' ([0-9]* %)$' "$work/err"
        ok "copy to $1 has many rows" test "$rows" -gt 1000
        run copy "$store" "$2" </dev/null
        ok "copy to $1 again writes nothing" prints "^copy: $rows rows read, 0 written\$"
        run --store "$2" report </dev/null
        ok "$1 has the same books" cmp -s "$work/books" "$work/out"
        run --store "$2" --tenant 7 call product.get '{"sku": "p-250"}' </dev/null
        ok "$1 has the other tenant" ended 0
        run --store "$2" verify </dev/null
        ok "$1 is verified" ended 0
        run --store "$2" call price.put "{\"id\": \"$(id 9)\", \"sku\": \"tea\", \
\"price\": \"4.60 EUR\"}" </dev/null
        ok "$1 goes on" ended 0
        run copy "$store" "$2" </dev/null
        ok "copy to $1 overwrites nothing" ended 1
        ok "copy to $1 says which row" prints '^table [a-z_]*: row (0, .*) .* in the target'
        run --store "$2" call product.inquire '{"sku": "tea", "currency": "EUR"}' </dev/null
        ok "$1 keeps what it has" prints '"4\.60 EUR"'
}

for number_of in $(seq 100 450); do
        echo "{\"call\": \"product.put\", \"args\": {\"id\": \"$(id "$number_of")\", \
\"sku\": \"p-$number_of\", \"name\": \"P\"}}"
done >"$work/many"
run --store "$store" --tenant 7 batch <"$work/many"
ok 'another tenant has many products' ended 0
run --store "$store" report </dev/null
cp "$work/out" "$work/books"
run copy memory: memory: </dev/null
ok 'a copy of nothing' ended 0
ok 'a copy of nothing says so' prints '^copy: 0 rows read, 0 written$'
run copy "$store" "sqlite:$work/no/such/folder/file" </dev/null
ok 'a copy to where nothing can be' ended 1
moved 'a second file' "sqlite:$work/second.db"
moved 'a journal' "journal:$work/second.journal"

# Servers, each in a schema or database of this test's own.
skipped() {
        number=$((number + 1))
        echo "ok $number - copy to $1 # SKIP $2"
}
own=octest_shell_$$
if test -z "${ORDERCORE_TEST_POSTGRES:-}"; then
        skipped PostgreSQL 'ORDERCORE_TEST_POSTGRES names no server (package postgresql)'
elif ! command -v psql >/dev/null; then
        skipped PostgreSQL 'there is no psql (package postgresql-client)'
elif "$shell" --store postgres: verify 2>&1 </dev/null | grep -q 'built without'; then
        skipped PostgreSQL 'this build has no such store (package libpq-dev)'
else
        ask="psql -qX -v ON_ERROR_STOP=1"
        $ask "$ORDERCORE_TEST_POSTGRES" -c "CREATE SCHEMA $own"
        moved PostgreSQL "postgres:$ORDERCORE_TEST_POSTGRES options='-csearch_path=$own'"
        $ask "$ORDERCORE_TEST_POSTGRES" -c "SET client_min_messages = error" \
                -c "DROP SCHEMA $own CASCADE"
fi
if test -z "${ORDERCORE_TEST_MARIADB:-}"; then
        skipped MariaDB 'ORDERCORE_TEST_MARIADB names no server (package mariadb-server)'
elif ! command -v mariadb >/dev/null; then
        skipped MariaDB 'there is no mariadb (package mariadb-client)'
elif "$shell" --store mariadb: verify 2>&1 </dev/null | grep -q 'built without'; then
        skipped MariaDB 'this build has no such store (package libmariadb-dev)'
else
        address=$(echo " $ORDERCORE_TEST_MARIADB" | sed 's/ dbname=[^ ]*//')
        # shellcheck disable=SC2086
        ask="mariadb --no-defaults $(echo "$address" | sed 's/ \([a-z]\)/ --\1/g')"
        $ask -e "CREATE DATABASE $own"
        moved MariaDB "mariadb:$address dbname=$own"
        $ask -e "DROP DATABASE $own"
fi

# The guide: the block after "batch <session.jsonl" is its input, the block after that its output;
# a line of output that ends with "…" is the beginning of one.
block() {
        awk -v want="$1" '/^```/ { inside = !inside; block += inside; next }
                inside && block == want' "$guide"
}
block 2 >"$work/session"
block 3 >"$work/expected"
run --store memory: --clock 2026-01-31T09:00:00Z batch <"$work/session"
ok 'the guide has a session' test "$(wc -l <"$work/session")" -gt 4
ok 'the guide shows each answer' lines "$(wc -l <"$work/expected")"
count=0
while IFS= read -r expected; do
        count=$((count + 1))
        beginning=${expected%…}
        found=$(line $count)
        if test "$beginning" != "$expected"; then
                found=$(echo "$found" | cut -c1-${#beginning})
        fi
        ok "the guide's answer $count" test "$found" = "$beginning"
done <"$work/expected"

echo "1..$number"
exit $failed
