import importlib.metadata
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

import toxvol


def python(code: str, **environment: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-c", code],
        capture_output=True,
        text=True,
        env={**os.environ, **environment},
    )


def test_the_stub_is_the_modules(source: Path, tmp_path: Path) -> None:
    out = tmp_path / "_toxvol.pyi"
    subprocess.run(
        [sys.executable, "-m", "nanobind.stubgen", "-q", "-m", "toxvol._toxvol", "-o", out],
        check=True,
    )
    generated = out.read_text(encoding="utf-8")
    assert generated == (source / "python/toxvol/_toxvol.pyi").read_text(encoding="utf-8")


def test_versions_are_one(source: Path) -> None:
    assert toxvol.__version__ == importlib.metadata.version("toxvol")
    wanted = f"pyarrow=={toxvol.PYARROW_VERSION}"
    assert wanted in importlib.metadata.requires("toxvol")
    assert f'"{wanted}"' in (source / "pyproject.toml").read_text(encoding="utf-8")
    cmake = (source / "cmake/ToxvolDependencies.cmake").read_text(encoding="utf-8")
    assert f"set(TOXVOL_PYARROW_VERSION {toxvol.PYARROW_VERSION})" in cmake


def test_the_command_is_on_the_path() -> None:
    shown = subprocess.run(["toxvol", "--version"], capture_output=True, text=True, check=True)
    assert shown.stdout.startswith(f"toxvol {toxvol.__version__} (")
    assert Path(shutil.which("toxvol")) == Path(sys.prefix) / "bin/toxvol"
    wrong = subprocess.run(["toxvol", "frobnicate"], capture_output=True, text=True)
    assert wrong.returncode == 2 and wrong.stderr.startswith("toxvol: ")


def test_another_pyarrow_is_refused(tmp_path: Path) -> None:
    facts = tmp_path / "pyarrow-25.0.0.dist-info"
    facts.mkdir()
    (facts / "METADATA").write_text("Metadata-Version: 2.1\nName: pyarrow\nVersion: 25.0.0\n")
    result = python("import toxvol", PYTHONPATH=str(tmp_path))
    assert result.returncode == 1
    assert "toxvol is built for pyarrow 26.0.1 and found 25.0.0" in result.stderr


@pytest.mark.parametrize("first", ["toxvol", "pyarrow", "hashlib", "ssl"])
def test_it_loads_in_any_order_beside_openssl_and_pyarrow(first: str) -> None:
    # libparquet exports an OpenSSL of its own; the system's must not call into it.
    code = (
        f"import {first}, toxvol, pyarrow, pyarrow.parquet, hashlib, hmac, secrets, ssl;"
        "print(hashlib.sha256(b'abc').hexdigest(), sorted(hashlib.algorithms_available)[0]);"
        "maps = open('/proc/self/maps').read();"
        "print(len({line.split()[-1] for line in maps.splitlines() if 'libarrow.so' in line}))"
    )
    result = python(code)
    assert result.returncode == 0, result.stderr
    digest, arrows = result.stdout.splitlines()
    assert digest.startswith("ba7816bf8f01cfea")
    assert arrows == "1"


def test_arrow_is_found_beside_the_package() -> None:
    module = Path(toxvol._toxvol.__file__)
    text = subprocess.run(
        ["readelf", "-d", module], capture_output=True, text=True, check=True
    ).stdout
    assert re.findall(r"R(?:UN)?PATH.*\[(.*)\]", text) == ["$ORIGIN/../pyarrow"]


def test_check_nautilus_says_what_is_missing(catalog: Path) -> None:
    try:
        importlib.metadata.version("nautilus_trader")
    except importlib.metadata.PackageNotFoundError:
        result = subprocess.run(
            ["toxvol", "check", "--nautilus", catalog], capture_output=True, text=True
        )
        assert result.returncode == 1
        assert "pip install 'toxvol[nautilus]'" in result.stderr
        assert result.stderr.count("\n") == 1
    else:
        pytest.skip("it is there")
