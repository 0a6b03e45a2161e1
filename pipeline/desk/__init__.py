"""The desk: where the e-portal team watches, and where files and items are sent from a browser."""
