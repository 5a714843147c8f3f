"""What a check found, shown: one module a form, each a function of the same report."""
