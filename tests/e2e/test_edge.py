"""Does the whole way find an edge that is there, and none where there is none?

Positions before costs (realised price PnL plus what slippage cost), as returns on their notional.
"""

import math

import pytest
from tables import table


def gross_returns(toxvol, folder, seed, plant, *synth_args):
    raw, catalog, out = folder / f"raw{seed}", folder / f"cat{seed}", folder / f"run{seed}"
    toxvol.run("synth", "--out", raw, "--symbol", "BTCUSDT", "--from", "2024-01-10", "--days", 6,
               "--seed", seed, "--intensity", 0.002, "--plant", plant, *synth_args)
    toxvol.run("ingest", raw, "--catalog", catalog, check=False)
    toxvol.run("backtest", "--catalog", catalog, "--preset", "A", "--from", "2024-01-12",
               "--to", "2024-01-16", "--out", out)
    result = []
    for p in table(out, "positions"):
        if p["ts_close"] is None:
            continue
        before_costs = float(p["realised"]) + float(p["slippage"] or 0)
        result.append(before_costs / (float(p["qty_max"]) * float(p["avg_entry"])))
    return result


def t_statistic(values):
    n = len(values)
    mean = sum(values) / n
    sd = math.sqrt(sum((v - mean) ** 2 for v in values) / (n - 1))
    return mean / (sd / math.sqrt(n))


@pytest.mark.parametrize("plant", ["momentum"])
def test_a_planted_edge_is_earned_before_costs(toxvol, tmp_path, plant):
    values = []
    for seed in (11, 12):
        values += gross_returns(toxvol, tmp_path, seed, plant, "--edge-bp", 25)
    assert len(values) > 50
    assert t_statistic(values) > 3


def test_without_an_edge_nothing_is_earned_before_costs(toxvol, tmp_path):
    values = []
    for seed in range(21, 29):
        values += gross_returns(toxvol, tmp_path, seed, "none")
    assert len(values) > 200
    assert abs(t_statistic(values)) < 2.58
