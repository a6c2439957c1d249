"""The sync wing: carries what the till recorded to the payment rails, exactly once."""
