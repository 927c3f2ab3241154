"""The pages for residents, and how the commune looks after them."""
