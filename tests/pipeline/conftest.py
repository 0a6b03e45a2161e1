"""Lets the pipeline tests import `word_files`, which makes Word documents."""

import sys
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parent))


@pytest.fixture(scope="session")
def pictures(tmp_path_factory):
    """Renditions of the shipped content, encoded once for all tests of a process; named by content, so safe to share."""
    return tmp_path_factory.mktemp("pictures")
