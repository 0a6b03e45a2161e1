"""Stories from the feeds of units and of the press: fetched, taken once, drafted or counted."""
