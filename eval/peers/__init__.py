"""Other ways to answer the same questions, scored as we are: without them a figure says nothing."""
