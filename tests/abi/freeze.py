"""Writes the frozen ABI test of a release from today's headers.

    /usr/bin/python3 tests/abi/freeze.py OUT.c HEADER...

Offsets, sizes and values are asked of the compiler ($CC, else cc), on a 64-bit machine. Until the
first release the file may be written anew (sh tests/abi/freeze.sh); from then on it is never
touched, and a new release gets a new file beside it.
"""
import os
import re
import subprocess
import sys
import tempfile

import headers

HEAD = '''/*
 * The ABI of libordercore {version}, frozen: where each member stands, what each constant is, and
 * the type of each function and callback, as a program that was compiled then relies on them.
 *
 * It compiles against today's headers and links with today's library; where it does not, programs
 * built with {version} would break. Written by tests/abi/freeze.py; after the release it is never
 * edited.
 */
'''


MACROS = '''#define SAME(what) _Static_assert(what, #what)
#define TYPED(of, member, type) \\
        _Static_assert(_Generic(((of *)0)->member, type: 1, default: 0), #of "." #member)
#define CALLBACK(name, type) \\
        _Static_assert(_Generic((name)0, type: 1, default: 0), #name)

'''


def ask_compiler(include, lines):
    """Values of C expressions, one for each line."""
    with tempfile.TemporaryDirectory() as folder:
        source, program = os.path.join(folder, 'ask.c'), os.path.join(folder, 'ask')
        with open(source, 'w', encoding='utf-8') as file:
            file.write(include + '#include <stdio.h>\nint main(void)\n{\n')
            for line in lines:
                file.write('        printf("%%lld\\n", (long long)(%s));\n' % line)
            file.write('        return 0;\n}\n')
        root = os.path.dirname(os.path.dirname(os.path.abspath(sys.argv[2])))
        subprocess.run([os.environ.get('CC', 'cc'), '-std=c11', '-I', root, source, '-o', program],
                       check=True)
        return subprocess.run([program], check=True, text=True,
                              stdout=subprocess.PIPE).stdout.split()


def questions(constants, structs):
    asked = [c.name for c in constants]
    for struct in structs:
        asked.append('sizeof(%s)' % struct.name)
        for member in struct.members:
            asked.append('offsetof(%s, %s)' % (struct.name, member.name))
            asked.append('sizeof(((%s *)0)->%s)' % (struct.name, member.name))
    return asked


def pointer_to(function, name):
    return '%s%s(*%s)(%s)' % (function.result, '' if function.result.endswith('*') else ' ',
                              name, function.arguments)


def write(out, version, include, declared, answers):
    constants, structs, callbacks, functions = declared
    answer = dict(zip(questions(constants, structs), answers))
    out.write(HEAD.format(version=version) + include)
    out.write('#include <stddef.h>\n#include <stdint.h>\n#include <stdio.h>\n\n' + MACROS)
    out.write('/* Constants. */\n')
    for constant in constants:
        if constant.name not in ('OCORE_VERSION_MINOR', 'OCORE_VERSION_PATCH'):
            out.write('SAME(%s == %s);\n' % (constant.name, literal(answer[constant.name])))
    out.write('\n/* Callbacks. */\n')
    for callback in callbacks:
        out.write('CALLBACK(%s, %s);\n' % (callback.name, pointer_to(callback, '').strip()))
    out.write('\n/* Types of members. */\n')
    for struct in structs:
        for member in struct.members:
            if member.type:
                out.write('TYPED(%s, %s, %s);\n' % (struct.name, member.name, member.type))
    out.write('\n/* Places and sizes. A struct that may grow at its end is at least as large. */\n'
              '#if UINTPTR_MAX == UINT64_MAX\n')
    for struct in structs:
        write_places(out, struct, answer)
    out.write('#endif\n\n/* Functions: a program of then links to each of them. */\n')
    for function in functions:
        name = 'call_' + function.name[len('ocore_'):]
        out.write('%s = %s;\n' % (pointer_to(function, 'const ' + name), function.name))
    out.write('\nint main(void)\n{\n        puts("%d functions of %s are there");\n'
              '        return 0;\n}\n' % (len(functions), version))


def write_places(out, struct, answer):
    size = 'sizeof(%s)' % struct.name
    out.write('SAME(%s %s %s);\n' % (size, '==' if struct.frozen else '>=', answer[size]))
    for member in struct.members:
        place = 'offsetof(%s, %s)' % (struct.name, member.name)
        out.write('SAME(%s == %s);\n' % (place, answer[place]))
        if not member.type:
            size = 'sizeof(((%s *)0)->%s)' % (struct.name, member.name)
            out.write('SAME(%s == %s);\n' % (size, answer[size]))


def literal(value):
    """A number as C source: a negative one in brackets, a large one with its type."""
    number = int(value)
    if number == -2 ** 63:  # C has no literal for it
        return 'INT64_MIN'
    return '(%d)' % number if number < 0 else '0x%xu' % number if number > 0x7fffffff else value


def main():
    target, paths = sys.argv[1], sys.argv[2:]
    declared = headers.read(paths)
    names = [os.path.basename(p) for p in paths]
    include = ''.join('#include <ordercore/%s>\n' % n for n in names)
    answers = ask_compiler(include, questions(declared[0], declared[1]))
    version = re.search(r'abi_(\w+)\.c$', target).group(1).replace('_', '.')
    with open(target, 'w', encoding='utf-8') as out:
        write(out, version, include, declared, answers)


if __name__ == '__main__':
    main()
