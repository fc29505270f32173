#!/usr/bin/env python3
"""bouncectl on a terminal: no line is wider than it, whatever the addresses; what there is no room for is told; --wide,
--columns, --color; nothing found is said; and a pager, which keeps no lock on the database while somebody reads."""
import os
import pathlib
import sqlite3
import subprocess
import sys
import tempfile
import time

from support.bounced_process import report
from support.terminal import run_on_terminal

build = pathlib.Path(os.environ['BUILD'])
bouncectl = str(build / 'bouncectl')
failed = False
plain_environment = dict(os.environ, LC_ALL='C.UTF-8', TERM='xterm', PAGER='cat', COLUMNS='')
plain_environment.pop('NO_COLOR', None)


def expect(good, what, text=''):
    global failed
    if not good:
        print(f'FAILED: {what}\n{text}')
        failed = True


def write_config(directory):
    config = directory / 'bounced.conf'
    config.write_text(f'''[store]
path = {directory}/bounced.db

[return-path news]
domain = bounces.example.com
stream = a-stream-with-a-long-name
unproven = suppress

[ingest]
unproven = suppress

[postmaster]
forward = a.person.with.a.very.long.name@department.example.net

[smart-host]
address = 127.0.0.1:9
tls = none
''')
    return config


addresses = ['a@example.org', 'first.middle.and.last.name+with-a-tag-of-its-own@department.of.something.example.org',
             '用户@例え.example', 'u@' + 'a.long.label.' * 9 + 'example.net']


def fill(directory, config):
    mail = directory / 'mail'
    mail.mkdir()
    for number, address in enumerate(addresses):
        diagnostic = f'550 5.1.1 <{address}>: Recipient address rejected: User unknown in virtual mailbox table'
        (mail / f'{number}.eml').write_bytes(report(number, address=address, diagnostic=diagnostic))
    subprocess.run([bouncectl, '--config', config, 'ingest', mail], check=True, stdout=subprocess.DEVNULL)
    subprocess.run([bouncectl, '--config', config, 'add', 'by.hand@example.com', '--for', '30d', '--who',
                    'an operator with a name', '--note', 'asked us by phone on a Monday, and then again ' * 3],
                   check=True, stdout=subprocess.DEVNULL)
    database = sqlite3.connect(directory / 'bounced.db')
    with database:
        database.execute("INSERT INTO outbox SELECT id, 'a.person.with.a.very.long.name@department.example.net',"
                         " 'postmaster@bounces.example.com', 'failed', received, 12, 0, received,"
                         " '550 5.7.1 we do not take this from you, whatever you say' FROM messages LIMIT 1")
    database.close()


def columns_of(text):
    """How wide a line is: all that is used here is one wide, but for what is CJK, which is two."""
    return sum(2 if ord(c) >= 0x3000 else 1 for c in text)


with tempfile.TemporaryDirectory() as name:
    directory = pathlib.Path(name)
    config = write_config(directory)

    def run(width, *arguments, **variables):
        status, text = run_on_terminal([bouncectl, '--config', str(config), *arguments], width,
                                       dict(plain_environment, **variables))
        expect(status == 0, f'{arguments} on {width} columns: exit status {status}', text)
        return text

    fill(directory, config)

    # it fits
    commands = [('list',), ('events',), ('outbox',), ('list', '--columns', 'reason,address'),
                ('classify', '--explain', '550 5.1.1 user unknown'), ('remove', '--dry-run', '--domain', 'example.org')]
    for width in (40, 60, 80, 100, 140, 200):
        for command in commands:
            text = run(width, *command, '--color', 'never')
            if command[0] in ('classify', 'remove'):  # a sentence for people is none of the table
                text = text[text.find('RULE' if command[0] == 'classify' else 'ADDRESS'):]
                text = ''.join(line for line in text.splitlines(True) if not line.startswith('bouncectl: '))
            widest = max(columns_of(line) for line in text.splitlines())
            expect(widest <= width, f'{command} on {width} columns: a line of {widest}', text)
    for width in (80, 100, 140):
        text = run(width, 'list', '--color', 'never')
        for part in ('a@example.org', 'first.mi', 'example.org', '用户@', 'by.hand@example.com'):
            expect(part in text, f'list on {width} columns shows no {part}', text)
    text = run(80, 'events', '--color', 'never')
    expect('not shown: ' in text and 'SOURCE' in text.splitlines()[-1], 'events does not tell what it leaves out', text)
    expect('SOURCE' in run(200, 'events').splitlines()[0], 'events has no SOURCE on 200 columns')

    # --wide, --columns
    text = run(80, 'events', '--wide', '--color', 'never')
    for address in addresses:
        expect(address in text or 'xn--' in text, f'--wide shows no {address}', text)
    expect('not shown' not in text and 'User unknown in virtual mailbox table' in text, '--wide leaves something out', text)
    expect(run(80, 'list', '--columns', 'why,address', '--color', 'never').split()[:2] == ['WHY', 'ADDRESS'],
           '--columns has another order')

    # nothing is said to be nothing
    for command, words in (('list', 'no entries'), ('events', 'no reports'), ('outbox', 'nothing goes on')):
        text = run(80, command, '--since', '2026-01-01', '--until', '2026-01-02')
        expect(text.strip() == words, f'{command} says of nothing: {text!r}')

    # colours
    red = '\x1b[31m'
    expect(red in run(80, 'events'), 'no colours on a terminal')
    expect('\x1b' not in run(80, 'events', NO_COLOR='1'), 'colours although NO_COLOR is set')
    expect('\x1b' not in run(80, 'events', TERM='dumb'), 'colours on a dumb terminal')
    expect('\x1b' not in run(80, 'events', '--color', 'never'), 'colours with --color never')
    expect(red in run(80, 'events', '--color', 'always', NO_COLOR='1'), 'no colours with --color always')

    # a pipe gets all of it, plain
    piped = subprocess.run([bouncectl, '--config', config, 'events'], check=True, capture_output=True, text=True).stdout
    expect(piped.count('\n') == len(addresses) and '\x1b' not in piped and 'RECEIVED' not in piped and
           all(line.count('\t') == 8 for line in piped.splitlines()), 'a pipe gets something else', piped)
    colourful = subprocess.run([bouncectl, '--config', config, 'events', '--color=always'], check=True,
                               capture_output=True, text=True).stdout
    expect(red in colourful, 'no colours in a pipe with --color=always', colourful)

    # the pager: its output, and the database meanwhile
    pager = directory / 'pager'
    pager.write_text(f'#!/bin/sh\ntouch {directory}/paging\nwhile [ ! -e {directory}/read ]; do sleep 0.05; done\n'
                     'echo "LESS=$LESS"\nsed "s/^/paged: /"\n')
    pager.chmod(0o755)
    for command in ('list', 'events', 'outbox', 'explain by.hand@example.com', 'report', 'inspect ' + str(directory / 'mail')):
        (directory / 'read').touch()
        text = run(80, *command.split(), PAGER=str(pager))
        expect('paged: ' in text and 'LESS=FRX' in text, f'{command} does not use the pager', text)
        expect('paged: ' not in run(80, *command.split(), '--no-pager', PAGER=str(pager)), f'{command} --no-pager pages')
    expect('by.hand' in run(80, 'list', PAGER='no-such-program'), 'without the pager there is no list')
    expect('paged' not in run(80, 'check', 'nobody@example.com', PAGER=str(pager)), 'check pages')

    (directory / 'read').unlink()
    (directory / 'paging').unlink()
    reader = run_on_terminal([bouncectl, '--config', str(config), 'events'], 80, dict(plain_environment, PAGER=str(pager)),
                             wait=False)
    for _ in range(200):
        if (directory / 'paging').exists():
            break
        time.sleep(0.05)
    time.sleep(0.3)
    database = sqlite3.connect(directory / 'bounced.db', timeout=0)
    with database:
        database.execute('UPDATE messages SET size = size')
    busy, _, _ = database.execute('PRAGMA wal_checkpoint(TRUNCATE)').fetchone()
    expect(busy == 0, 'the database is pinned while the pager waits')
    (directory / 'read').touch()
    status, text = reader.finish()
    expect(status == 0 and text.count('paged: ') >= len(addresses), f'the paged list: exit status {status}', text)

    # a reader who leaves early ends the command in silence
    status, text = run_on_terminal([bouncectl, '--config', str(config), 'events'], 80,
                                   dict(plain_environment, PAGER='head -n 1'))
    expect('bouncectl:' not in text, 'a pager that ends early is an error', text)

sys.exit(failed)
