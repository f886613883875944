"""Hooks of schemathesis: most requests get ids of things that there are.

IDS is a JSON object: lists of ids by the segment of a path that they follow; those of execution
regions are under "execution regions".
"""

import json
import os
import random

import schemathesis

IDS = json.loads(os.environ["IDS"])
chance = random.Random(1)


@schemathesis.hook
def before_call(context, case, kwargs):
    pieces = case.operation.path.strip("/").split("/")
    parameters = dict(case.path_parameters or {})
    for index, piece in enumerate(pieces):
        if not piece.startswith("{"):
            continue
        name = piece[1 : piece.index("}")]
        key = pieces[index - 1]
        if key == "regions" and index > 1:
            key = "execution regions"
        known = IDS.get(key)
        # Only where there is a value: requests without one are wanted, too.
        if known and name in parameters and chance.random() < 0.75:
            parameters[name] = chance.choice(known)
    case.path_parameters = parameters
