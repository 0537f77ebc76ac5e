"""Where a part of the data is missing: the program against the independent implementation (N1–N3, N9, N10)."""

import pytest
from compare_signal import QUICK, agree
from markets import (  # noqa: F401 (fixtures)
    copy,
    files_of,
    market,
    program,
    rewrite,
    two_months,
    without_hours,
)

ALL = 'run.inputs=["aggTrades", "bookTicker", "klines", "metrics", "fundingRate"]'
DAYS = ("2024-01-12", "2024-01-14")
HOLES = {"bookTicker": "no_quotes", "aggTrades": "klines", "metrics": "no_metrics"}
WINDOWS = [
    "pressure.svi_window=5m",
    "pressure.ofi_window=5m",
    "pressure.obi_window=60s",
    "run.cadence=5m",
]


@pytest.mark.parametrize(
    "changes",
    [
        [],
        WINDOWS,
        ["pressure.ofi_window=2h", "pressure.obi_window=last"],
        ["pressure.ofi_window=events:50", "toxicity.classifier=bvc"],
        [
            "toxicity.vpin_of=residual",
            "crowding.d_oi_grid=minutes",
            "crowding.z_min_count=60",
            "crowding.d_oi_sign=multiplier",
        ],
    ],
    ids=["minute", "five", "hours", "events", "readings"],
)
@pytest.mark.parametrize("kind", HOLES)
def test_a_hole_of_hours_agrees(program, market, tmp_path, kind, changes):
    raw = without_hours(copy(market, tmp_path / "raw"), kind, 10, 13)
    ours = agree(program, raw, "A", *DAYS, QUICK + changes)
    assert HOLES[kind] in set(ours["mode"]) and "full" in set(ours["mode"])
    assert "metrics" in ours.attrs["inputs"] and ours.attrs["degraded_minutes"]["absent"] == {}


@pytest.mark.parametrize("key", ["quote", "trade", "metrics", "funding"])
def test_limits_other_than_the_defaults_agree(program, market, tmp_path, key):
    raw = copy(market, tmp_path / "raw")
    for kind in ("bookTicker", "aggTrades", "metrics"):
        without_hours(raw, kind, 23, 24, DAYS[0])  # up to midnight, so that an age crosses it
    limit = {"quote": "2m", "trade": "10m", "metrics": "4m", "funding": "3h"}[key]
    ours = agree(program, raw, "A", *DAYS, QUICK + [f"data.{key}_limit={limit}"])
    assert ours.attrs["degraded_minutes"]["overdue"]


@pytest.mark.parametrize(
    "changes",
    [
        ["crowding.weights=[1, 0, 0, 0]"],
        ["crowding.weights=[0, 0, 1, 0]"],
        ["crowding.weights=[0, 1, 1, 1]", "crowding.d_oi_sign=ls"],
        ["crowding.weights=[0, 0, 1, 0]", "crowding.leave=funding"],
        ["crowding.weights=[0, 1, 1, 0]", "crowding.d_oi_sign=multiplier"],
        ["crowding.weights=[1, 0, 0, 0]", "crowding.funding_centre=minutes"],
    ],
    ids=str,
)
@pytest.mark.parametrize("kind", ["metrics", "fundingRate"])
def test_only_a_part_with_weight_makes_the_regime_unknown(
    program, two_months, tmp_path, kind, changes
):
    raw = copy(two_months, tmp_path / "raw")
    if kind == "metrics":
        without_hours(raw, kind, 10, 13)
    else:
        files_of(raw, kind, "2024-01")[0].unlink()
    agree(program, raw, "A", "2024-01-31", "2024-02-02", QUICK + changes + [ALL])


@pytest.mark.parametrize("listed", [True, False], ids=["listed", "auto"])
def test_a_missing_month_of_funding_agrees(program, two_months, tmp_path, listed):
    raw = copy(two_months, tmp_path / "raw")
    files_of(raw, "fundingRate", "2024-02")[0].unlink()
    ours = agree(program, raw, "A", "2024-01-31", "2024-02-02", QUICK + ([ALL] if listed else []))
    assert ("fundingRate" in ours.attrs["inputs"]) == listed
    said = ours.attrs["degraded_minutes"]
    assert ("no_funding" in said["overdue"]) == listed and (
        "no_funding" in said["absent"]
    ) != listed


@pytest.mark.parametrize("listed", [True, False], ids=["listed", "auto"])
@pytest.mark.parametrize("kind", HOLES)
def test_a_kind_that_ends_early_agrees(program, market, tmp_path, kind, listed):
    raw = copy(market, tmp_path / "raw")
    files_of(raw, kind, "2024-01-13")[0].unlink()
    ours = agree(program, raw, "A", *DAYS, QUICK + ([ALL] if listed else []))
    assert (kind in ours.attrs["inputs"]) == listed


@pytest.mark.parametrize("kind", HOLES)
def test_a_kind_that_ends_within_its_last_day_agrees(program, market, tmp_path, kind):
    raw = without_hours(copy(market, tmp_path / "raw"), kind, 15, 24, "2024-01-13")
    ours = agree(program, raw, "A", *DAYS, QUICK)
    assert kind in ours.attrs["inputs"]


@pytest.mark.parametrize(
    "listed",
    [
        ["klines"],
        ["klines", "aggTrades", "fundingRate"],
        ["klines", "metrics", "fundingRate"],
        ["klines", "bookTicker", "aggTrades"],
    ],
    ids=str,
)
def test_lists_of_inputs_agree_over_holes(program, market, tmp_path, listed):
    raw = copy(market, tmp_path / "raw")
    for kind, hour in (("bookTicker", 8), ("aggTrades", 12), ("metrics", 16)):
        without_hours(raw, kind, hour, hour + 3)
    text = ", ".join(f'"{kind}"' for kind in listed)
    agree(program, raw, "A", *DAYS, QUICK + [f"run.inputs=[{text}]"])


@pytest.mark.parametrize("begin, end", [("2023-06-01", "2024-01-14"), ("2024-01-12", "2024-03-01")])
def test_a_window_wider_than_the_data_is_cut(program, market, begin, end):
    ours = agree(program, market, "A", begin, end, QUICK + [ALL])
    assert len(ours) <= 4 * 1440


@pytest.mark.parametrize("kind", ["bookTicker", "aggTrades"])
def test_a_window_begins_at_the_first_price(program, market, tmp_path, kind):
    raw = copy(market, tmp_path / "raw")
    for path in files_of(raw, kind, "2024-01-10", "2024-01-11"):
        path.unlink()
    without_hours(raw, kind, 0, 5, "2024-01-12")
    names = '"klines", "aggTrades"' + (', "bookTicker"' if kind == "bookTicker" else "")
    ours = agree(program, raw, "A", "2024-01-12", "2024-01-14", QUICK + [f"run.inputs=[{names}]"])
    assert len(ours) == 43 * 60


@pytest.mark.parametrize(
    "dates, back",
    [(("2024-01-12", "2024-01-13"), False), ([f"2024-01-{d:02}" for d in range(4, 14)], True)],
    ids=["two days", "ten days"],
)
def test_scaled_open_interest_agrees(program, market, tmp_path, dates, back):
    """Two days are no record for C; after seven days the new level is believed."""

    def scaled(row):
        cells = row.split(",")
        return ",".join([*cells[:2], f"{float(cells[2]) / 319:.10f}", *cells[3:]])

    raw = copy(market, tmp_path / "raw")
    for path in files_of(raw, "metrics", *dates):
        rewrite(path, scaled)
    ours = agree(program, raw, "A", *DAYS, QUICK)
    assert ("full" in set(ours["mode"][-600:])) == back
