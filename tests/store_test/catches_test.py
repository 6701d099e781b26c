"""Proves that the tests of durability find mistakes: the example store is built again and again,
each time with one line that makes it lose or halve what it acknowledged, and ordercore-store-test
must fail each of them, with the check that is named here. The example as it is must pass.

    catches_test.py PROGRAM EXAMPLE.c INCLUDE LIBRARY.so COMPILER...
"""
import os
import subprocess
import sys
import tempfile

# What is wrong, the text that is replaced, by what, and the check that must fail.
MISTAKES = [
    ('the bytes are not synced', ' && fsync(fileno(self->file)) == 0', '', 'D2'),
    ('the folder is not synced', ' && fsync(self->folder) == 0', '', 'D2'),
    ('the file is written in place', 'fopen(self->fresh, "wb")', 'fopen(self->path, "wb")', 'D1'),
    ('nothing is saved', 'status == OCORE_OK && !save(self)', 'status == OCORE_OK && 0', 'D1'),
    ('batches of six writes are not saved', 'status == OCORE_OK && !save(self)',
     'status == OCORE_OK && count != 6 && !save(self)', 'D2'),
    ('one table is not saved', 'self->table < self->schema->table_count',
     'self->table + 1 < self->schema->table_count', 'D1'),
    ('revisions are not saved', '{revision, self->table,', '{1 + 0 * revision, self->table,', 'D1'),
    ('texts come back in capitals', 'cells[n].as.text.data = bytes;',
     '{ cells[n].as.text.data = bytes; if (size > 0) bytes[0] &= (char)0xdf; }', 'D1'),
]


def built(source, work, include, library, compiler):
    path = os.path.join(work, 'store.c')
    with open(path, 'w', encoding='utf-8') as file:
        file.write(source)
    plugin = os.path.join(work, 'store.so')
    subprocess.run(compiler + ['-w', '-shared', '-fPIC', '-I', include, path, '-o', plugin,
                               library], check=True)
    return plugin


def failed_checks(program, plugin, number):
    # In memory where there is such a folder: what is durable is known without waiting for a disk.
    folder = '/dev/shm' if os.access('/dev/shm', os.W_OK) else tempfile.gettempdir()
    path = os.path.join(folder, 'ordercore-catches-%d-%d' % (os.getpid(), number))
    run = subprocess.run([program, '--rounds', '1', plugin, path],
                         stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True, check=False)
    lines = run.stdout.split('\n')
    failed = [line for line in lines if line.startswith('not ok')]
    assert (run.returncode == 1) == bool(failed), run.stdout
    assert run.returncode in (0, 1), run.stdout
    return failed


def main():
    program, example, include, library = sys.argv[1:5]
    compiler = sys.argv[5:]
    with open(example, encoding='utf-8') as file:
        right = file.read()
    tries = [('the example as it is', '', '', None)] + MISTAKES
    print('1..%d' % len(tries))
    for number, (name, old, new, check) in enumerate(tries, 1):
        with tempfile.TemporaryDirectory() as work:
            if old:
                assert right.count(old) == 1, 'the example has changed: ' + old
            plugin = built(right.replace(old, new, 1) if old else right, work, include, library,
                           compiler)
            failed = failed_checks(program, plugin, number)
        good = not failed if check is None else any(' %s, ' % check in line for line in failed)
        print('%s %d - %s' % ('ok' if good else 'not ok', number, name))
        for line in failed if not good else []:
            print('# ' + line)


if __name__ == '__main__':
    main()
