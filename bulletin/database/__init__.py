"""What the database remembers: people, suppressions, mailings and deliveries. SQLite, or PostgreSQL by a URL."""
