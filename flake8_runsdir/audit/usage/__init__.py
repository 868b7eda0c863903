"""What becomes of mentions in texts that are no Python."""
