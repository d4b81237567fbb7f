"""The forum with another number of readers written to at a time: `python -m benchmarks.chunked CHUNK serve …`."""

import sys

from forum.live import hub


def main() -> None:
    """Set the chunk and hand over to the command line of the forum."""
    hub.CHUNK = int(sys.argv.pop(1))  # type: ignore[misc]
    from forum.cli import app

    app(prog_name="imrf-forum")


if __name__ == "__main__":
    main()
