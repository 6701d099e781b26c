#!/bin/sh
# Proves that tests/tidy/tidy.py sees what it is for: in a small tree of its own each rule is broken
# once, and the check of that rule must fail; on the tree as it was all checks pass.
set -u
here=$(cd "$(dirname "$0")" && pwd)
work=$(mktemp -d) || exit 1
trap 'rm -rf "$work"' EXIT
tree=$work/tree
count=0
failed=0

fresh() {
    rm -rf "$tree"
    mkdir -p "$tree/src/base" "$tree/src/order" "$tree/src/payment" "$tree/src/stores/memory" \
        "$tree/include/ordercore" "$tree/tests/tidy"
    cp "$here/tidy.py" "$tree/tests/tidy/"
    : >"$tree/tests/tidy/exceptions.txt"
    echo "files('base/a.c', 'order/b.c', 'stores/memory/d.c')" >"$tree/src/meson.build"
    printf '/* Values. */\n#include "a.h"\nint one(void)\n{\n        return 1;\n}\n' \
        >"$tree/src/base/a.c"
    echo '/* Values. */' >"$tree/src/base/a.h"
    printf '/* Orders. */\n#include "../base/a.h"\n' >"$tree/src/order/b.c"
    echo '/* Payments. */' >"$tree/src/payment/c.h"
    printf '/* A store. */\n#include "../../base/a.h"\n#include <ordercore/store.h>\n' \
        >"$tree/src/stores/memory/d.c"
    printf '/** Does it. Since 0.1. */\nOCORE_API int ocore_a(void);\n' |
        sed '1i /** @file a.h */' >"$tree/include/ordercore/a.h"
}

# expect WANTED CHECK WHAT: runs one check (or "all") on the tree
expect() {
    count=$((count + 1))
    [ "$2" = all ] && set -- "$1" '' "$3"
    # shellcheck disable=SC2086
    if PYTHONDONTWRITEBYTECODE=1 /usr/bin/python3 "$tree/tests/tidy/tidy.py" "$tree" $2 \
        >"$work/out" 2>&1; then
        found=passes
    else
        found=fails
    fi
    if [ $found = "$1" ] && ! grep -q Traceback "$work/out"; then
        echo "ok $count - $3: $found"
    else
        echo "not ok $count - $3: $found"
        sed 's/^/# /' "$work/out"
        failed=1
    fi
    fresh
}

lines() {
    awk -v n="$1" -v text="$2" 'BEGIN { for (i = 0; i < n; i++) print text }'
}

fresh
expect passes all 'the tree as it is'
echo '#include "../payment/c.h"' >>"$tree/src/order/b.c"
expect fails includes 'an order that knows payments'
echo '#include <ordercore/payment.h>' >>"$tree/src/order/b.c"
expect fails includes 'an order that knows the public header of payments'
echo '#include "../../order/b.h"' >>"$tree/src/stores/memory/d.c"
echo '/* Orders. */' >"$tree/src/order/b.h"
expect fails includes 'a store that knows orders'
lines 600 'int x;' >>"$tree/src/base/a.c"
expect fails file_length 'a file of more than 600 lines'
{ printf 'int two(void)\n{\n'; lines 69 '        ;'; echo '}'; } >>"$tree/src/base/a.c"
expect fails function_length 'a function of 71 lines'
{ printf 'int two(void)\n{\n'; lines 68 '        ;'; echo '}'; } >>"$tree/src/base/a.c"
expect passes function_length 'a function of 70 lines'
awk 'BEGIN { printf "/*"; for (i = 0; i < 97; i++) printf " "; print "*/" }' >>"$tree/src/base/a.c"
expect fails columns 'a line of more than 100 columns'
printf 'OCORE_API int ocore_b(void);\n' >>"$tree/include/ordercore/a.h"
expect fails documented 'a public function without words'
echo 'int x;' >"$tree/src/base/a.h"
expect fails opening 'a file that does not say what it is'
echo '/* Not built. */' >"$tree/src/base/e.c"
expect fails listed 'a source that nobody builds'
echo '/* TO''DO: the rest */' >>"$tree/src/base/a.c"
expect fails words 'a word that stands where something is missing'
echo 'double x;' >>"$tree/src/base/a.c"
expect fails floats 'floating point'
mkdir -p "$tree/src/verify"
echo '/* Found. */ found("I9");' >"$tree/src/verify/a.c"
expect fails invariants 'a finding that is not explained'
echo 'file_length src/base/a.c once it was long' >"$tree/tests/tidy/exceptions.txt"
expect fails all 'an exception that is no longer needed'
echo "1..$count"
exit $failed
