"""`python -m app`: the same as the command `contorno`."""

import sys

from app.cli import main

sys.exit(main())
