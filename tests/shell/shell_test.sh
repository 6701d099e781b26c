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
for name in help call batch verify report import pump version; do
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
--store memory: import
--store memory: import retail
--store memory: import elsewhere x
--store memory: batch x
--store memory: pump x
-x
END

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
