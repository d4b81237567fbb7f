"""`python -m forum.workers PLAN`: the parent of the workers. Its name is how workers know that it is no module of theirs to import."""

import json
import sys

from forum.workers import Plan, Workers


def main() -> int:
    """Serve until a signal; the exit status: 2 when a worker could not start."""
    parent = Workers(Plan(**json.loads(sys.argv[1])))
    parent.run()
    if parent.failed:
        sys.stderr.write("A worker could not start, and the forum has stopped. The lines above say why.\n")
        return 2
    return 0


if __name__ == "__main__":
    sys.exit(main())
