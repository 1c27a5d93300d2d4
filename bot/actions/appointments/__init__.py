"""The technician's visit: agreed after a ticket is saved, moved on request."""
