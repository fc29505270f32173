#!/usr/bin/env python3
"""Deletes each row of each word table, one at a time, and fails if no unit test of the room misses it.

usage: tests/rows/deleted.py [--list] [FILE.c...]        BUILD: the build folder, SOURCE: the sources

A table is an array of constants with words in it, in a file of parser/, classifier/, store/, reports/ or cmd/. No row is
compiled away: each file with a table is compiled once with code that deletes the row which the environment names
(deleted.h), and the unit tests are linked with that. Then a row takes as long as the test that misses it, and all of them
take less than a minute on two cores that do nothing else. The test that missed the last row of a table is tried first on
the next, then one that is named as the file is, then the others, those that take long last. A test that fails, or works
for long, misses the row: a busy machine cannot make a row survive. All that is written is in the build folder or in
memory.
"""
import argparse
import concurrent.futures
import json
import os
import pathlib
import re
import resource
import shlex
import shutil
import subprocess
import sys
import tempfile
import threading

source = pathlib.Path(os.environ.get('SOURCE', pathlib.Path(__file__).resolve().parents[2]))
build = pathlib.Path(os.environ.get('BUILD', source / 'build')).resolve()
HANGS = 300  # seconds that a test may wait in vain; deleted.h ends one that works in vain
ROOM = 256 << 20  # octets, more than all that tests write at the same time
CHUNK = 24  # rows of a table that are deleted one after the other
rooms = ['parser', 'classifier', 'store', 'reports', 'cmd']
opening = re.compile(r'^([ \t]*)(static )?[^\n=;]*?\b(\w+)((?:\[[^\]\n]*\])+) = \{', re.M)
token = re.compile(r'"(?:\\.|[^"\\])*"|\'(?:\\.|[^\'\\])*\'|/\*.*?\*/|[{}(),]|[^"\'/{}(),]+|/', re.S)
macro = re.compile(r'[A-Z][A-Z0-9_]*(\(.*\))?')
directive = re.compile(r'^ *#.*', re.M)
comment = re.compile(r'/\*.*?\*/', re.S)
designator = re.compile(r'\s*\[([^\]]*)\]')

# How the names of the unit tests begin that are for the tables of a folder.
tests_of = {'parser': ('parser_',), 'classifier': ('classifier_',), 'store': ('store_',), 'reports': ('reports_',),
            'cmd': ('cmd_', 'bounced_'), 'cmd/bounced': ('bounced_',), 'cmd/bouncectl': ('bouncectl_',),
            'cmd/files': ('bouncectl_', 'cmd_')}

# Of these the rows are looked at by end-to-end tests, or by none yet, and not deleted here. The set is to shrink.
unlooked = set('''
    cmd/bouncectl/commands/feeds.c cmd/bouncectl/commands/ingest_log_sums.c cmd/bouncectl/commands/token.c
    cmd/bounced/http/api/batch_check.c cmd/bounced/http/api/suppressions.c cmd/bounced/http/api/wave_list.c
    cmd/bounced/http/routes.c cmd/bounced/http/routing/http_request.c
    cmd/bounced/out/feeds/follower.c cmd/bounced/out/feeds/kafka_outlet.c
    cmd/config/keys/feed_check.c
'''.split())

# Tests that take long: they are tried last.
slow = ('bouncectl_unpacker', 'bounced_dialogue', 'bounced_journal', 'bounced_rates', 'classifier_rules', 'cmd_dns',
        'cmd_ingest', 'cmd_signature', 'parser_dialect', 'parser_subject', 'store_counters', 'store_retention',
        'store_revision_as_if')


class Table:
    """An array of constants: where it stands, and its rows."""

    def __init__(self, path, text, match):
        self.path, self.name, self.at = path, match[3], match.start(3)
        self.local, self.static = bool(match[1]), bool(match[2])
        self.sized = match[4] != '[]'
        self.rows = []
        depth, row = 1, ''
        for part in token.finditer(text, match.end()):
            depth += (part[0] in ('{', '(')) - (part[0] in ('}', ')'))
            ends = depth == 0 or (depth == 1 and part[0] == ',')
            row += '' if ends or comment.fullmatch(part[0]) else part[0]
            if ends and row.strip():
                self.rows.append(' '.join(row.split()))
            row = '' if ends else row
            if depth == 0:
                break
        self.end = text.index(';', part.end()) + 1
        self.key = f'{path}:{self.at}'

    def words(self):
        return [number for number, row in enumerate(self.rows) if '"' in row]

    def code(self):
        """The call that deletes a row of it."""
        places, base, offset, several = [], '', 0, False
        for number, row in enumerate(self.rows):
            named = designator.match(row)
            base, offset = (named[1], 0) if named else (base, offset)
            several = several or (row != 'NULL' and macro.fullmatch(row) is not None)
            if several and not base:  # a macro may stand for several rows: what is behind it is counted from the end
                places.append(f'sizeof({self.name}) / sizeof({self.name}[0]) - {len(self.rows) - number}')
            elif macro.fullmatch(row) and not named:  # rows that have their places by name elsewhere
                places.append('0')
            else:
                places.append(f'{base or 0} + {offset}')
            offset += 1
        loose = int(bool(base) or self.sized or several)
        call = f'ROW_DELETED("{self.key}", {self.name}, {int(bool(base))}, {loose}, {", ".join(places)});'
        if not self.local:
            return f'\n__attribute__((constructor)) static void row_delete_{self.at}(void) {{ {call} }}\n'
        return f' {{ static int again; if (!again) {call} again = {int(self.static)}; }} '


def tables_of(path):
    text = directive.sub(lambda line: ' ' * len(line[0]), (source / path).read_text())  # rows that it includes are none
    found = (Table(path, text, match) for match in opening.finditer(text) if constant(match))
    return [table for table in found if table.words()]


def constant(match):
    """An array whose elements cannot change; a type that ends before the name on its line is taken for one that is."""
    declared = match[0][:match.start(3) - match.start()].strip()
    return declared.endswith('const') or declared.startswith('}') or ('const' in declared and '*' not in declared)


def room_for_tests():
    """Where the tests may write: in memory if there is enough, since they wait for a disk."""
    shared = '/dev/shm'
    return shared if os.access(shared, os.W_OK) and shutil.disk_usage(shared).free > ROOM else build


def run(command, **more):
    done = subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, check=False, **more)
    if done.returncode != 0:
        sys.exit(f'{command}\n{done.stdout}')
    return done.stdout


def library_of(entry):
    """The library that a file is compiled for."""
    return re.sub(r'.*CMakeFiles/(\w+)\.dir/.*', r'lib\1.a', entry['command'])


class Copies:
    """The unit tests, linked with files that can delete their rows."""

    def __init__(self, folder, temporary, tables, pool):
        self.folder = pathlib.Path(folder)
        self.temporary = temporary
        self.pool = pool
        paths = sorted({table.path for table in tables})
        commands = {entry['file']: entry for entry in json.loads((build / 'compile_commands.json').read_text())
                    if (build / library_of(entry)).exists()}
        objects = list(pool.map(lambda path: self.compile(path, commands[str(source / path)],
                                                          [table for table in tables if table.path == path]), paths))
        for library in sorted({library for library, _ in objects}):
            shutil.copy2(build / library, self.folder)
            run(['ar', 'r', self.folder / library, *(made for where, made in objects if where == library)])
        self.libraries = {library for library, _ in objects}
        names = [test.stem for test in sorted((source / 'tests/unit').glob('*.c'))
                 if any(test.stem.startswith(tests_for(path)) for path in paths)]
        links = {}
        for line in run(['ninja', '-C', build, '-t', 'commands', *(f'unit_{name}' for name in names)]).splitlines():
            made = re.search(r' -o (unit_\w+) ', line)
            if made:
                links[made[1]] = line
        self.links = links
        self.lock = threading.Lock()
        self.linked = {}
        self.sizes = {name: (source / f'tests/unit/{name}.c').stat().st_size for name in names}
        self.sound = set()  # those that pass while no row is deleted

    def compile(self, path, entry, tables):
        """The library that path is in, and its new object."""
        text = (source / path).read_text()
        for table in sorted(tables, key=lambda table: -table.end):
            text = text[:table.end] + table.code() + text[table.end:]
        copy = self.folder / path
        copy.parent.mkdir(parents=True, exist_ok=True)
        copy.write_text(text)
        command = shlex.split(entry['command'])
        library = library_of(entry)
        new = self.folder / f'{library}.new' / f'{copy.name}.o'
        new.parent.mkdir(exist_ok=True)
        command[command.index('-o') + 1] = str(new)
        command[command.index('-c') + 1] = str(copy)
        run([*command, '-O0', '-g0', '-w', '-include', source / 'tests/rows/deleted.h'], cwd=entry['directory'])
        return library, new

    def program(self, name):
        """The path of a unit test, which is linked once it is needed."""
        with self.lock:
            linked = self.linked.setdefault(name, threading.Lock())
        path = self.folder / f'unit_{name}'
        with linked:
            if not path.exists():
                self.link(path, self.links[path.name])
        return path

    def link(self, path, command):
        words = [str(self.folder / word) if word in self.libraries else word for word in shlex.split(command)]
        words = words[words.index('&&') + 1:-2]
        words[words.index('-o') + 1] = str(path)
        run(words, cwd=build)

    def run(self, name, row, timeout):
        path = self.program(name)
        with tempfile.TemporaryDirectory(dir=self.temporary, ignore_cleanup_errors=True) as left:
            environment = {**os.environ, 'SOURCE': str(source), 'DELETED_ROW': row, 'TMPDIR': left}
            return subprocess.run([path], env=environment, stdin=subprocess.DEVNULL, text=True,
                                  stdout=subprocess.PIPE, stderr=subprocess.STDOUT, errors='replace', close_fds=False,
                                  timeout=timeout, check=False, cwd=self.folder)

    def misses(self, name, row):
        try:
            if self.run(name, row, HANGS).returncode == 0:
                return False
        except subprocess.TimeoutExpired:
            pass
        if name not in self.sound:
            done = self.run(name, '', None)
            if done.returncode != 0:
                sys.exit(f'{name} fails before a row is deleted:\n{done.stdout[-2000:]}')
            self.sound.add(name)
        return True

    def missed(self, table, number, first):
        """The test that misses a row; first: that which missed the last one of the table."""
        stem = pathlib.Path(table.path).stem
        names = sorted((name for name in self.sizes if name.startswith(tests_for(table.path))),
                       key=lambda name: (name != first, not name.endswith(f'_{stem}'), name in slow,
                                              self.sizes[name]))
        return next((name for name in names if self.misses(name, f'{table.key}:{number}')), None)


def tests_for(path):
    return next(tests_of[str(folder)] for folder in pathlib.Path(path).parents if str(folder) in tests_of)


def main():
    options = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    options.add_argument('--list', action='store_true', help='print the rows, and the test that misses each')
    options.add_argument('files', nargs='*')
    chosen = options.parse_args()
    if os.environ.get('SANITIZE'):
        print('skipped: rows are deleted in a build without sanitizers')
        sys.exit(77)
    if not (build / 'build.ninja').exists():
        print('skipped: the build is not one of ninja')
        sys.exit(77)
    resource.setrlimit(resource.RLIMIT_CORE, (0, resource.getrlimit(resource.RLIMIT_CORE)[1]))
    files = sorted(set(chosen.files)) or sorted(str(file.relative_to(source)) for room in rooms
                                   for file in (source / room).rglob('*.c') if file.name != 'main.c'
                                   and str(file.relative_to(source)) not in unlooked)
    tables = [table for path in files for table in tables_of(path)]
    rows = [(table, number) for table in tables for number in table.words()]
    chunks = [(table, table.words()[at:at + CHUNK]) for table in tables for at in range(0, len(table.words()), CHUNK)]
    survivors = 0
    with tempfile.TemporaryDirectory(prefix='rows-', dir=build) as folder, \
            tempfile.TemporaryDirectory(prefix='rows-', dir=room_for_tests()) as temporary, \
            concurrent.futures.ThreadPoolExecutor(os.cpu_count()) as pool:
        copies = Copies(folder, temporary, tables, pool)

        def missed(chunk):
            table, numbers = chunk
            names = []
            for number in numbers:
                names.append(copies.missed(table, number, names[-1] if names else None))
            return names

        for (table, numbers), names in zip(chunks, pool.map(missed, chunks)):
            survivors += names.count(None)
            for number, name in zip(numbers, names):
                if name is None or chosen.list:
                    print(f'{table.path} {table.name} {table.rows[number]}: {name or "no test"} misses it', flush=True)
    print(f'{len(rows)} rows of {len(tables)} tables deleted: {survivors} of them no test misses')
    sys.exit(survivors > 0)


main()
