"""Programs that run in a peer's own environment: nothing of this project is imported there."""
