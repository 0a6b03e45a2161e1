"""Commands of the operator, a file for each thing that they are about."""
