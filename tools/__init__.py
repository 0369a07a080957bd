"""What keeps the project itself in order: known vulnerabilities, the bill of materials."""
