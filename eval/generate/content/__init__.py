"""What is written: bodies, words, figures, labels, looks, from seeds or files. No engine, no pictures."""
