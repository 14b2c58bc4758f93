"""`bin/screens`: pictures of every page, and of every paper, as the people of the demo see them."""
