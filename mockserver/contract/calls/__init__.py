"""What a call carries, read part by part: its body, its parameters, its credentials."""
