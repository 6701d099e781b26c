#!/bin/sh
# Proves that each public header compiles alone, in every dialect of C from C99 on and as C++,
# without a warning and without padding in a visible struct.
#   headers_test.sh CC HEADER-FOLDER     ($CXX names the C++ compiler, else g++)
set -u
cc=${1:-cc}
include=${2:-include}
cxx=${CXX:-g++}
work=$(mktemp -d) || exit 1
trap 'rm -rf "$work"' EXIT
warnings='-Wall -Wextra -Wpedantic -Wpadded -Wstrict-prototypes -Wundef -Werror'
cxx_warnings='-Wall -Wextra -Wpedantic -Wpadded -Wundef -Wno-long-long -Werror'
count=0
failed=0

# compile COMPILER DIALECT SUFFIX WARNINGS: one case, all headers
compile() {
    count=$((count + 1))
    result='ok'
    for header in ordercore.h $(cd "$include" && ls ordercore/*.h); do
        printf '#include <%s>\n#include <%s>\n' "$header" "$header" >"$work/alone.$3"
        # shellcheck disable=SC2086
        if ! "$1" "-std=$2" $4 -I "$include" -fsyntax-only "$work/alone.$3" >"$work/out" 2>&1; then
            result='not ok'
            failed=1
            sed 's/^/# /' "$work/out" | head -n 8
        fi
    done
    echo "$result $count - each header alone as $2"
}

for dialect in c99 gnu99 c11 gnu11 c17 gnu17 c2x; do
    compile "$cc" $dialect c "$warnings"
done
if command -v "$cxx" >/dev/null 2>&1; then
    for dialect in c++98 c++11 gnu++11 c++14 c++17 c++20; do
        compile "$cxx" $dialect cc "$cxx_warnings"
    done
else
    count=$((count + 1))
    echo "ok $count - as C++ # SKIP there is no $cxx"
fi
echo "1..$count"
exit $failed
