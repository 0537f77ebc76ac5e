"""When the steps of one run began and ended, in wall and CPU seconds; for `node_run.py`."""

import json
import time

MARKS = {}
STEPS = {
    "imports": ("begin", "imported"),
    "loading": ("imported", "start"),
    "events": ("start", "stop"),
}


def mark(name):
    MARKS[name] = (time.perf_counter(), time.process_time())


def tell(rows):
    """Prints the seconds of each step, and how many rows the engine saw."""
    found = {
        step: [MARKS[last][at] - MARKS[first][at] for at in (0, 1)]
        for step, (first, last) in STEPS.items()
    }
    print(json.dumps({**found, "rows": rows}))
