"""What is published on the website for everyone: made from the issues, and written where a web server finds it."""
