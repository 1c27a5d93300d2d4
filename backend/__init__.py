"""The service: rooms that own a customer's case, and the process that serves them."""
