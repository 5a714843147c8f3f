"""What a file says: bytes -> lossless parts, each with its span. Nothing here knows what a customer is."""
