"""Zalo and Facebook on loopback: strict, with what they hold on a page, so that everything can be tried with no account."""
