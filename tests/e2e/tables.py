"""Reading what a run left behind."""

import base64
import json
import zlib

import pyarrow.parquet as pq


def table(run, name):
    return pq.read_table(run / f"{name}.parquet").to_pylist()


def document(run, name):
    return json.loads((run / f"{name}.json").read_text())


#: What two runs of one command may differ in: how long they took, and how often one looked (R1).
EXEMPT = ("timing.json", "trials.json", "trials.jsonl", "trials.jsonl.lock")


def same_bytes(a, b, but=()):
    """Names of files that differ between two folders, `but` and `EXEMPT` aside."""
    names = {p.relative_to(a) for p in a.rglob("*") if p.is_file()}
    names |= {p.relative_to(b) for p in b.rglob("*") if p.is_file()}
    return sorted(
        str(n)
        for n in names
        if n.name not in (*EXEMPT, *but)
        and (
            not (a / n).exists()
            or not (b / n).exists()
            or (a / n).read_bytes() != (b / n).read_bytes()
        )
    )


def page_of(path):
    """What a page was given to show: its head, and what is packed beside it."""
    text = path.read_text()
    start = text.index('id="run">') + len('id="run">')
    head = json.loads(text[start : text.index("</script>", start)])
    return head | json.loads(zlib.decompress(base64.b64decode(head.pop("rest")), -15))
