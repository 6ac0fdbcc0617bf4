"""Whether everything around us is in order: `bulletin doctor`. It sends no email and changes nothing.

`checks/` has one function for each check, `names/` reads the DNS, `asking/` talks to servers, and `reports/` reads what
receivers say about who sends in our name.
"""
