"""The `toxvol` command of the wheel: the C++ program, and what needs NautilusTrader."""

import contextlib
import sys
from typing import Any

from toxvol import _toxvol


def main() -> int:
    arguments = sys.argv[1:]
    if "check" in arguments and "--nautilus" in arguments:
        return _check_nautilus(arguments)
    with contextlib.ExitStack() as stack:

        def find_workers(address: str) -> Any:
            from toxvol import _ray

            return stack.enter_context(_ray.workers(address))

        return _toxvol.run_command(["toxvol", *arguments], find_workers)


def _check_nautilus(arguments: list[str]) -> int:
    import argparse

    from toxvol._errors import Error

    parser = argparse.ArgumentParser(
        prog="toxvol check --nautilus",
        description="Let NautilusTrader read every file of a catalog (docs/nautilus.md)",
    )
    parser.add_argument("path", help="Catalog")
    parser.add_argument("--nautilus", action="store_true", help=argparse.SUPPRESS)
    parser.add_argument("--quiet", action="store_true", help="Print nothing but failures")
    parser.add_argument("--json", action="store_true", help="Machine-readable output")
    arguments = list(arguments)
    arguments.remove("check")
    options = parser.parse_args(arguments)
    try:
        from toxvol import nautilus

        checklist = nautilus.check(options.path)
    except (Error, ImportError) as error:
        print(f"toxvol: {error}", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        print("toxvol: interrupted", file=sys.stderr)
        return 130
    if options.json:
        print(checklist.to_json())
    else:
        for item in checklist.items:
            if not (options.quiet and item.ok):
                print(item)
    return 0 if checklist.ok else 1


if __name__ == "__main__":
    sys.exit(main())
