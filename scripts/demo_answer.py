#!/usr/bin/env python3
"""Ends `make demo`: what its runs found, in sentences made of the files that they left.

    demo_answer.py TITLE RUN [TITLE RUN …]

Reads inference.json, summary.json, run.json and timing.json of each run folder, and SYNTHETIC.json of
its catalog where the market was generated. Every number is one of theirs.
"""

import json
import pathlib
import sys
import textwrap

PLANTS = {
    "momentum": "where volatility is compressed the price drifts with hidden order flow, "
    "{edge:g} bp in the 15 minutes after a strong minute",
    "crowding": "where one side is crowded the price drifts with the flow against it, "
    "{edge:g} bp in the 15 minutes after a strong minute",
}
KINDS = {
    "klines": "trades",
    "no_quotes": "quotes",
    "no_trades": "trades",
    "no_metrics": "open interest and long/short ratios",
    "no_funding": "funding rates",
}


def document(path):
    return json.loads(path.read_text()) if path.exists() else {}


def label_of(run):
    """SYNTHETIC.json of the market that the run was made from; {} of a real one."""
    catalog = document(run / "timing.json").get("catalog")
    return document(pathlib.Path(catalog) / "toxvol" / "SYNTHETIC.json") if catalog else {}


def span(lo, hi):
    return f"{lo:+.0f} to {hi:+.0f}"


def planted(label):
    if not label:
        return "Real: nobody knows what there is to find."
    if label["plant"] == "none":
        return "Planted: nothing. Before costs the truth is zero."
    return "Planted: " + PLANTS[label["plant"]].format(edge=label["edge_bp"]) + "."


def found(px, summary, label):
    """What the fills alone earned, and whether that is more than luck."""
    positions = summary["positions"]
    said = f"Found before fees and funding: {px['mean_bp_day']:+.0f} bp of the capital a day from "
    said += f"{positions} positions; 95 % interval {span(px['mean_lo'], px['mean_hi'])}."
    is_real = not label
    is_planted = not is_real and label["plant"] != "none"
    if px["mean_lo"] > 0:
        if is_planted:
            return f"{said} Zero is outside: the edge is found."
        if is_real:
            return f"{said} Zero is outside: an edge before costs, or luck, in this window."
        return f"{said} Zero is outside, and there is nothing: one interval in twenty is wrong."
    if px["mean_hi"] < 0:
        if float(summary["gross"]) > 0:
            return f"{said} Below zero: slippage is more than what the decisions were worth."
        return f"{said} Below zero: it loses even before costs."
    if is_planted:
        return f"{said} Zero is inside: the edge is there, and this window is too short to see it."
    return f"{said} Zero is inside: no edge to be seen."


def fee_paid_bp(summary):
    traded = summary["turnover"] * float(summary["start_equity"])
    return 1e4 * float(summary["fees"]) / traded


def costs(found, summary):
    """What is left of it, and at which fee nothing would be left."""
    px, net = found["px"], found["net"]
    said = (
        f"Costs: fees and funding come to {px['mean_bp_day'] - net['mean_bp_day']:.0f} bp a day. "
    )
    said += f"What is left is {net['mean_bp_day']:+.0f}; 95 % interval "
    said += f"{span(net['mean_lo'], net['mean_hi'])}: "
    if net["mean_lo"] > 0:
        said += "a gain after costs."
    elif net["mean_hi"] < 0:
        said += "a loss."
    else:
        said += "not to be told from zero."
    fee = found["break_even"]
    if fee["fee_bp"] is not None and fee["fee_bp"] < 0:
        said += " It would have lost without any fee."
    elif fee["lo"] is not None:
        said += f" It would break even at a fee of {fee['fee_bp']:.1f} bp a side "
        said += f"({fee['lo']:.1f} to {fee['hi']:.1f}) and paid {fee_paid_bp(summary):.1f}."
    return said


def slippage(summary):
    """What filling took, which is in the result before fees already."""
    gross, lost = float(summary["gross"]), float(summary["slippage"])
    said = f"At the mid prices of its decisions it would have made {gross:+,.0f} USDT; "
    is_assumed = "no_quotes" in summary["degraded_minutes"]["absent"]
    how = ", which is assumed where there are no quotes" if is_assumed else ""
    return f"{said}slippage took {lost:,.0f}{how}."


def by_alpha(summary):
    parts = []
    for alpha, words in (("a", "A (pressure out of calm)"), ("b", "B (against a crowd)")):
        group = summary["by_alpha"].get(alpha)
        if group:
            before = float(group["gross"]) - float(group["slippage"])
            parts.append(f"{words} {before:+,.0f} USDT from {group['positions']} positions")
    return f"By rule, before fees: {'; '.join(parts)}." if parts else ""


def missing(summary):
    absent = [KINDS.get(word, word) for word in summary["degraded_minutes"]["absent"]]
    return f"Without {', '.join(absent)}." if absent else ""


def answer(run):
    """The sentences of one run."""
    inference = document(run / "inference.json")
    summary = document(run / "summary.json")
    label = label_of(run)
    sentences = [planted(label), missing(summary)]
    if inference["px"]["mean_lo"] is None:
        hours, positions = inference["px"]["n"], summary["positions"]
        sentences.append(
            f"Found: nothing that can be judged. {hours} whole hours and {positions} positions; "
            "below 30 hours no interval is given, whatever the result looks like."
        )
    else:
        sentences.append(found(inference["px"], summary, label))
        sentences.append(slippage(summary))
        sentences.append(costs(inference, summary))
        sentences.append(by_alpha(summary))
    return [sentence for sentence in sentences if sentence]


def window(run):
    told = document(run / "run.json")
    return f"{told['symbol']}, {told['from'][:10]} to {told['to'][:10]}"


def main():
    pairs = list(zip(sys.argv[1::2], map(pathlib.Path, sys.argv[2::2]), strict=True))
    print("\nThe answer\n==========")
    for title, run in pairs:
        print(f"\n{title} ({window(run)})")
        for sentence in answer(run):
            print(textwrap.fill(sentence, 96, initial_indent="  * ", subsequent_indent="    "))
    print(
        "\nA generated market tells of the program, never of a real one, and each is one draw of many."
    )
    print(
        "How often such edges are found: docs/truth.md. On the real data: docs/findings.md. Open:"
    )
    for _, run in pairs:
        print(f"  {(run / 'report.html').resolve()}")


if __name__ == "__main__":
    main()
