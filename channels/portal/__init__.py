"""The portal adapter."""
