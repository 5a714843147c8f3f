"""`plaincrm watch`."""
