"""Compare what `bouncectl inspect --json` prints for each NAME.eml with NAME.json.

usage: SOURCE=. BUILD=build corpus.py [NAME...]

NAME.json holds the objects that are expected, in order, one a line or in a list. All fields must be equal, and there
must be no others, but for `source` and `rule`: where the message lay, and which of the rules decided.
Mail that reports no failure is read once more as if it had come from the null sender, which alone must change nothing.
"""
import json
import os
import pathlib
import subprocess
import sys
import tempfile

LINE_ENDS = {'LF': b'\n', 'CRLF': b'\r\n', 'CR': b'\r'}
MIN_PAIRS = 40
NOT_COMPARED = {'source', 'rule'}
NO_FAILURE = {'other', 'auto_reply'}


def find_pairs(folder, names):
    """The names that have both files, and a failure for each that has one of them alone."""
    mails = {path.stem for path in folder.glob('*.eml')}
    answers = {path.stem for path in folder.glob('*.json')}
    if names:
        mails &= names
        answers &= names
    failures = [f'{name}: there is no {name}.json' for name in sorted(mails - answers)]
    failures += [f'{name}: there is no {name}.eml' for name in sorted(answers - mails)]
    return sorted(mails & answers), failures


def read_answer(path):
    """The objects of one .json file: JSON values one after the other, a list stands for what is in it."""
    text = path.read_text(encoding='utf-8').strip()
    objects = []
    while text:
        value, end = json.JSONDecoder().raw_decode(text)
        objects += value if isinstance(value, list) else [value]
        text = text[end:].lstrip()
    return objects


def inspect(bouncectl, folder, names, line_end, top=b''):
    """The program's output for copies with that line end behind `top`, as a list of objects for each name."""
    with tempfile.TemporaryDirectory() as temporary:
        copies = pathlib.Path(temporary)
        config = copies / 'empty.conf'
        config.touch()
        sources = {}
        for name in names:
            data = (folder / f'{name}.eml').read_bytes().replace(b'\r\n', b'\n')
            copy = copies / f'{name}.eml'
            copy.write_bytes((top + data).replace(b'\n', line_end))
            sources[str(copy)] = name
        run = subprocess.run([bouncectl, '--config', str(config), 'inspect', '--json', *sources],
                             stdout=subprocess.PIPE, check=True)
    got = {name: [] for name in names}
    for line in run.stdout.decode('utf-8').splitlines():
        event = json.loads(line)
        got[sources[event['source']]].append(event)
    return got


def compare(got, expected):
    """A line for each field that differs."""
    if len(got) != len(expected):
        yield f'{len(got)} objects, expected {len(expected)}'
    for i, (have, want) in enumerate(zip(got, expected), 1):
        for field in sorted((have.keys() | want.keys()) - NOT_COMPARED):
            if have.get(field) != want.get(field):
                yield f'object {i}, {field}: got {have.get(field)!r}, expected {want.get(field)!r}'


def main():
    bouncectl, folder = f'{os.environ["BUILD"]}/bouncectl', pathlib.Path(os.environ['SOURCE'], 'testdata')
    chosen = set(sys.argv[1:])
    names, failures = find_pairs(folder, chosen)
    if not chosen and len(names) < MIN_PAIRS:
        failures.append(f'{len(names)} pairs, expected {MIN_PAIRS} or more')
    expected = {name: read_answer(folder / f'{name}.json') for name in names}
    differences = {}  # and the line ends that show each
    for kind, line_end in LINE_ENDS.items():
        got = inspect(bouncectl, folder, names, line_end)
        for name in names:
            for line in compare(got[name], expected[name]):
                differences.setdefault((name, line), []).append(kind)
    plain = [name for name in names if all(event['kind'] in NO_FAILURE for event in expected[name])]
    got = inspect(bouncectl, folder, plain, b'\n', top=b'Return-Path: <>\n')
    for name in plain:
        for line in compare([{'kind': event['kind']} for event in got[name]],
                            [{'kind': event['kind']} for event in expected[name]]):
            failures.append(f'{name} (from the null sender): {line}')
    failures += [f'{name} ({" ".join(kinds)}): {line}' for (name, line), kinds in sorted(differences.items())]
    for failure in failures:
        print(f'FAILED: {failure}')
    objects = sum(len(answer) for answer in expected.values())
    print(f'{len(names)} messages with {" ".join(LINE_ENDS)}, {objects} objects each: {len(failures)} failures')
    return 1 if failures else 0


if __name__ == '__main__':
    sys.exit(main())
