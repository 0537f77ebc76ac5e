"""Reading what a run left behind."""

import json

import pyarrow.parquet as pq


def table(run, name):
    return pq.read_table(run / f"{name}.parquet").to_pylist()


def document(run, name):
    return json.loads((run / f"{name}.json").read_text())


def same_bytes(a, b, but=("timing.json",)):
    """Names of files that differ between two folders, `but` aside."""
    names = {p.relative_to(a) for p in a.rglob("*") if p.is_file()}
    names |= {p.relative_to(b) for p in b.rglob("*") if p.is_file()}
    return sorted(str(n) for n in names if n.name not in but
                  and (not (a / n).exists() or not (b / n).exists()
                       or (a / n).read_bytes() != (b / n).read_bytes()))
