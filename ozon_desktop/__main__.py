"""`python -m ozon_desktop`."""

import sys

from ozon_desktop.cli import main

if __name__ == "__main__":
    sys.exit(main())
