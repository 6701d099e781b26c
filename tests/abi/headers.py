"""Reads what the public headers declare: constants, structs, function types and functions.

Serves freeze.py (which writes the frozen test) and symbols.py (which compares with the libraries).
It understands the plain C of these headers and nothing more; what it does not understand it
refuses, so that nothing is left out unseen.
"""
import re
from collections import namedtuple

Constant = namedtuple('Constant', 'name')
Struct = namedtuple('Struct', 'name frozen members')
Member = namedtuple('Member', 'name type')  # type None: an array or a union, known by its size
Function = namedtuple('Function', 'name result arguments')


def without_comments(text):
    return re.sub(r'/\*.*?\*/', ' ', text, flags=re.S)


def squeeze(text):
    text = re.sub(r'\s+', ' ', text).strip()
    return re.sub(r'\s*\*\s*', ' *', text).replace('* *', '**').replace(' *)', ' *)')


def split_declarator(text):
    """'const char *name' → ('const char *', 'name')."""
    match = re.fullmatch(r'(.*?)(\w+)', text, flags=re.S)
    return squeeze(match.group(1)), match.group(2)


def members_of(body):
    # A union inside is one member: its size and place are what matters.
    body = re.sub(r'union \{[^}]*\}', 'union', body)
    members = []
    for piece in filter(None, (squeeze(p) for p in body.split(';'))):
        pointer = re.fullmatch(r'(.*?)\( ?\*(\w+)\) ?\((.*)\)', piece)
        array = re.fullmatch(r'(.*?)(\w+)\[.*\]', piece)
        if pointer:
            kind = '%s (*)(%s)' % (pointer.group(1).strip(), pointer.group(3))
            members.append(Member(pointer.group(2), kind))
        elif array:
            members.append(Member(array.group(2), None))
        else:
            kind, name = split_declarator(piece)
            members.append(Member(name, None if kind == 'union' else kind))
    return members


def read(paths):
    """All that is declared, in order: (constants, structs, callbacks, functions)."""
    constants, structs, callbacks, functions = [], [], [], []
    for path in paths:
        with open(path, encoding='utf-8') as file:
            text = file.read()
        bare = without_comments(text)
        constants += [Constant(n) for n in re.findall(r'^#define (OCORE_\w+)[ \t]+\S', bare, re.M)
                      if n != 'OCORE_API']
        for match in re.finditer(r'^typedef struct (\w+) \{\n(.*?)^\} (\w+);', text, re.S | re.M):
            comment = text[:match.start()].rpartition('/**')[2]
            frozen = 'Frozen value' in comment or "caller's memory" in comment
            structs.append(Struct(match.group(1), frozen,
                                  members_of(without_comments(match.group(2)))))
        for match in re.finditer(r'^typedef ([^{};]*?)\(\*(\w+)\)\(([^;]*)\);', bare, re.M):
            callbacks.append(Function(match.group(2), squeeze(match.group(1)),
                                      squeeze(match.group(3))))
        for match in re.finditer(r'^OCORE_API ([^;]*?)(\w+)\(([^;]*)\);', bare, re.M):
            functions.append(Function(match.group(2), squeeze(match.group(1)),
                                      squeeze(match.group(3))))
        check_complete(path, bare, structs, callbacks, functions)
    return constants, structs, callbacks, functions


def check_complete(path, bare, structs, callbacks, functions):
    """Each typedef and each OCORE_API of the file must have been understood."""
    known = {s.name for s in structs} | {c.name for c in callbacks}
    for name in re.findall(r'^typedef struct (\w+) \{', bare, re.M):
        if name not in known:
            raise SystemExit('%s: struct %s is not understood' % (path, name))
    declared = len(re.findall(r'^OCORE_API ', bare, re.M))
    found = sum(1 for f in functions if re.search(r'\b%s\(' % f.name, bare))
    if found < declared:
        raise SystemExit('%s: %d of %d functions are understood' % (path, found, declared))
    for name in re.findall(r'^typedef [^{};]*\(\*(\w+)\)', bare, re.M):
        if name not in known:
            raise SystemExit('%s: callback %s is not understood' % (path, name))
