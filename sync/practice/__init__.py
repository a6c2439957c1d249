"""The practice Stripe: a Stripe that keeps its promises, fails on demand and never takes money."""
