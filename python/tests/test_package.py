import importlib.metadata
import inspect
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
    committed = source / "python/toxvol/_toxvol.pyi"

    def lines(path: Path) -> list[str]:  # Python 3.13 has CapsuleType in another module
        text = path.read_text(encoding="utf-8").replace("types.CapsuleType", "CapsuleType")
        where = ("import types", "from typing_extensions import CapsuleType")
        return [line for line in text.splitlines() if line not in where]

    assert lines(out) == lines(committed)


def test_versions_are_one(source: Path) -> None:
    assert toxvol.__version__ == importlib.metadata.version("toxvol")
    cmake = (source / "cmake/ToxvolDependencies.cmake").read_text(encoding="utf-8")
    arrow = re.search(r"set\(TOXVOL_PYARROW_VERSION (.*)\)", cmake)[1]
    assert f'"pyarrow=={arrow}"' in (source / "pyproject.toml").read_text(encoding="utf-8")
    assert f"pyarrow=={arrow}\n" in (source / "requirements.txt").read_text(encoding="utf-8")


def test_no_version_of_a_dependency_is_the_only_one() -> None:
    wanted = [line for line in importlib.metadata.requires("toxvol") if "extra ==" not in line]
    assert len(wanted) == 2 and not any("==" in line for line in wanted)


def test_the_command_is_on_the_path() -> None:
    shown = subprocess.run(["toxvol", "--version"], capture_output=True, text=True, check=True)
    assert shown.stdout.startswith(f"toxvol {toxvol.__version__} (")
    assert Path(shutil.which("toxvol")) == Path(sys.prefix) / "bin/toxvol"
    wrong = subprocess.run(["toxvol", "frobnicate"], capture_output=True, text=True)
    assert wrong.returncode == 2 and wrong.stderr.startswith("toxvol: ")


FIRST = ["toxvol", "pyarrow", "hashlib", "ssl"]


@pytest.mark.parametrize("first", FIRST)
def test_it_loads_in_any_order_beside_openssl_and_pyarrow(first: str, run: toxvol.Run) -> None:
    # pyarrow's Arrow must not call into ours nor ours into it, and nobody into the OpenSSL that each
    # libparquet exports: hashes are right, and a table crosses.
    code = (
        f"import {first}, toxvol, pyarrow.parquet, hashlib, hmac, secrets, ssl;"
        f"run = toxvol.Run({str(run.path)!r});"
        "theirs = pyarrow.parquet.read_table(run.path / 'fills.parquet').num_rows;"
        "assert theirs == len(run.fills.to_arrow()) == run.summary['fills'];"
        "assert run.verify() == [];"
        "print(hashlib.sha256(b'abc').hexdigest(), sorted(hashlib.algorithms_available)[0]);"
        "maps = open('/proc/self/maps').read().splitlines();"
        "print(*sorted({line.split('/')[-1] for line in maps if 'arrow.so' in line}))"
    )
    result = python(code)
    assert result.returncode == 0, result.stderr
    digest, arrows = result.stdout.splitlines()
    assert digest.startswith("ba7816bf8f01cfea")
    ours, theirs = sorted(arrows.split(), key=lambda name: "toxvol" not in name)
    assert ours.startswith("libtoxvol_arrow") and theirs.startswith("libarrow.so")


def libraries(binary: Path) -> list[str]:
    text = subprocess.run(
        ["readelf", "-d", binary], capture_output=True, text=True, check=True
    ).stdout
    return re.findall(r"NEEDED.*\[(.*)\]", text)


def test_the_wheel_carries_what_a_bare_linux_does_not_have() -> None:
    if not (metadata := importlib.metadata.distribution("toxvol")).read_text("WHEEL").count("many"):
        pytest.skip("not a wheel of scripts/wheels.sh")
    files = [Path(metadata.locate_file(file)) for file in metadata.files]
    binaries = [file for file in files if re.search(r"\.so[.\d]*$", file.name)]
    carried = {file.name for file in binaries}
    assert any(name.startswith("libtoxvol_parquet") for name in carried)
    # glibc, the compiler's runtime and zlib: auditwheel's list of what every Linux has.
    everywhere = "c dl gcc_s m pthread rt stdc++ z ld-linux-x86-64".split()
    for binary in binaries:
        for name in libraries(binary):
            base = name.split(".so")[0].removeprefix("lib")
            assert name in carried or base in everywhere, (binary.name, name)


def test_no_openssl_is_used_and_what_is_linked_in_stays_in() -> None:
    names = subprocess.run(
        ["readelf", "--dyn-syms", "-W", toxvol._toxvol.__file__],
        capture_output=True,
        text=True,
        check=True,
    ).stdout
    assert "PyInit__toxvol" in names
    assert not re.findall(r"\b(?:EVP_|SHA256_|OPENSSL_|XXH3_|unzOpen|zipOpen)\w*", names)
    assert not [name for name in libraries(Path(toxvol._toxvol.__file__)) if "crypto" in name]


def test_import_is_quick() -> None:
    """150 ms beyond an empty interpreter, the best of some on a machine that does other things."""
    code = "import time; a = time.process_time(); import toxvol; print(time.process_time() - a)"
    assert min(float(python(code).stdout) for _ in range(5)) < 0.150


def test_import_leaves_the_rest_for_later() -> None:
    code = "import sys, toxvol; print(*{'numpy', 'pandas', 'pyarrow', 'toxvol.stats'} & set(sys.modules))"
    assert python(code).stdout.strip() == ""


def test_everything_public_says_what_it_is() -> None:
    for name in toxvol.__all__:
        thing = getattr(toxvol, name)
        if name == "TABLES":
            continue
        assert inspect.getdoc(thing), name
        if not inspect.isclass(thing):
            continue
        for member, value in vars(thing).items():
            shown = not member.startswith("_") or member in ("_repr_html_", "__getitem__")
            if shown and (callable(value) or isinstance(value, property)):
                assert inspect.getdoc(value), f"{name}.{member}"


def test_every_binding_says_what_it_does() -> None:
    for name, thing in vars(toxvol._toxvol).items():
        if callable(thing) and not inspect.isclass(thing) and not name.startswith(("_", "stats_")):
            assert thing.__doc__.count("\n") >= 2, name  # the signature, an empty line, words


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
