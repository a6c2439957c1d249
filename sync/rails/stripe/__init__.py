"""The Stripe rail: its words, its answers and the only code that speaks HTTP to it."""
