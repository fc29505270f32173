"""A client of the API that holds each answer against the OpenAPI file."""

import http.client
import json
import os
import re

import jsonschema

HTTP = os.path.join(os.environ["SOURCE"], "cmd", "bounced", "http")

with open(os.path.join(HTTP, "openapi.json"), encoding="utf-8") as description:
    OPENAPI = json.load(description)

METHODS = ("get", "put", "post", "delete")


def resolve(part):
    """Follows a $ref."""
    while "$ref" in part:
        names = part["$ref"].removeprefix("#/").split("/")
        part = OPENAPI
        for name in names:
            part = part[name]
    return part


def operations():
    """Each operation: method, path, its description."""
    for path, item in OPENAPI["paths"].items():
        for method in METHODS:
            if method in item:
                yield method.upper(), path, item[method]


def find_operation(method, path):
    """By a path as clients write it; None if there is none."""
    for known, template, operation in operations():
        pattern = re.sub(r"\\\{\w+\\\}", "[^/]+", re.escape(template))
        if known == method and re.fullmatch(pattern, path.partition("?")[0]):
            return operation
    return None


def check_value(value, schema):
    # The schema may refer to others: they are looked up in the whole file.
    whole = {"$schema": "https://json-schema.org/draft/2020-12/schema", "components": OPENAPI["components"], "allOf": [schema]}
    jsonschema.validate(value, whole, format_checker=jsonschema.FormatChecker())


class Answer:
    def __init__(self, response):
        self.status = response.status
        self.headers = response.headers
        # An event stream has no end: its beginning, to the first blank line.
        self.body = b"".join(iter(response.readline, b"\n")) if self.type == "text/event-stream" else response.read()

    @property
    def type(self):
        return (self.headers.get("Content-Type") or "").partition(";")[0]

    @property
    def json(self):
        return json.loads(self.body)

    @property
    def problem(self):
        return self.json["type"].removeprefix("/problems/")


def check_answer(answer, operation, what):
    """Is it as the operation says?"""
    described = operation["responses"].get(str(answer.status))
    if described is None:
        raise AssertionError(f"{what}: {answer.status} is not in the OpenAPI file: {answer.body[:500]}")
    described = resolve(described)
    for name in described.get("headers", {}):
        if name != "Link" and name not in answer.headers:
            raise AssertionError(f"{what}: {answer.status} without {name}")
    content = described.get("content", {})
    if not content:
        if answer.body:
            raise AssertionError(f"{what}: {answer.status} has a body: {answer.body[:500]}")
        return
    if answer.type not in content:
        raise AssertionError(f"{what}: {answer.status} is {answer.type}, not {', '.join(content)}")
    schema = content[answer.type]["schema"]
    if answer.type.endswith("json"):
        # The first ones of many lines: it takes long.
        values = [json.loads(line) for line in answer.body.splitlines()[:20]] if "ndjson" in answer.type else [answer.json]
        for value in values:
            check_value(value, schema)


class Api:
    """One connection, which is kept; `seen` has the operation and status of each answer."""

    def __init__(self, port, token=None, seen=None, connect=None):
        self.connection = connect() if connect else http.client.HTTPConnection("127.0.0.1", port, timeout=30)
        self.token = token
        self.seen = set() if seen is None else seen

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.connection.close()

    def ask(self, method, path, body=None, **headers):
        """`body`: bytes, or what becomes JSON. Names of fields have "_" for "-"."""
        fields = {name.replace("_", "-"): value for name, value in headers.items()}
        if self.token is not None:
            fields.setdefault("Authorization", f"Bearer {self.token}")
        if body is not None and not isinstance(body, bytes):
            body = json.dumps(body).encode()
            fields.setdefault("Content-Type", "application/json")
        self.connection.request(method, path, body, fields)
        answer = Answer(self.connection.getresponse())
        if answer.type == "text/event-stream":
            self.connection.close()
        operation = find_operation(method, path)
        if operation is not None:
            check_answer(answer, operation, f"{method} {path}")
            self.seen.add((operation["operationId"], answer.status))
        return answer


class Events:
    """The events of a stream, one after the other: (id, type, object); a comment is (None, None, None)."""

    def __init__(self, file):
        self.file = file

    def __iter__(self):
        return self

    def __next__(self):
        fields = {}
        for line in iter(self.file.readline, b""):
            name, _, value = line.rstrip(b"\n").decode().partition(":")
            if line == b"\n":
                return fields.get("id"), fields.get("event"), json.loads(fields["data"]) if "data" in fields else None
            fields[name] = value.removeprefix(" ")
        raise StopIteration

    def take(self, n):
        """The next ones that are no comments, and have an object."""
        found = []
        while len(found) < n:
            event = next(self)
            if event[2] is not None:
                found.append(event)
        return found
