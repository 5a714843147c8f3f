"""Letters: templates in a small safe language, and what is made of them."""
