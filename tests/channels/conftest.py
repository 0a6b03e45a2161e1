"""Lets the channel tests import `wire`, the shared fake platform."""

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent))
