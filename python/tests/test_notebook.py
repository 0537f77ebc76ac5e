"""examples/files_to_verdict.ipynb, executed from its first cell to its last."""

from pathlib import Path

import pytest

nbclient = pytest.importorskip("nbclient", reason="no nbclient: pip install 'toxvol[test]'")
pytest.importorskip("ipykernel", reason="no ipykernel: pip install 'toxvol[test]'")
nbformat = pytest.importorskip("nbformat")


def output(cell: dict) -> str:
    parts = []
    for one in cell["outputs"]:
        assert one["output_type"] != "error"
        if one["output_type"] == "stream":
            assert one["name"] == "stdout", one["text"]  # no warning
            parts.append(one["text"])
        else:
            parts.append("".join(one["data"].get("text/html", one["data"].get("text/plain", ""))))
    return "".join(parts)


def test_the_notebook_runs_from_files_to_a_verdict(source: Path, tmp_path: Path) -> None:
    notebook = nbformat.read(source / "examples/files_to_verdict.ipynb", as_version=4)
    nbformat.validate(notebook)
    assert all(not cell.get("outputs") for cell in notebook.cells), "commit it without outputs"
    nbclient.NotebookClient(
        notebook, timeout=300, resources={"metadata": {"path": str(tmp_path)}}
    ).execute()
    shown = {
        "".join(cell["source"]).splitlines()[-1]: output(cell)
        for cell in notebook.cells
        if cell["cell_type"] == "code"
    }
    assert "<th>vpin</th>" in shown['factors[["ts", "close", "f1", "vpin", "sigma"]].tail()']
    assert shown["run"].count("<svg") == 1 and "BTCUSDT (synthetic data)" in shown["run"]
    assert "the sign does" in shown['print(band["verdict"])']
    assert "with 95 %" in shown["run.report()"] and "report.html" in shown["run.report()"]
    assert (tmp_path / "files-to-verdict/run/report.html").is_file()
