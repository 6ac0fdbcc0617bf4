"""Many machines: workers that send mailings beside each other, from one PostgreSQL database.

`worker` is the process, `shift_work` what it does with one mailing. `roster` knows which workers there are, `sharing`
which mailings are theirs, and who should work on what. `upkeep` takes over from those that fell silent. `job_queue`
alone knows Procrastinate, which hands out jobs: a job is a shift, never a list of people.
"""
