"""Labels by hand, from the picture alone: what is asked, what was answered, and where two labellers differ."""
