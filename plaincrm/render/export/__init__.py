"""The forms that customers are exported in: a module a form, each of which writes the rows as they come."""
