"""Holds answers of a server against its OpenAPI document.

Usage: check_answers.py SPECIFICATION ANSWERS

ANSWERS has one JSON object per line: method, path (as the document has it), url, status, type
(the Content-Type) and body (in base64). Prints how many were looked at, then every fault.

Objects are taken as closed: a member that the document does not know is a fault, too.
"""

import base64
import json
import re
import sys

from jsonschema import Draft202012Validator, FormatChecker
from referencing import Registry, Resource
from referencing.jsonschema import DRAFT202012

formats = FormatChecker(formats=())


@formats.checks("date-time")
def is_time(value):
    template = r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z"
    return not isinstance(value, str) or re.fullmatch(template, value) is not None


def close(node):
    """Takes objects with known members for complete."""
    if isinstance(node, dict):
        if "properties" in node:
            node.setdefault("additionalProperties", False)
        for value in node.values():
            close(value)
    elif isinstance(node, list):
        for value in node:
            close(value)


def escaped(segment):
    return segment.replace("~", "~0").replace("/", "~1")


def faults(document, registry, answer):
    operation = document["paths"][answer["path"]][answer["method"].lower()]
    status = str(answer["status"])
    response = operation["responses"].get(status)
    if response is None:
        yield f"the status {status} is not announced"
        return
    pointer = ["paths", answer["path"], answer["method"].lower(), "responses", status]
    if "$ref" in response:
        pointer = response["$ref"].removeprefix("#/").split("/")
        response = document["components"][pointer[1]][pointer[2]]
    body = base64.b64decode(answer["body"])
    content = response.get("content", {})
    if not content:
        if body:
            yield f"{len(body)} bytes came where no body is announced"
        return
    main = answer["type"].split(";")[0].strip().lower()
    media = main if main in content else "*/*"
    if media not in content:
        yield f"the type '{answer['type']}' is not announced"
        return
    if answer["method"] == "HEAD" or not main.endswith("json"):
        return
    pointer += ["content", media, "schema"]
    schema = {"$ref": "urn:specification#/" + "/".join(escaped(part) for part in pointer)}
    validator = Draft202012Validator(schema, registry=registry, format_checker=formats)
    for error in list(validator.iter_errors(json.loads(body)))[:5]:
        yield f"{error.json_path}: {error.message[:300]}"


def main():
    with open(sys.argv[1]) as file:
        document = json.load(file)
    close(document["components"]["schemas"])
    close(document["paths"])
    resource = Resource(contents=document, specification=DRAFT202012)
    registry = Registry().with_resource("urn:specification", resource)
    count = 0
    with open(sys.argv[2]) as file:
        for line in file:
            answer = json.loads(line)
            count += 1
            for fault in faults(document, registry, answer):
                print(f"{answer['method']} {answer['url']}: {fault}")
    print(f"{count} answers")


main()
