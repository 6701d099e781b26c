"""Proves that docs/guide/own-store.md shows the example as it is: each block of C in the page
stands in the example line by line, the verbs that the page is about are among them, and the
example is as short as the page's title says.

    guide_test.py PAGE EXAMPLE
"""
import re
import sys

LINES_MAX = 150
MUST_SHOW = ['own_write(', 'fsync(self->folder)', 'OCORE_WRITE_INSERT', 'OCORE_VERSION_MISMATCH']


def code_lines(text):
    """Lines without those that are blank or hold nothing but a comment."""
    text = re.sub(r'/\*.*?\*/', lambda m: '\n' * m.group().count('\n'), text, flags=re.S)
    return [line for line in text.split('\n') if line.strip()]


def main():
    with open(sys.argv[1], encoding='utf-8') as file:
        page = file.read()
    with open(sys.argv[2], encoding='utf-8') as file:
        example = file.read()
    blocks = re.findall(r'```c\n(.*?)```', page, re.S)
    checks = [('"%s…" is quoted as it is' % block.strip().split('\n')[0][:40], block in example)
              for block in blocks]
    checks += [('the page shows %s' % words, any(words in block for block in blocks))
               for words in MUST_SHOW]
    checks.append(('%d lines of code' % len(code_lines(example)),
                   len(code_lines(example)) <= LINES_MAX))
    print('1..%d' % len(checks))
    for number, (name, passed) in enumerate(checks, 1):
        print('%s %d - %s' % ('ok' if passed else 'not ok', number, name))


if __name__ == '__main__':
    main()
