"""Lets the pipeline tests import `word_files`, which makes Word documents."""

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent))
