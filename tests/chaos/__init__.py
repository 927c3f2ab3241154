"""The village fault bench: a commune lives while everything around it breaks, and a judge reads what is left."""
