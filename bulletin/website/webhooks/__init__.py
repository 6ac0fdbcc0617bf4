"""What mail services tell us by themselves: bounces and complaints, each service in a file of its own.

A service's file checks that it is the service, as that documents, and makes events of what it says. What is done about
them is up to `bulletin.bounces`.
"""
