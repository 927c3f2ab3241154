"""A USB stick in the place of the link: its layout, and its folder, off which nothing leads."""
