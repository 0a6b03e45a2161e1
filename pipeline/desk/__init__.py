"""The desk: what the e-portal team watches. Read-only for now."""
