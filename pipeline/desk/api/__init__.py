"""The desk for programs: what its pages show as JSON under /api/v1, with tokens, described by OpenAPI."""
