"""`python -m bastions.cli`."""

import sys

from bastions.cli import main

if __name__ == "__main__":
    sys.exit(main())
