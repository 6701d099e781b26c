#!/bin/sh
# Proves that the example runs, chooses some sites and not all, gives a reason for each other one,
# draws all of them, and that its picture is well-formed XML: sourcing_test.sh SOURCING
set -u
work=$(mktemp -d) || exit 1
trap 'rm -rf "$work"' EXIT
"$1" "$work/map.svg" >"$work/out" || exit 1
cat "$work/out"
chosen=$(grep -c 'km  chosen: ' "$work/out")
left=$(grep -c 'km  not: the order would cost more, by ' "$work/out")
[ "$chosen" -ge 2 ] && [ "$((chosen + left))" -eq 10 ] || exit 1
[ "$(grep -c '<circle' "$work/map.svg")" -eq 11 ] || exit 1
[ "$(grep -c '<line' "$work/map.svg")" -eq "$chosen" ] || exit 1
grep -q '#Prague\|oPrague' "$work/out" || exit 1
grep -q 'the books are right' "$work/out" || exit 1
if command -v xmllint >/dev/null; then
    xmllint --noout "$work/map.svg" || exit 1
else
    echo '# xmllint is not there (Debian: libxml2-utils); the picture was not checked'
fi
