"""What the system tests drive the binary with."""
