"""Everything that leaves the house, and what a person must decide about; as pages and as JSON."""
