"""Computes suite summaries and errors from suite-results.csv, and compares them with what the
coordinator says: suites.py RESULTS SUMMARIES ERRORS OUTPUT_FILES REGION_NAMES"""

import collections
import csv
import datetime
import json
import statistics
import sys


def rows(path):
    with open(path, newline="", encoding="utf-8") as file:
        return list(csv.DictReader(file))


def moment(text):
    return datetime.datetime.fromisoformat(text.replace("Z", "+00:00"))


def percentile(values, percent):
    if len(values) == 1:
        return values[0]
    return statistics.quantiles(values, n=100, method="inclusive")[percent - 1]


results, summaries, errors = (rows(path) for path in sys.argv[1:4])
files = json.load(open(sys.argv[4], encoding="utf-8"))
problems = []


def same(what, found, expected, tolerance=0.0):
    if isinstance(expected, float):
        if abs(float(found) - expected) > tolerance:
            problems.append(f"{what} is {found}, not {expected}")
    elif found != expected:
        problems.append(f"{what} is {found!r}, not {expected!r}")


tests = collections.defaultdict(list)
for row in results:
    tests[row["suite"], row["test"]].append(row)
told = [row for row in summaries if row["row"] == "test"]
same("tests", [(row["suite"], row["test"]) for row in told], sorted(tests))
for row in told:
    name = row["suite"], row["test"]
    mine = tests[name]
    failed = [other for other in mine if other["passed"] == "false"]
    same(f"executed of {name}", int(row["executed"]), len(mine))
    same(f"passed of {name}", int(row["passed"]), len(mine) - len(failed))
    same(f"failed of {name}", int(row["failed"]), len(failed))
    own = [file for file in files if (file.get("suite"), file.get("test")) == name]
    images = [file for file in own if file["type"].startswith("image/")]
    same(f"files of {name}", int(row["outputFiles"]), len(own))
    same(f"screenshots of {name}", int(row["screenshots"]), len(images))
    times = sorted(float(other["durationMs"]) for other in mine)
    for column, expected in {
        "meanDurationMs": statistics.fmean(times), "minDurationMs": times[0],
        "maxDurationMs": times[-1], "sdDurationMs": statistics.pstdev(times),
        "p50DurationMs": float(statistics.median(times)),
        "p95DurationMs": percentile(times, 95), "p99DurationMs": percentile(times, 99),
    }.items():
        same(f"{column} of {name}", row[column], expected, 0.00051)
    starts = [other["timestamp"] for other in mine]
    same(f"firstAt of {name}", row["firstAt"], min(starts))
    ends = [
        moment(other["timestamp"]) + datetime.timedelta(milliseconds=float(other["durationMs"]))
        for other in mine
    ]
    gap = (moment(row["lastAt"]) - max(ends)).total_seconds()
    same(f"lastAt of {name}", abs(gap), 0.0, 0.0011)
    failures = [other["timestamp"] for other in failed]
    same(f"firstFailureAt of {name}", row["firstFailureAt"], min(failures, default=""))
    same(f"lastFailureAt of {name}", row["lastFailureAt"], max(failures, default=""))

kinds = collections.defaultdict(list)
for row in results:
    if row["passed"] == "false":
        kinds[row["suite"], row["test"], row["message"]].append(row)
same("errors", len(errors), len(kinds))
same("order of errors", [int(row["count"]) for row in errors],
     sorted((len(kind) for kind in kinds.values()), reverse=True))
for row in errors:
    name = row["suite"], row["test"], row["message"]
    mine = kinds[name]
    same(f"count of {name}", int(row["count"]), len(mine))
    starts = [other["timestamp"] for other in mine]
    same(f"firstAt of {name}", row["firstAt"], min(starts))
    same(f"lastAt of {name}", row["lastAt"], max(starts))
    regions = {other["region"]: int(other["executionRegionId"]) for other in mine}
    expected = sorted(regions, key=regions.get)
    same(f"regions of {name}", row["regions"], "; ".join(expected))
    same(f"region ids of {name}", row["regionIds"],
         "; ".join(str(regions[region]) for region in expected))
    firsts = {
        (other["client"], other["iteration"], other["threadId"], other["stack"])
        for other in mine if other["timestamp"] == min(starts)
    }
    example = tuple(
        row[column] for column in
        ("exampleClient", "exampleIteration", "exampleThreadId", "exampleStack"))
    if example not in firsts:
        problems.append(f"example of {name} is {example}, not one of {sorted(firsts)}")
among = {
    (row["suite"], row["test"], row["error"]): row for row in summaries if row["row"] == "error"
}
same("errors among summaries", sorted(among), sorted(kinds))
for row in errors:
    other = among.get((row["suite"], row["test"], row["message"]), {})
    for here, there in {
        "count": "errorCount", "firstAt": "firstFailureAt", "lastAt": "lastFailureAt",
        "regions": "regions", "exampleClient": "exampleClient",
        "exampleIteration": "exampleIteration",
    }.items():
        same(f"{there} of an error among summaries", other.get(there), row[here])
    same("numbers of tests in rows of errors", [
        other.get(column) for column in ("executed", "passed", "failed", "meanDurationMs")
    ], [""] * 4)

print(f"{len(results)} results, {len(told)} tests, {len(errors)} errors")
if problems:
    sys.exit("\n".join(problems[:20]))
