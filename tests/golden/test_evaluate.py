"""`toxvol evaluate` against the plain implementation beside this file."""

import datetime
import json
import math
import os
import pathlib
import subprocess

import numpy as np
import plain_evaluate as plain
import plain_vpin as vpin
import pyarrow.parquet as pq
import pytest
from markets import ROOT, copy, files_of, market, program, without_hours  # noqa: F401 (fixtures)

SEED, RESAMPLES = 3, 199


def ns(text):
    return int(datetime.datetime.fromisoformat(text).timestamp()) * 10**9


class Evaluated:
    """A run, what the program says of it, and what the plain implementation reads."""

    def __init__(self, program, raw, folder, sets, begin, end, klines, quotes):
        def call(*args):
            done = subprocess.run(
                [str(x) for x in (program, *args)], capture_output=True, text=True
            )
            assert done.returncode == 0, done.stderr
            return done

        catalog, run, out = folder / "catalog", folder / "run", folder / "out"
        call("--quiet", "ingest", raw, "--symbol", "BTCUSDT", "--catalog", catalog)
        window = ("--from", begin, "--to", end)
        call("backtest", "--catalog", catalog, "--out", run, *window, *sets)
        self.call, self.catalog, self.sets, self.window = call, catalog, sets, window
        how = ("--seed", SEED, "--resamples", RESAMPLES)
        call("evaluate", run, "--out", out, *how)
        self.folder = out
        self.study = json.loads((out / "study.json").read_text())
        document = json.loads((run / "run.json").read_text())
        self.begin, self.end = ns(document["from"]), ns(document["to"])
        config = document["config"]
        self.run = plain.Run(run, config, config["run"]["inputs"])
        self.klines = plain.Klines(klines, self.begin - 31 * plain.DAY, self.end)
        self.quotes = plain.quote_mids(quotes, self.begin, self.end) if quotes else None
        self.trade_files = files_of(raw, "aggTrades")

    def table(self, name):
        return pq.read_table(self.folder / f"{name}.parquet").to_pylist()


def same(found, wanted, what):
    if wanted is None or (isinstance(wanted, float) and math.isnan(wanted)):
        assert found is None, what
    elif isinstance(wanted, (int, np.integer)):
        assert found == wanted, what
    else:
        assert found == pytest.approx(wanted, rel=1e-8, abs=1e-11), what


POST_ONLY = ("--preset", "short", "--set", "entry.order=post_only")


@pytest.fixture(scope="module")
def synthetic(program, market, tmp_path_factory):
    raw = without_hours(copy(market, tmp_path_factory.mktemp("raw") / "raw"), "bookTicker", 9, 10)
    return Evaluated(
        program,
        raw,
        tmp_path_factory.mktemp("evaluate"),
        POST_ONLY,
        "2024-01-11T00:00:00+00:00",
        "2024-01-13T00:00:00+00:00",
        files_of(raw, "klines"),
        files_of(raw, "bookTicker"),
    )


@pytest.fixture(scope="module")
def recorded(program, tmp_path_factory):
    """A recorded day of trades and klines, without quotes."""
    named = os.environ.get("TOXVOL_DATA")
    data = pathlib.Path(named) if named else ROOT.parent / "shared" / "data" / "raw"
    files = sorted(data.rglob("BTCUSDT-*2020-02*.csv"))
    if len(files) < 3:
        pytest.skip(f"TOXVOL_DATA: no files of 2020-02 in {data}")
    raw = tmp_path_factory.mktemp("recorded") / "raw"
    for path in files:
        place = raw / path.relative_to(data)
        place.parent.mkdir(parents=True, exist_ok=True)
        os.symlink(path, place)
    return Evaluated(
        program,
        raw,
        tmp_path_factory.mktemp("evaluate"),
        ("--preset", "short"),
        "2020-02-22T00:00:00+00:00",
        "2020-02-23T00:00:00+00:00",
        sorted(raw.rglob("BTCUSDT-1m-*.csv")),
        None,
    )


def check_forecasts(evaluated, least):
    judged = 0
    for horizon in (15, 60, 240, 1440):
        wanted = plain.forecast_table(evaluated.run, evaluated.klines, horizon, SEED, RESAMPLES)
        lines = [r for r in evaluated.table("forecasts") if r["horizon_min"] == horizon]
        assert {(r["model"], r["scaled"]) for r in lines} == set(wanted)
        for row in lines:
            key = (row["model"], row["scaled"])
            for name, value in wanted[key].items():
                same(row[name], value, (horizon, key, name))
            assert (row["note"] == "too_short") == (row["n"] < 30)
            judged += row["n"] >= 30
    assert judged >= least


def test_forecasts_of_a_generated_market(synthetic):
    check_forecasts(synthetic, 20)


def test_a_day_alone_has_no_har_and_no_common_points(recorded):
    check_forecasts(recorded, 0)
    assert {r["n"] for r in recorded.table("forecasts")} == {0}
    quarters = [r for r in recorded.table("forecasts") if r["horizon_min"] == 15]
    assert {r["dropped"] for r in quarters} == {96}


def check_compression(evaluated):
    for said in evaluated.study["compression"]:
        key = (said["forecast"], said["horizon_min"])
        deciles, simple, hourly = plain.compression(
            evaluated.run, evaluated.klines, *key, SEED, RESAMPLES
        )
        for row in said["deciles"]:
            for name, value in deciles[row["decile"]].items():
                same(row[name], value, (key, row["decile"], name))
        for name, wanted in (("plain", simple), ("hourly", hourly)):
            for part, value in zip(("b", "se", "t", "p"), wanted or [None] * 4):
                same(said[name][part], value, (key, name, part))
    assert any(said["hourly"]["b"] is not None for said in evaluated.study["compression"])
    stored = evaluated.table("compression")
    assert stored == [r for said in evaluated.study["compression"] for r in said["deciles"]]


def test_compression(synthetic):
    check_compression(synthetic)


def test_compression_of_a_recorded_day(recorded):
    check_compression(recorded)


def check_decay(evaluated, lines):
    assert lines
    for row in lines:
        key = [row[name] for name in ("signal", "horizon_s", "subset", "placebo")]
        wanted = plain.decay_line(
            evaluated.run, *key, evaluated.quotes, evaluated.end, SEED, RESAMPLES
        )
        for name, value in wanted.items():
            same(row[name], value, (key, name))


def test_decay_of_p_in_all_ways(synthetic):
    rows = [r for r in synthetic.table("decay") if r["signal"] == "p"]
    assert len(rows) == 13 * 4 * 3
    check_decay(synthetic, [r for r in rows if r["horizon_s"] in (1, 30, 60, 900)])


def test_decay_of_the_other_signals(synthetic):
    rows = [r for r in synthetic.table("decay") if r["signal"] != "p"]
    check_decay(
        synthetic,
        [r for r in rows if r["horizon_s"] in (5, 300, 14400) and r["subset"] == "not_toxic"],
    )


def test_decay_of_a_recorded_day_without_quotes(recorded):
    rows = recorded.table("decay")
    assert min(r["horizon_s"] for r in rows) == 60
    check_decay(recorded, [r for r in rows if r["horizon_s"] in (120, 3600)])
    assert {r["n"] for r in rows if r["signal"] == "z_obi"} == {0}
    assert {r["n"] for r in rows if r["placebo"] == "shift"} == {0}


def test_markouts(synthetic):
    entries = plain.resting(synthetic.run)
    rows = synthetic.table("markouts")
    assert len(rows) == 35 and max(r["n"] for r in rows) >= 30
    for row in rows:
        key = [row[name] for name in ("class", "ref", "tau_s")]
        wanted = plain.markout(entries, *key, synthetic.quotes, synthetic.end, SEED, RESAMPLES)
        for name, value in wanted.items():
            same(row[name], value, (key, name))
    mean = {(r["class"], r["ref"], r["tau_s"]): r["mean"] for r in rows}
    for one in synthetic.study["makers"]["adverse_selection"]:
        filled, both = (mean[k, "accepted", one["tau_s"]] for k in ("filled", "both"))
        same(one["bp"], filled - both, one)


def test_without_resting_entries_there_are_no_markouts(recorded):
    assert recorded.table("markouts") == []
    assert recorded.study["makers"]["note"] == "not_applicable: no entry order rested"


@pytest.mark.parametrize("name", ["synthetic", "recorded"])
def test_costs(name, request):
    evaluated = request.getfixturevalue(name)
    costs, rows = evaluated.study["costs"], evaluated.run.rows
    decides = np.array([bool(x) for x in rows["decides"]])
    sigmas = sorted(rows["sigma"][decides & ~np.isnan(rows["sigma"])])
    sigma = 1e4 * sigmas[math.ceil(len(sigmas) / 2) - 1]
    same(costs["sigma_bp"], sigma, "sigma")
    same(costs["cost_bp"], costs[f"{costs['cost_of']}_bp"], "cost")
    assert (costs["cost_of"] == "maker_taker") == (name == "synthetic")
    for row in costs["needed"]:
        for way in ("taker_taker", "maker_taker", "maker_maker"):
            same(row[way], plain.needed(costs[f"{way}_bp"], sigma, row["minutes"]), (row, way))
    decay = [
        r
        for r in evaluated.table("decay")
        if (r["signal"], r["subset"], r["placebo"]) == ("p", "all", "none")
    ]
    nearest = min(
        (r for r in decay if r["horizon_s"] >= 60), key=lambda r: abs(r["horizon_s"] - 60)
    )
    assert costs["hit_horizon_s"] == nearest["horizon_s"]
    wanted = plain.break_even_minutes(costs["cost_bp"], sigma, nearest["hit"])
    same(costs["break_even_minutes"], wanted, "break-even")
    crossing = [
        r["horizon_s"] for r in decay if r["lo"] is not None and r["lo"] >= costs["cost_bp"]
    ]
    assert costs["crossing_s"] == min(crossing, default=None)
    inside = evaluated.klines.ts > evaluated.begin
    volume = evaluated.klines.quote[inside].mean() * 1440
    said = evaluated.study["capacity"]
    same(said["day_volume_usdt"], volume, "volume")
    wanted = plain.capacity(volume, nearest["edge_bp"], costs["cost_bp"], sigma)
    same(said["square_root_usdt"], wanted, "capacity")
    fee = json.loads((evaluated.run.folder / "inference.json").read_text())["break_even"]
    same(costs["break_even_fee"]["bp"], fee["fee_bp"], "fee")


@pytest.mark.parametrize("multiple", [0.5, 4.0])
def test_a_size_of_the_ladder_is_a_backtest_of_its_own(synthetic, tmp_path, multiple):
    size = synthetic.run.config["size"]
    sets = []
    for key in ("risk_bp", "max_leverage", "max_notional_usdt"):
        sets += ["--set", f"size.{key}={float(size[key]) * multiple}"]
    alone = tmp_path / "alone"
    synthetic.call(
        *("backtest", "--catalog", synthetic.catalog, "--out", alone),
        *(*synthetic.window, *synthetic.sets, *sets, "--trials", tmp_path / "trials.jsonl"),
    )
    positions = [p for p in pq.read_table(alone / "positions.parquet").to_pylist() if p["ts_close"]]
    positions.sort(key=lambda p: (p["ts_close"], int(p["position_id"][2:])))
    bp = [1e4 * float(p["net"] / (p["avg_entry"] * p["qty_max"])) for p in positions]
    fills = pq.read_table(alone / "fills.parquet").to_pylist()
    slippage = sum(f["slippage"] or 0 for f in fills) / sum(f["price"] * f["qty"] for f in fills)
    said = next(r for r in synthetic.study["capacity"]["ladder"] if r["multiple"] == multiple)
    same(said["positions"], len(bp), "positions")
    mean, lo, hi = plain.mean_interval(bp, 1, SEED, 4, RESAMPLES)
    for name, value in (("net_bp", mean), ("lo", lo), ("hi", hi)):
        same(said[name], value, name)
    same(said["slippage_bp"], 1e4 * float(slippage), "slippage")


def test_the_capacity_of_sizes_is_the_largest_that_earns(synthetic, recorded):
    for evaluated in (synthetic, recorded):
        capacity = evaluated.study["capacity"]
        assert [r["multiple"] for r in capacity["ladder"]] == [0.5, 1, 2, 4, 8]
        earn = [r["multiple"] for r in capacity["ladder"] if (r["net_bp"] or 0) > 0]
        assert capacity["ladder_multiple"] == max(earn, default=0)


@pytest.fixture(scope="module")
def vpins(synthetic):
    """VPIN at the whole hours, by classifier and variant, from the trades."""
    run, klines = synthetic.run, synthetic.klines
    rows = vpin.trades(synthetic.trade_files, synthetic.begin - 31 * plain.DAY, synthetic.end)
    n = run.config["toxicity"]["vpin_buckets"]
    at, targets, controls = vpin.hours(run, klines)
    made = {("aggressor", "run"): run.rows["vpin"][at], ("bvc_1m", "run"): run.rows["vpin_bvc"][at]}

    def read(window):
        return np.array([window.at(int(run.ts[i])) for i in at])

    made["bvc_1s", "run"] = read(vpin.bulk_seconds(run, klines, rows, n))
    for j in range(10):
        made["aggressor", f"origin {j}"] = read(vpin.buckets(run, klines, rows, n, skip=j))
    for b in range(20):
        window = vpin.buckets(run, klines, rows, n, permutation=b, seed=SEED)
        made["aggressor", f"permutation {b}"] = read(window)
    return made, targets, controls


def test_vpin_of_trades_is_that_of_the_run(vpins):
    made = vpins[0]
    assert np.isfinite(made["aggressor", "run"]).sum() > 30
    np.testing.assert_allclose(made["aggressor", "origin 0"], made["aggressor", "run"], rtol=1e-12)


def test_vpin_regressions(synthetic, vpins):
    made, targets, controls = vpins
    rows = synthetic.table("vpin")
    assert {(r["classifier"], r["variant"]) for r in rows} == set(made)
    assert len(rows) == len(made) * 2 * 3
    judged = 0
    for row in rows:
        values = made[row["classifier"], row["variant"]]
        wanted = vpin.vpin_line(targets[row["target"]], controls, values, row["spec"])
        judged += row["t"] is not None
        for name, value in wanted.items():
            same(row[name], value, (row, name))
    assert judged > 100


def test_vpin_findings(synthetic, vpins):
    made, _, controls = vpins
    said = synthetic.study["vpin"]
    rows = {(r["variant"], r["target"], r["spec"]): r for r in synthetic.table("vpin")}
    for finding in said["findings"]:
        of = finding["target"]
        own = [
            r
            for r in synthetic.table("vpin")
            if (r["classifier"], r["variant"], r["target"]) == ("aggressor", "run", of)
        ]
        same(finding["t"], own[2]["t"], of)
        same(finding["gain"], own[2]["r2"] - own[1]["r2"], of)
        further = sum(
            abs(rows[f"permutation {b}", of, 3]["t"]) >= abs(own[2]["t"]) for b in range(20)
        )
        same(finding["permutation_p"], (1 + further) / 21, of)
        t = [rows[f"origin {j}", of, 3]["t"] for j in range(10)]
        same(finding["origin_t_lo"], min(t), of)
        same(finding["origin_t_hi"], max(t), of)
    spread = np.array([made["aggressor", f"origin {j}"] for j in range(10)]).std(axis=0, ddof=1)
    same(said["origin_sd"], float(spread[np.isfinite(spread)].mean()), "origins")
    place = {"ln_variance": 0, "ln_volume": 3, "ln_count": 5}
    for one in said["correlations"]:
        x, y = made[one["classifier"], "run"], controls[:, place[one["with"]]]
        keep = ~np.isnan(x) & ~np.isnan(y)
        assert one["n"] == keep.sum() > 0, one
        same(one["pearson"], plain.correlation(x[keep], y[keep]), one)
        ranks = plain.correlation(plain.ranks(x[keep]), plain.ranks(y[keep]))
        same(one["rank"], ranks, one)


def test_too_few_hours_say_nothing_of_vpin(recorded):
    assert {r["note"] for r in recorded.table("vpin")} == {"too_short"}
    assert "too few hours to say" in recorded.study["verdicts"]["vpin"]
