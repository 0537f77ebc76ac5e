"""Does the whole way find an edge that is there, and none where there is none?

Before costs: a position's price PnL plus what slippage cost it, over its notional. An edge is
planted through order flow or through crowding (docs/synth.md), never through our signal, so each is
asked of the alpha that trades on it.
"""

import math

import pytest
from tables import table


def gross_returns(toxvol, folder, seed, plant, edge_bp=0, settings=()):
    raw, catalog, out = folder / f"raw{seed}", folder / f"cat{seed}", folder / f"run{seed}"
    planted = ["--edge-bp", edge_bp] if edge_bp else []
    toxvol.run(
        "synth",
        "--out",
        raw,
        "--symbol",
        "BTCUSDT",
        "--from",
        "2024-01-10",
        "--days",
        8,
        "--seed",
        seed,
        "--intensity",
        0.003,
        "--plant",
        plant,
        *planted,
    )
    toxvol.run("ingest", raw, "--catalog", catalog)
    toxvol.run(
        "backtest",
        "--catalog",
        catalog,
        "--preset",
        "A",
        "--from",
        "2024-01-12",
        "--to",
        "2024-01-18",
        "--out",
        out,
        *[x for s in settings for x in ("--set", s)],
    )
    return [
        (float(p["realised"]) + float(p["slippage"] or 0)) / float(p["qty_max"] * p["avg_entry"])
        for p in table(out, "positions")
        if p["ts_close"] is not None
    ]


def t_statistic(values):
    n = len(values)
    mean = sum(values) / n
    sd = math.sqrt(sum((v - mean) ** 2 for v in values) / (n - 1))
    return mean / (sd / math.sqrt(n))


@pytest.mark.parametrize(
    "plant, edge_bp, seeds, settings",
    [
        ("momentum", 60, (11, 12, 13), ["alpha_b.enabled=false"]),
        ("crowding", 40, (11, 12, 13, 14), ["alpha_a.enabled=false"]),
    ],
)
def test_a_planted_edge_is_earned_before_costs(toxvol, tmp_path, plant, edge_bp, seeds, settings):
    values = [
        v for seed in seeds for v in gross_returns(toxvol, tmp_path, seed, plant, edge_bp, settings)
    ]
    assert len(values) >= 30
    assert t_statistic(values) > 3


def test_without_an_edge_nothing_is_earned_before_costs(toxvol, tmp_path):
    values = [v for seed in range(21, 26) for v in gross_returns(toxvol, tmp_path, seed, "none")]
    assert len(values) > 125
    assert abs(t_statistic(values)) < 2.58  # the 99 % interval
