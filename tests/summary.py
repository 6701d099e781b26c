"""Adds up what ran: "N passed, N failed, N skipped".

    summary.py TESTLOG.json...       each with its TESTLOG.junit.xml beside it

A case is one line of a program that prints TAP, or else a whole program. A program that ends badly
without saying which case was to blame counts as one failure.
"""
import json
import os
import sys
import xml.etree.ElementTree


def cases_of(path):
    """{program: (cases, failed, skipped)} for the programs that print TAP."""
    found = {}
    for suite in xml.etree.ElementTree.parse(path).iter('testsuite'):
        number = [int(suite.get(key)) for key in ('tests', 'failures', 'errors', 'skipped')]
        found[suite.get('name')] = (number[0], number[1] + number[2], number[3])
    return found


def count(entry, cases):
    """(passed, failed, skipped) of one program."""
    project = entry['name'].split(':')[0]
    total, failed, skipped = cases.get(project + '.' + entry['name'], (0, 0, 0))
    if entry['result'] == 'SKIP':
        return total - failed - skipped, failed, max(skipped, 1)
    if entry['result'] not in ('OK', 'EXPECTEDFAIL'):
        return total - failed - skipped, max(failed, 1), skipped
    return (total - failed - skipped, failed, skipped) if total else (1, 0, 0)


def main():
    total, wrong = [0, 0, 0], []
    for path in sys.argv[1:]:
        if not os.path.exists(path):
            total[1] += 1
            wrong.append('there is no ' + path)
            continue
        cases = cases_of(path.replace('.json', '.junit.xml'))
        with open(path, encoding='utf-8') as file:
            for line in file:
                entry = json.loads(line)
                counts = count(entry, cases)
                total = [a + b for a, b in zip(total, counts)]
                if counts[1]:
                    wrong.append(entry['name'])
    for name in wrong:
        print('failed: ' + name)
    print('%d passed, %d failed, %d skipped' % tuple(total))
    return 1 if total[1] or not total[0] else 0


if __name__ == '__main__':
    sys.exit(main())
