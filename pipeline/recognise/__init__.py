"""Recognisers of what must not go out: personal data and secrecy marks. Text in, places out; nothing is kept or logged."""
