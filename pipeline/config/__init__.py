"""Settings and secrets of one newsroom; the only place that reads the environment."""

from pipeline.config.secrets import PREFIX, save_secret, secret, secrets
from pipeline.config.settings import Config, load

__all__ = ["PREFIX", "Config", "load", "save_secret", "secret", "secrets"]
