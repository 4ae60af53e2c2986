"""What would be sent."""
