"""Checks a file against the rules of HAR 1.2 and prints every breach; fails if there is one.

The rules are those of the specification: http://www.softwareishard.com/blog/har-12-spec/
"""
import base64
import json
import re
import sys
from datetime import datetime
from decimal import Decimal

breaches = []


def breach(path, what):
    breaches.append(f"{path}: {what}")


def members(path, value, required, optional):
    """Whether `value` is an object with these members; others have to begin with an underscore."""
    if not isinstance(value, dict):
        breach(path, "must be an object")
        return False
    for name, check in required.items():
        if name not in value:
            breach(f"{path}.{name}", "is missing")
    for name, member in value.items():
        check = required.get(name) or optional.get(name)
        if check is not None:
            check(f"{path}.{name}", member)
        elif not name.startswith("_"):
            breach(f"{path}.{name}", "is neither of the format nor begins with an underscore")
    return True


def string(path, value):
    if not isinstance(value, str):
        breach(path, "must be a string")


def boolean(path, value):
    if not isinstance(value, bool):
        breach(path, "must be a boolean")


def number(path, value):
    if isinstance(value, bool) or not isinstance(value, (int, Decimal)):
        breach(path, "must be a number")
        return False
    return True


def known(path, value):
    if number(path, value) and value < 0:
        breach(path, "must not be negative")


def known_or_not(path, value):
    if number(path, value) and value < 0 and value != -1:
        breach(path, "must be -1 or not negative")


def time(path, value):
    string(path, value)
    try:
        if datetime.fromisoformat(str(value).replace("Z", "+00:00")).tzinfo is None:
            breach(path, "has no zone")
    except ValueError:
        breach(path, f"{value!r} is no time after ISO 8601")


def url(path, value):
    string(path, value)
    if not re.match(r"^[a-zA-Z][a-zA-Z0-9+.-]*:[^\s#]+$", str(value)):
        breach(path, f"{value!r} is no absolute URL without fragment")


def each(check):
    def check_list(path, value):
        if not isinstance(value, list):
            breach(path, "must be an array")
            return
        for index, element in enumerate(value):
            check(f"{path}[{index}]", element)

    return check_list


def pair(path, value):
    members(path, value, {"name": string, "value": string}, {"comment": string})


def cookie(path, value):
    members(
        path,
        value,
        {"name": string, "value": string},
        {
            "path": string,
            "domain": string,
            "expires": time,
            "httpOnly": boolean,
            "secure": boolean,
            "comment": string,
        },
    )


def post_data(path, value):
    required = {"mimeType": string, "params": each(pair), "text": string}
    if members(path, value, required, {"comment": string}):
        if value.get("params") and value.get("text"):
            breach(path, "text and params exclude each other")


def request(path, value):
    members(
        path,
        value,
        {
            "method": string,
            "url": url,
            "httpVersion": string,
            "cookies": each(cookie),
            "headers": each(pair),
            "queryString": each(pair),
            "headersSize": known_or_not,
            "bodySize": known_or_not,
        },
        {"postData": post_data, "comment": string},
    )


def content(path, value):
    required = {"size": known_or_not, "mimeType": string}
    optional = {"compression": number, "text": string, "encoding": string, "comment": string}
    if not members(path, value, required, optional) or "text" not in value:
        return
    if value.get("encoding") == "base64":
        size = len(base64.b64decode(value["text"], validate=True))
    else:
        size = len(value["text"].encode())
    if size != value["size"] and "comment" not in value:
        breach(path, f"has {size} bytes of text, but a size of {value['size']}")


def response(path, value):
    members(
        path,
        value,
        {
            "status": known,
            "statusText": string,
            "httpVersion": string,
            "cookies": each(cookie),
            "headers": each(pair),
            "content": content,
            "redirectURL": string,
            "headersSize": known_or_not,
            "bodySize": known_or_not,
        },
        {"comment": string},
    )


def timings(path, value):
    members(
        path,
        value,
        {"send": known, "wait": known, "receive": known},
        {
            "blocked": known_or_not,
            "dns": known_or_not,
            "connect": known_or_not,
            "ssl": known_or_not,
            "comment": string,
        },
    )


def entry(path, value):
    if not members(
        path,
        value,
        {
            "startedDateTime": time,
            "time": known,
            "request": request,
            "response": response,
            "cache": lambda path, value: members(path, value, {}, {"comment": string}),
            "timings": timings,
        },
        {"pageref": string, "serverIPAddress": string, "connection": string, "comment": string},
    ):
        return
    parts = value.get("timings", {})
    total = sum(v for k, v in parts.items() if k not in ("ssl", "comment") and v >= 0)
    if total != value.get("time"):
        breach(f"{path}.time", f"is {value.get('time')}, but the timings add up to {total}")
    if parts.get("ssl", -1) > max(parts.get("connect", -1), 0):
        breach(f"{path}.timings.ssl", "must be part of connect")


def log(path, value):
    program = {"name": string, "version": string}
    members(
        path,
        value,
        {
            "version": lambda path, v: v == "1.2" or breach(path, "must be 1.2"),
            "creator": lambda path, v: members(path, v, program, {"comment": string}),
            "entries": each(entry),
        },
        {"browser": lambda path, v: members(path, v, program, {}), "comment": string},
    )


with open(sys.argv[1], encoding="utf-8") as file:
    root = json.load(file, parse_float=Decimal)
members("$", root, {"log": log}, {})
if breaches:
    sys.exit("\n".join(breaches))
print(len(root["log"]["entries"]))
