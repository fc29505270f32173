#!/usr/bin/env python3
"""The walls of the house: which folder sees which, that nouns and rooms know no circles, and that enums share no prefix.

usage: SOURCE=. tests/rooms/rooms.py

A folder is a room: the files at its top level are its door, its sub-folders are private to it. A file's includes are
looked at twice: what it names itself, and all that it reaches, by the compiler's own dependency output.
"""
import collections
import os
import pathlib
import re
import subprocess
import sys

source = pathlib.Path(os.environ['SOURCE'])

# A room: the rooms whose doors it may open (its own and its sub-folders' aside), the libraries beside GLib that it may
# reach, and whether it is pure: then it reaches no header of the system but those of the C language.
Room = collections.namedtuple('Room', 'rooms libraries pure', defaults=(False,))
parser = 'parser parser/text parser/mail parser/draft parser/prose '.split()
domain = 'parser classifier store reports '.split()
shared = domain + ['cmd/config', 'cmd/ingest']
bounced = shared + ['cmd/bounced/log', 'cmd/bounced/setup']
rooms = {
    'parser/text': Room([], ['gmime', 'idn2'], True),
    'parser/draft': Room(['parser', 'parser/text', 'parser/mail'], ['gmime', 'idn2'], True),
    'parser/mail': Room(['parser', 'parser/text'], ['gmime', 'idn2'], True),
    'parser/prose': Room(['parser', 'parser/text', 'parser/mail', 'parser/draft'], ['gmime', 'idn2'], True),
    'parser/readers': Room(parser, ['gmime', 'idn2'], True),
    # PCRE2 for what an operator writes of his own addresses; the classifier's language is for sentences in texts
    'parser/paths': Room(['parser', 'parser/text'], ['pcre2'], True),
    'parser/logs': Room(['parser', 'parser/text'], [], True),
    'parser': Room([], ['gmime', 'idn2'], True),
    'classifier/language': Room(['parser', 'classifier'], ['pcre2'], True),
    'classifier/rules': Room(['classifier/language'], ['pcre2']),
    'classifier': Room(['parser'], ['pcre2', 'libpsl'], True),
    'store/sqlite': Room(['parser', 'classifier', 'store'], ['sqlite3']),
    'store/waves': Room(['parser', 'classifier', 'store', 'store/sqlite', 'store/ledger', 'store/undoing'], ['sqlite3']),
    'store/replaying': Room(['parser', 'classifier', 'store', 'store/sqlite', 'store/ledger', 'store/policy',
                             'store/undoing'], []),
    'store/undoing': Room(['parser', 'classifier', 'store', 'store/sqlite', 'store/ledger'], []),
    'store/policy': Room(['parser', 'classifier', 'store'], [], True),
    'store/screen': Room(['store', 'store/sqlite'], ['openssl']),
    'store/ledger': Room(['parser', 'classifier', 'store', 'store/sqlite', 'store/policy', 'store/screen'],
                         ['zstd', 'sqlite3']),
    'store/adding': Room(['parser', 'classifier', 'store', 'store/sqlite', 'store/ledger', 'store/policy', 'store/replaying',
                          'store/waves'], []),
    'store/privacy': Room(['parser', 'parser/text', 'classifier', 'store', 'store/ledger', 'store/sqlite'], ['zstd']),
    'store/asking': Room(['parser', 'classifier', 'store', 'store/sqlite', 'store/ledger', 'store/policy', 'store/screen',
                          'store/privacy'], []),
    'store': Room(['parser', 'classifier'], []),
    'reports/formats': Room(['parser', 'parser/text', 'classifier', 'store', 'reports'], ['lmdb', 'cdb', 'sqlite3', 'jansson']),
    'reports': Room(['parser', 'classifier', 'store'], ['jansson']),
    'reports/story': Room(domain, []),
    'cmd/config/keys': Room(domain + ['cmd/config'], []),
    'cmd/config': Room(domain, []),
    'cmd/ingest': Room(domain + ['cmd/config', 'cmd/proof'], ['zstd', 'openssl']),
    'cmd/control': Room([], []),
    'cmd/net': Room([], ['event2', 'ares']),
    'cmd/proof': Room(['parser'], ['opendkim', 'libpsl']),
    'cmd/files': Room([], ['zlib', 'zstd']),
    'cmd/lists': Room(domain + ['parser/text', 'cmd/files'], ['jansson']),
    'cmd/batches': Room(domain + ['cmd/lists'], []),
    'cmd/bounced/log': Room(shared, ['systemd']),
    'cmd/bounced/setup': Room(shared + ['cmd/bounced/log'], ['openssl']),
    'cmd/bounced/smtp': Room(['parser', 'cmd/config'], [], True),
    'cmd/bounced/out/programs': Room([], ['event2']),
    'cmd/bounced/out/files': Room(domain, ['event2']),
    'cmd/bounced/out/feeds': Room(bounced + ['cmd/bounced/out', 'cmd/bounced/out/files', 'cmd/bounced/out/programs'],
                                  ['event2', 'curl', 'openssl', 'jansson', 'hiredis', 'librdkafka']),
    'cmd/bounced/out': Room(bounced, ['curl', 'event2']),
    'cmd/bounced/verify': Room(shared + ['cmd/bounced/log', 'cmd/net', 'cmd/proof'], ['event2']),
    'cmd/bounced/peers': Room(bounced + ['cmd/bounced/smtp', 'cmd/bounced/out', 'cmd/bounced/verify'], ['event2', 'openssl']),
    'cmd/bounced/lookup': Room(['cmd/config'], [], True),
    'cmd/bounced/desk': Room(bounced + ['cmd/bounced/lookup'], ['event2']),
    'cmd/bounced/http/routing': Room(['cmd/config'], ['jansson'], True),
    'cmd/bounced/http/api': Room(bounced + ['cmd/bounced/peers', 'cmd/bounced/desk', 'cmd/bounced/out', 'cmd/bounced/http',
                                            'cmd/bounced/http/routing', 'reports/story'], ['event2', 'jansson', 'openssl']),
    'cmd/bounced/http/posts': Room(bounced + ['parser/text', 'cmd/bounced/peers', 'cmd/bounced/http', 'cmd/bounced/http/api',
                                              'cmd/bounced/http/routing'], ['event2', 'jansson', 'openssl']),
    'cmd/bounced/http/bulk': Room(bounced + ['cmd/bounced/peers', 'cmd/bounced/desk', 'cmd/bounced/out', 'cmd/bounced/http',
                                             'cmd/bounced/http/routing', 'cmd/bounced/http/api', 'cmd/batches', 'cmd/files',
                                             'cmd/lists'], ['event2', 'jansson', 'openssl']),
    'cmd/bounced/http': Room(bounced + ['cmd/bounced/peers', 'cmd/bounced/desk', 'cmd/bounced/out'], ['event2', 'openssl']),
    'cmd/bounced/listen': Room(shared + ['cmd/bounced/log'], ['event2', 'systemd']),
    'cmd/bounced': Room(shared + ['cmd/control'], ['event2', 'openssl', 'curl', 'systemd']),
    'cmd/bouncectl/files': Room(['parser', 'parser/text', 'reports', 'reports/formats', 'store', 'cmd/files'], []),
    'cmd/bouncectl/display': Room(domain, []),
    'cmd/bouncectl/commands': Room(shared + ['cmd/control', 'cmd/files', 'cmd/bouncectl', 'cmd/bouncectl/display', 'cmd/bouncectl/files',
                                                 'cmd/batches', 'cmd/lists', 'reports/story', 'reports/formats'], []),
    'cmd/bouncectl': Room(shared + ['cmd/files', 'cmd/lists'], []),
}

libraries = 'gmime idn2 pcre2 sqlite3 zlib zstd jansson event2 openssl curl systemd ares opendkim libpsl lmdb cdb hiredis librdkafka'.split()
language = {f'{name}.h' for name in
            'string stdbool stddef stdint stdarg stdlib limits inttypes errno math glib glib-object'.split()}
language.add('arpa/inet.h')  # for inet_pton(), which computes

# A folder is divided when it has more nouns than this; a reason lets one be.
MOST_NOUNS = 15
crowded = {'cmd/bouncectl/commands': 'a file a subcommand', 'store': 'a door a file, for those outside',
           'reports': 'a door a file, for both programs', 'cmd/config': 'a file a section, for those outside'}

# Names that several folders use in the same sense.
same_name = {'main'}


def folder(path):
    return os.path.dirname(path)


def noun(path):
    return os.path.splitext(path)[0]


def sources():
    return sorted(str(path.relative_to(source)) for top in ('parser', 'classifier', 'store', 'reports', 'cmd')
                  for path in (source / top).rglob('*.[ch]'))


def reached(paths):
    """The files of ours that each file includes, directly or not: the compiler's word. It need not see the system's headers."""
    command = ['cc', '-std=gnu17', '-MM', '-MG', '-nostdinc', '-I.', *paths]
    text = subprocess.run(command, cwd=source, check=True, capture_output=True, text=True).stdout
    found = {}
    for rule in text.replace('\\\n', ' ').splitlines():
        first, *others = [os.path.normpath(word) for word in rule.split(':', 1)[1].split()]
        found[first] = [other for other in others if (source / other).exists()]
    return found


def named(path):
    """The headers that a file names itself: ours, and the others'."""
    lines = re.findall(r'^#include ([<"])([^>"]+)[>"]', (source / path).read_text(), re.M)
    return [name for kind, name in lines if kind == '"'], [name for kind, name in lines if kind == '<']


def may_open(room, other):
    """Whether files of `room` may name headers of `other`: their own, those of their sub-folders, those in the table."""
    return other == room or folder(other) == room or other in rooms[room].rooms


def may_reach(room, other):
    """The same of what lies behind a door, and behind those that stand behind it."""
    return may_open(room, other) or any(other == door or other.startswith(door + '/') for door in rooms[room].rooms)


def library_of(header):
    return next((name for name in libraries if header == name + '.h' or header.startswith(name + '/')), None)


def wrong_headers(path, headers):
    room = rooms[folder(path)]
    for header in headers:
        library = library_of(header)
        if library and library not in room.libraries:
            yield f'{path} reaches <{header}>, of a library that its room may not use'
        if not library and room.pure and header not in language:
            yield f'{path} reaches <{header}>, and its room is pure'


def walls(paths, closure):
    for path in paths:
        room = folder(path)
        if room not in rooms:
            yield f'{path}: the folder has no row'
            continue
        for header in named(path)[0]:
            if not may_open(room, folder(header)):
                yield f'{path} includes "{header}", and may not'
        for header in closure[path]:
            if not may_reach(room, folder(header)):
                yield f'{path} reaches "{header}", and may not'
        yield from wrong_headers(path, sorted({name for part in [path, *closure[path]] for name in named(part)[1]}))


def circles(edges):
    """The strongly connected parts of more than one node (Tarjan, 1972)."""
    index, low, stack, found = {}, {}, [], []

    def visit(node):
        index[node] = low[node] = len(index)
        stack.append(node)
        for other in sorted(edges[node]):
            if other not in index:
                visit(other)
            if other in stack:
                low[node] = min(low[node], low[other])
        if low[node] == index[node]:
            at = stack.index(node)
            found.append(sorted(stack[at:]))
            del stack[at:]

    for node in sorted(edges):
        if node not in index:
            visit(node)
    return [part for part in found if len(part) > 1]


def noun_circles(paths):
    edges = {noun(path): set() for path in paths}
    for path in paths:
        edges[noun(path)] |= {noun(header) for header in named(path)[0] if noun(header) != noun(path)} & edges.keys()
    for part in circles(edges):
        yield 'a circle of includes: ' + ', '.join(part)


def room_circles(paths):
    """Of rooms that stand beside each other: a room and its sub-folders call each other through plain data at its door."""
    edges = {folder(path): set() for path in paths}
    for path in paths:
        room = folder(path)
        edges[room] |= {folder(header) for header in named(path)[0]
                        if not (folder(header) + '/').startswith(room + '/') and not room.startswith(folder(header) + '/')}
    for part in circles(edges):
        yield 'a circle of rooms: ' + ', '.join(part)


def nouns(paths):
    """A name is one folder's; X.h has X.c or is plain data; no folder is crowded."""
    folders, names = collections.defaultdict(set), collections.defaultdict(set)
    for path in paths:
        folders[folder(path)].add(noun(path))
        if folder(path) != 'cmd/bouncectl/commands':
            names[os.path.basename(noun(path))].add(folder(path))
        if path.endswith('.h') and noun(path) + '.c' not in paths:
            yield from functions_without_source(path)
    for name, owners in sorted(names.items()):
        if len(owners) > 1 and name not in same_name:
            yield f'{name}: a name of several folders: {", ".join(sorted(owners))}'
    for room, members in sorted(folders.items()):
        if len(members) > MOST_NOUNS and room not in crowded:
            yield f'{room} has {len(members)} nouns, more than {MOST_NOUNS}'


def functions_without_source(path):
    for name in re.findall(r'^(?!typedef)\w[\w ]*[ *](\w+)\([^;{]*\);', (source / path).read_text(), re.M):
        yield f'{path} declares {name}(), and there is no {noun(path)}.c'


def enums(path):
    """The enums of a file: the name, or '' of one that only holds constants, and the values."""
    text = re.sub(r'/\*.*?\*/', '', (source / path).read_text(), flags=re.S)
    for name, body in re.findall(r'\benum\s*(\w*)\s*{([^}]*)}', text):
        yield name, re.findall(r'(?:^|,)\s*(\w+)', body)


def prefix(name, values):
    """The beginning that the values share, in whole words. A last value that counts the others is the enum's name and an S."""
    values = [value for value in values if value != name.upper() + 'S']
    if len(values) == 1:
        return name.upper() + '_'
    return ''.join(word + '_' for word in os.path.commonprefix([value.split('_') for value in values]))


def shared_prefixes(paths):
    """No enum of a header shares its prefix with another one of a header, nor with constants."""
    found = [(path, name, values) for path in paths if path.endswith('.h') for name, values in enums(path)]
    for path, name, values in found:
        if not name:
            continue
        own = prefix(name, values)
        if not own:
            yield f'{path}: the values of enum {name} have no prefix in common'
            continue
        for other, _, others in found:
            strange = [value for value in others if value.startswith(own) and value not in values]
            if strange:
                yield f'{path}: enum {name} shares its prefix {own} with {strange[0]} in {other}'


def main():
    paths = sources()
    closure = reached(paths)
    complaints = [*walls(paths, closure), *noun_circles(paths), *room_circles(paths), *nouns(paths), *shared_prefixes(paths)]
    print('\n'.join(complaints))
    print(f'{len(paths)} files in {len(rooms)} rooms looked at')
    sys.exit(bool(complaints))


main()
