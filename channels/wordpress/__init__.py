"""The wordpress adapter."""
