"""`python -m matproof` is the command `matproof`."""

import sys

from .cli import main

if __name__ == "__main__":
    sys.exit(main())
