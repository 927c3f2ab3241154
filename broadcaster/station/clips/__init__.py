"""From words to clips: dictionary, voices, plans and the queue of rendering jobs."""
