"""``kanwu`` and ``python -m kanwu``: the command line of the program, out of this package."""

from __future__ import annotations

import signal
import sys

from kanwu import _kanwu, _parquet


def main() -> int:
    """Runs the command line on the arguments of the process."""
    # the program ends at once when it is interrupted, as it does without Python
    signal.signal(signal.SIGINT, signal.SIG_DFL)
    arguments = sys.argv[1:]
    if not _parquet.concerns(arguments):
        return _kanwu.main(["kanwu", *arguments])
    try:
        arguments, given = _parquet.documents(arguments)
    except (OSError, KeyError, ValueError) as error:
        print(f"kanwu: {error}", file=sys.stderr)
        return 2
    return _kanwu.main(["kanwu", *arguments], given)


if __name__ == "__main__":
    sys.exit(main())
