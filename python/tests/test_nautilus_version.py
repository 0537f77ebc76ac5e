"""Which NautilusTrader the package takes, and what it says of another."""

import subprocess
import sys
from pathlib import Path

import pytest

from toxvol import _toxvol


def imported(folder: Path, version: str) -> subprocess.CompletedProcess:
    """`import toxvol.nautilus` where `version` of nautilus_trader seems to be installed."""
    facts = folder / f"nautilus_trader-{version}.dist-info"
    facts.mkdir(parents=True)
    (facts / "METADATA").write_text(
        f"Metadata-Version: 2.1\nName: nautilus_trader\nVersion: {version}\n"
    )
    code = f"import sys; sys.path.insert(0, {str(folder)!r}); import toxvol.nautilus"
    return subprocess.run([sys.executable, "-c", code], capture_output=True, text=True)


def test_the_engine_has_a_profile_for_each_release() -> None:
    assert _toxvol.nautilus_profiles() == {
        "1.221.0": "nautilus_1_221",
        "1.231.0": "nautilus_1_231",
    }


@pytest.mark.parametrize("version", ["1.220.0", "1.230.0", "2.0.0"])
def test_another_release_is_refused(version: str, tmp_path: Path) -> None:
    done = imported(tmp_path / version, version)
    assert done.returncode == 1
    said = done.stderr.splitlines()[-1]
    assert f"needs nautilus_trader 1.221.0 or 1.231.0 and found {version}" in said
    if sys.version_info < (3, 12):
        assert said.endswith("takes 1.221.0 on Python 3.11; 1.231.0 needs Python 3.12 or later")
    else:
        assert said.endswith("takes 1.231.0")


def test_the_installed_release_decides_profile_and_limits() -> None:
    pytest.importorskip("nautilus_trader")
    import nautilus_trader
    import toxvol.nautilus as tn
    from toxvol.nautilus import _version

    assert nautilus_trader.__version__ == tn.NAUTILUS_VERSION
    is_old = tn.NAUTILUS_VERSION == "1.221.0"
    assert {"exchange.profile": f"nautilus_1_{'221' if is_old else '231'}"} == _version.PROFILE
    assert is_old == (_version.LARGEST_BALANCE is not None)
    assert is_old != _version.CHUNKS_LEAK
    assert is_old != _version.RINGS_WITHOUT_DATA
