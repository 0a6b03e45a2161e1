"""Settings and secrets of one newsroom; the only place that reads the environment."""

from pipeline.config.secrets import PREFIX, keep_secret, secret, secrets
from pipeline.config.settings import Config, load

__all__ = ["PREFIX", "Config", "keep_secret", "load", "secret", "secrets"]
