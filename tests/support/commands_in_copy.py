"""Run commands in one process, of a copy of the package that is first on the path.

Their lines are JSON on standard input, their outcomes JSON on standard output.
"""

from __future__ import annotations

import json
import sys


def main() -> None:
    from typer.testing import CliRunner

    from bulletin.cli.app import make_app

    outcomes = []
    for line in json.load(sys.stdin):
        result = CliRunner().invoke(make_app(), line)
        fault = "" if result.exception is None or isinstance(result.exception, SystemExit) else repr(result.exception)
        outcomes.append([result.exit_code, result.output + fault])
    json.dump(outcomes, sys.stdout)


if __name__ == "__main__":
    main()
