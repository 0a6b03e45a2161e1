"""A portal with a deployer, and posts to show on it."""

import sys
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parent))
from deploy_town import Town


@pytest.fixture
def town(tmp_path):
    return Town(tmp_path)


@pytest.fixture
def open_town(tmp_path):
    return lambda carrier, target: Town(tmp_path, carrier, target)
