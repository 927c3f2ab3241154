"""Every route asks the rule it declares before anything else: who may do what, kept at one place."""
