"""Channel adapters: a leaf library that turns a Post into something public and knows nothing of the pipeline."""
