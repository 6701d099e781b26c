"""Proves that whatever bytes stand in the files, the import neither fails nor reads them in another
way than recompute.py: lines of the sample are garbled, swapped and cut at random, files come in any
order, and both readings must leave out as many lines and come to the same books.

    garbled_test.py ORDERCORE [COUNT [SEED]]
"""
import contextlib
import glob
import io
import os
import random
import subprocess
import sys
import tempfile

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
import recompute  # noqa: E402


def garble(body, chance):
    """A few bytes changed, added or cut, or two lines swapped."""
    body = bytearray(body)
    for _ in range(chance.randint(0, 12)):
        at = chance.randrange(len(body))
        what = chance.randrange(5)
        if what == 0:
            body[at:at + 1] = bytes([chance.choice(b'",\r\n0-.C9aA \x00\xc3\xa9')])
        elif what == 1:
            body[at:at] = bytes([chance.choice(b'",\r\n0-.C9')])
        elif what == 2:
            del body[at:at + chance.randint(1, 4)]
        elif what == 3:
            body[at:at + 1] = bytes([chance.randrange(256)])
        else:
            lines = body.split(b'\n')
            one, two = chance.randrange(len(lines)), chance.randrange(len(lines))
            lines[one], lines[two] = lines[two], lines[one]
            body = bytearray(b'\n'.join(lines))
    return bytes(body)


def one_case(ordercore, sources, folder, chance):
    """What is wrong, or an empty text."""
    paths = []
    for name, source in enumerate(sources):
        header, _, body = source.partition(b'\n')
        path = os.path.join(folder, '%d.csv' % name)
        with open(path, 'wb') as file:
            file.write(header + b'\n' + garble(body, chance))
        paths.append(path)
    chance.shuffle(paths)
    run = subprocess.run([ordercore, '--store', 'memory:', 'import', 'retail', '--report'] + paths,
                         capture_output=True, check=False)
    if run.returncode != 0:
        return 'exit status %d: %s' % (run.returncode, run.stderr.decode('utf-8', 'replace'))
    report = os.path.join(folder, 'report')
    with open(report, 'wb') as file:
        file.write(run.stdout)
    left_out = sum(int(line.split()[-1]) for line in run.stdout.decode().splitlines()
                   if line.startswith('  left out: '))
    said = io.StringIO()
    with contextlib.redirect_stdout(said):
        differs = recompute.main([report] + paths)
    if differs or ' %d lines left out' % left_out not in said.getvalue():
        return said.getvalue() + 'the import left out %d' % left_out
    return ''


def main(ordercore, count=100, seed=1):
    sources = []
    for path in sorted(glob.glob(os.path.join(os.path.dirname(__file__), 'sample', '*.csv'))):
        with open(path, 'rb') as file:
            sources.append(file.read())
    wrong = 0
    with tempfile.TemporaryDirectory() as folder:
        for case in range(int(seed), int(seed) + int(count)):
            what = one_case(ordercore, sources, folder, random.Random(case))
            if what:
                wrong += 1
                print('seed %d: %s' % (case, what))
    print('%d cases from seed %s, %d wrong' % (int(count), seed, wrong))
    return 1 if wrong else 0


if __name__ == '__main__':
    sys.exit(main(*sys.argv[1:]))
