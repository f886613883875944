"""Reads a JUnit report as programs that collect them do, and tells its cases as JSON. Fails when
its counts do not add up: junit.py REPORT"""

import json
import sys
import xml.etree.ElementTree

root = xml.etree.ElementTree.parse(sys.argv[1]).getroot()
totals = dict.fromkeys(("tests", "failures", "errors", "skipped"), 0)
tags = {"failures": "failure", "errors": "error", "skipped": "skipped"}
suites = {}
for suite in root.findall("testsuite"):
    cases = suite.findall("testcase")
    counts = {"tests": len(cases)}
    for name, tag in tags.items():
        counts[name] = sum(case.find(tag) is not None for case in cases)
    for name, count in counts.items():
        assert int(suite.get(name)) == count, (suite.get("name"), name)
        totals[name] += count
    suites[suite.get("name")] = {
        "timestamp": suite.get("timestamp"),
        "properties": {
            one.get("name"): one.get("value") for one in suite.findall("properties/property")
        },
        "cases": {
            case.get("name"): {
                "outcome": next((tag for tag in tags.values() if case.find(tag) is not None),
                                "passed"),
                "message": next((case.find(tag).get("message") for tag in tags.values()
                                 if case.find(tag) is not None), ""),
                "details": next((case.find(tag).text or "" for tag in tags.values()
                                 if case.find(tag) is not None), ""),
                "output": case.findtext("system-out", ""),
                "time": float(case.get("time")),
            }
            for case in cases
        },
    }
for name, count in totals.items():
    assert int(root.get(name)) == count, name
print(json.dumps(suites))
