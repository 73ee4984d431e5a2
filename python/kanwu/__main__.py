"""``kanwu`` and ``python -m kanwu``: the command line of the program, out of this package."""

from __future__ import annotations

import signal
import sys

from kanwu import _kanwu


def main() -> int:
    """Runs the command line on the arguments of the process."""
    # the program ends at once when it is interrupted, as it does without Python
    signal.signal(signal.SIGINT, signal.SIG_DFL)
    return _kanwu.main(["kanwu", *sys.argv[1:]])


if __name__ == "__main__":
    sys.exit(main())
