"""Answers shown: each renderer is a function of a report's value; text, JSON and CSV read the same one."""
