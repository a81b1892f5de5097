"""From a printed page to a scan of it, by numpy and OpenCV alone, the same bytes for the same seed."""
