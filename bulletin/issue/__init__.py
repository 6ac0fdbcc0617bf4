"""What the editor writes: the issue, its sections, and how a file becomes one."""
