"""The core: from a dropped file to what citizens read, and the record of what happened."""
