"""Proves for each shared library that header = version map = what the library exports.

    symbols.py MAP HEADER... [-- LIBRARY.so]

A function that is declared but not in the map cannot be linked; one that is in the map but not
declared cannot be called; one that is exported beyond both is a promise nobody meant to make.
"""
import re
import subprocess
import sys

import headers


def listed(path):
    """The names of a version map. No patterns: each name stands there by itself."""
    with open(path, encoding='utf-8') as file:
        text = headers.without_comments(file.read())
    found = []
    for body in re.findall(r'global:(.*?)(?:local:|\})', text, re.S):
        found += [n.strip() for n in body.split(';') if n.strip()]
    return found


def exported(library):
    lines = subprocess.run(['nm', '-D', '--defined-only', library], check=True, text=True,
                           stdout=subprocess.PIPE).stdout.splitlines()
    names = (line.split() for line in lines)
    # The version nodes themselves are listed as absolute symbols.
    return [n[2].split('@')[0] for n in names if n[1] != 'A']


def differences(first, second, sentence):
    return [sentence % name for name in sorted(set(first) - set(second))]


def main():
    arguments, library = sys.argv[1:], None
    if '--' in arguments:
        library = arguments[arguments.index('--') + 1]
        arguments = arguments[:arguments.index('--')]
    in_map = listed(arguments[0])
    declared = [f.name for f in headers.read(arguments[1:])[3]]
    wrong = differences(declared, in_map, '%s is declared but not in the map')
    wrong += differences(in_map, declared, '%s is in the map but not declared')
    if len(set(in_map)) < len(in_map):
        wrong.append('a name stands in the map twice')
    if library:
        wrong += differences(in_map, exported(library), '%s is in the map but not in the library')
        wrong += differences(exported(library), in_map, '%s is exported but not in the map')
    print('\n'.join(wrong) if wrong else '%d functions' % len(in_map))
    return 1 if wrong else 0


if __name__ == '__main__':
    sys.exit(main())
