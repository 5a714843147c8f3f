"""Questions: each report is a function of the index, today and its options to a frozen value."""
