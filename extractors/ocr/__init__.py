"""Text detection and recognition behind one small Protocol (engine.py), keeping character probabilities."""
