"""`python -m bulletin`: the same as the `bulletin` command."""

from bulletin.cli import main

if __name__ == "__main__":
    main()
