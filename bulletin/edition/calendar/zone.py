"""Time in the United Kingdom, as each file of iCalendar says it. Pure.

The rules are those since 1996, and constant. Classic Outlook misreads the `RDATE` lines that libraries write, and
Outlook on the web refuses offsets of before. An onset is in the local time before the change (RFC 5545, 3.6.5).
"""

from __future__ import annotations

from typing import Final

ZONE: Final = "Europe/London"

VTIMEZONE: Final = b"""\
BEGIN:VTIMEZONE
TZID:Europe/London
BEGIN:DAYLIGHT
DTSTART:19960331T010000
RRULE:FREQ=YEARLY;BYMONTH=3;BYDAY=-1SU
TZNAME:BST
TZOFFSETFROM:+0000
TZOFFSETTO:+0100
END:DAYLIGHT
BEGIN:STANDARD
DTSTART:19961027T020000
RRULE:FREQ=YEARLY;BYMONTH=10;BYDAY=-1SU
TZNAME:GMT
TZOFFSETFROM:+0100
TZOFFSETTO:+0000
END:STANDARD
END:VTIMEZONE
""".replace(b"\n", b"\r\n")
