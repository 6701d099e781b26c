"""Proves that the tree keeps the rules that people forget, one check for each rule.

    tidy.py ROOT [CHECK...]      all checks without a name

Prints TAP. What is excepted stands in exceptions.txt beside this file, each with its reason; an
exception that is no longer needed is a failure too.
"""
import os
import re
import sys

ROOMS = ['base', 'record', 'engine', 'catalog', 'inventory', 'shipping', 'order', 'payment',
         'fulfillment', 'returns', 'supply', 'report', 'verify', 'surface', 'json', 'shell']
# A public header belongs to the room that carries it out. The contract itself (values,
# descriptions, store, handle) is the language that all rooms speak.
CONTRACT = {'base', 'record', 'store', 'core'}
HEADER_ROOM = {'command': 'surface', 'copy': 'surface', 'json': 'json', 'journal': 'stores',
               'sqlite': 'stores', 'postgres': 'stores', 'mariadb': 'stores',
               'sourcing': 'catalog', 'stock_control': 'inventory'}
CODE = ('src/', 'include/', 'tests/', 'examples/')
FILE_LINES, FUNCTION_LINES, COLUMNS, HEADER_COLUMNS = 600, 70, 100, 200
TEXT = ('.c', '.h', '.py', '.sh', '.md', '.build', '.txt', '.map', '.in', '.ini', '.ld')


class Tree:
    def __init__(self, root):
        self.root = root
        self.files = {}
        for folder, folders, names in os.walk(root):
            folders[:] = sorted(f for f in folders if not f.startswith(('.', 'build', '__'))
                                and os.path.relpath(os.path.join(folder, f), root) != 'subprojects')
            for name in sorted(names):
                path = os.path.relpath(os.path.join(folder, name), root)
                if path.endswith(TEXT) and not path.startswith('tests/abi/0.'):
                    with open(os.path.join(root, path), encoding='utf-8') as file:
                        self.files[path] = file.read()

    def some(self, folders, suffixes):
        return [(p, t) for p, t in self.files.items()
                if p.startswith(folders) and p.endswith(suffixes)]


def room_of(path):
    """'src/order/order.c' → 'order'; the stores are one room beside the others."""
    return path.split('/')[1]


def target_room(tree, path, name):
    """Which room an #include reaches, None for the contract or a header of the system."""
    if name.startswith('ordercore/'):
        header = name[len('ordercore/'):-2]
        return None if header in CONTRACT else HEADER_ROOM.get(header, header)
    for base in (os.path.dirname(path), 'src'):
        found = os.path.normpath(os.path.join(base, name))
        if found in tree.files and found.startswith('src/'):
            return room_of(found)
    return None


def includes(tree):
    """Arrows between rooms only point back; stores know base, record and the contract."""
    for path, text in tree.some(('src/',), ('.c', '.h')):
        here = room_of(path)
        for name in re.findall(r'^\s*#\s*include\s+[<"]([^>"]+)[>"]', text, re.M):
            if name == 'ordercore.h':
                allowed = here in ('surface', 'json', 'shell')
                there = 'every room'
            else:
                there = target_room(tree, path, name)
                if there is None or there == here:
                    continue
                if here == 'stores':
                    allowed = there in ('base', 'record')
                else:
                    allowed = (there == 'stores' and here == 'shell') or (
                        there in ROOMS and here in ROOMS and ROOMS.index(there) < ROOMS.index(here))
            if not allowed:
                yield path, '%s: the room %s must not know %s (%s)' % (path, here, there, name)


def file_length(tree):
    """No file is longer than one can read in a sitting."""
    for path, text in tree.some(CODE, ('.c', '.h', '.py', '.sh')):
        lines = text.count('\n')
        if lines > FILE_LINES:
            yield path, '%s: %d lines, more than %d' % (path, lines, FILE_LINES)


def function_length(tree):
    """No function is longer than a screen."""
    for path, text in tree.some(('src/', 'tests/', 'examples/'), ('.c',)):
        start = None
        for number, line in enumerate(text.split('\n'), 1):
            if line == '{':
                start = number
            elif line.startswith('}') and start is not None:
                if number - start + 1 > FUNCTION_LINES:
                    yield path, '%s:%d: a function of %d lines, more than %d' % (
                        path, start, number - start + 1, FUNCTION_LINES)
                start = None


def columns(tree):
    """Lines fit beside each other on a screen; the words in public headers may run on."""
    for path, text in tree.some(CODE, ('.c', '.h', '.py', '.sh')):
        most = HEADER_COLUMNS if path.startswith('include/') else COLUMNS
        for number, line in enumerate(text.split('\n'), 1):
            if len(line) > most:
                yield path, '%s:%d: %d columns, more than %d' % (path, number, len(line), most)
            if '\t' in line or line != line.rstrip():
                yield path, '%s:%d: a tab, or blanks at the end' % (path, number)


def documented(tree):
    """Each public function has its words, and they say since when it is there."""
    for path, text in tree.some(('include/',), ('.h',)):
        for match in re.finditer(r'^OCORE_API [^;]*?(\w+)\([^;]*\);', text, re.S | re.M):
            before = text[:match.start()].rstrip()
            words = before.rpartition('/**')[2] if before.endswith('*/') else ''
            if not re.search(r'Since \d+\.\d+\.', words) or '*/' in words[:-2]:
                yield path, '%s: %s has no comment with "Since …"' % (path, match.group(1))


def opening(tree):
    """Each source opens by saying what it is and whom it serves."""
    for path, text in tree.some(CODE, ('.c', '.h')):
        if not text.startswith('/*'):
            yield path, '%s: does not begin with a comment on what it is' % path


def listed(tree):
    """Each source is built, and each test runs."""
    for path, _ in tree.some(('src/', 'tests/', 'examples/'), ('.c',)):
        place = path.split('/')
        for depth in range(len(place) - 1, 0, -1):
            build = tree.files.get('/'.join(place[:depth] + ['meson.build']), '')
            name = '/'.join(place[depth:])
            # Tests are listed by the name of what they test.
            stem = os.path.basename(name)[:-2].replace('_test', '')
            if "'%s'" % name in build or "'%s'" % stem in build:
                break
        else:
            yield path, '%s: no meson.build lists it' % path


def words(tree):
    """No words that stand where something is missing."""
    pattern = re.compile(r'\b(TODO|FIXME|HACK|not implemented|unimplemented|for now)\b', re.I)
    for path, text in tree.files.items():
        if path.startswith('tests/tidy/'):
            continue
        for number, line in enumerate(text.split('\n'), 1):
            if pattern.search(line):
                yield path, '%s:%d: %s' % (path, number, line.strip()[:60])


def floats(tree):
    """Money, quantities and time never meet floating point, and numbers have one width."""
    # The shell and the stores of other engines speak to libraries whose numbers are `long`.
    for path, text in tree.some(('src/', 'include/'), ('.c', '.h')):
        outside = path.startswith(('src/shell/', 'src/json/', 'src/stores/sql',
                                   'src/stores/postgres/', 'src/stores/mariadb/'))
        bare = re.sub(r'/\*.*?\*/', lambda m: '\n' * m.group().count('\n'), text, flags=re.S)
        bare = re.sub(r'"(?:\\.|[^"\\])*"', '""', bare)
        for number, line in enumerate(bare.split('\n'), 1):
            found = re.search(r'\b(float|double|__int128)\b' if outside else
                              r'\b(float|double|__int128|long)\b', line)
            if found:
                yield path, '%s:%d: %s' % (path, number, found.group())


def invariants(tree):
    """What verify can find is explained, under the same name."""
    page = tree.files.get('docs/invariants.md', '')
    for path, text in tree.some(('src/verify/',), ('.c',)):
        for name in sorted(set(re.findall(r'"([A-Z]{1,2}\d)"', text))):
            if '- **%s** ' % name not in page:
                yield path, '%s: %s is not in docs/invariants.md' % (path, name)


def exceptions():
    here = os.path.join(os.path.dirname(os.path.abspath(__file__)), 'exceptions.txt')
    with open(here, encoding='utf-8') as file:
        for line in file:
            if line.strip() and not line.startswith('#'):
                check, path, reason = line.split(None, 2)
                yield check, path, reason.strip()


CHECKS = [includes, file_length, function_length, columns, documented, opening, listed, words,
          floats, invariants]


def main():
    tree = Tree(sys.argv[1])
    wanted = sys.argv[2:]
    excepted = {(check, path) for check, path, _ in exceptions()}
    used, failed = set(), False
    checks = [c for c in CHECKS if not wanted or c.__name__ in wanted]
    print('1..%d' % (len(checks) + 1))
    for number, check in enumerate(checks, 1):
        wrong = []
        for path, sentence in check(tree):
            if (check.__name__, path) in excepted:
                used.add((check.__name__, path))
            else:
                wrong.append(sentence)
        print('%s %d - %s' % ('not ok' if wrong else 'ok', number, check.__doc__))
        for sentence in wrong:
            print('# ' + sentence)
        failed = failed or bool(wrong)
    unused = sorted(e for e in excepted - used if not wanted or e[0] in wanted)
    print('%s %d - Each exception is still needed.' % (
        'not ok' if unused else 'ok', len(checks) + 1))
    for check, path in unused:
        print('# %s %s' % (check, path))
    return 1 if failed or unused else 0


if __name__ == '__main__':
    sys.exit(main())
