"""Takes the first C program out of a page, so that a test can build and run what readers will copy.

    extract.py PAGE.md OUT.c
"""
import re
import sys


def main():
    with open(sys.argv[1], encoding='utf-8') as page:
        program = re.search(r'^```c\n(.*?)^```$', page.read(), re.S | re.M)
    if not program or 'int main(' not in program.group(1):
        raise SystemExit('%s: there is no C program in it' % sys.argv[1])
    with open(sys.argv[2], 'w', encoding='utf-8') as out:
        out.write('/* The program of %s. */\n%s' % (sys.argv[1].split('/')[-1], program.group(1)))


if __name__ == '__main__':
    main()
