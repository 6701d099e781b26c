"""Proves that the core asks nothing of the system but a handful of functions of the C library.

    libc_test.py LIBRARY.a [nm]

No stdio, no clock, no threads, no environment, no exit, no floating point: it must run on a
microcontroller, and what it uses there is this list. The journal's file device is left out: it is
built only where there are files. Skipped for a build with sanitizers or
coverage, whose runtime is in every object.
"""
import re
import subprocess
import sys

ALLOWED = {'memcpy', 'memmove', 'memset', 'memcmp', 'memchr', 'strlen', 'strcspn',
           'realloc', 'free'}
# What a compiler puts in by itself: assertions, stack protection, position independence, and
# arithmetic that the processor has not (long division, shifts).
COMPILER = re.compile(r'__assert_(fail|func)|__stack_chk_\w+|_GLOBAL_OFFSET_TABLE_'
                      r'|__(mem|str)\w+_chk|__aeabi_(mem\w+|unwind_cpp_pr[01])'
                      r'|__aeabi_(u?l?(div|idiv)\w*|u?lcmp|l(mul|lsl|lsr|asr))'
                      r'|__u?(div|mod|divmod|mul|ashl|ashr|lshr|clz|ctz|popcount)[dst]i[234]')
HOSTED = ('journal_file.c.o',)
FOREIGN_RUNTIME = re.compile(r'__(asan|ubsan|tsan|msan|gcov|llvm)_')


def main():
    library, nm = sys.argv[1], (sys.argv[2:] or ['nm'])[0]
    defined, wanted = set(), {}
    source = ''
    for line in subprocess.run([nm, library], check=True, text=True,
                               stdout=subprocess.PIPE).stdout.splitlines():
        fields = line.split()
        if line.endswith(':'):
            source = line[:-1]
        elif source.endswith(HOSTED) and len(fields) == 2:
            continue
        elif len(fields) == 2 and fields[0] in 'Uw':
            wanted.setdefault(fields[1], source)
        elif len(fields) == 3:
            defined.add(fields[2])
    outside = {n: s for n, s in wanted.items() if n not in defined}
    if any(FOREIGN_RUNTIME.match(n) for n in outside):
        print('1..0 # SKIP built with a sanitizer or coverage')
        return 0
    wrong = {n: s for n, s in outside.items() if n not in ALLOWED and not COMPILER.fullmatch(n)}
    print('1..1\n%s 1 - the core uses %s' % (
        'not ok' if wrong else 'ok', ' '.join(sorted(n for n in outside if n in ALLOWED))))
    for name, where in sorted(wrong.items()):
        print('# %s uses %s' % (where, name))
    return 1 if wrong or not defined else 0


if __name__ == '__main__':
    sys.exit(main())
