"""More of what servers, programs and people write, put down when the tables were finished, and never tuned on.

They are there for an honest figure. If one is wrong, it stays wrong here: mend the table by a case of your own, elsewhere.
"""

from __future__ import annotations

from wordings import EOP, GONE, OURS, SOFT, Wording

from bulletin.bounces.verdict import ReturnClass

TO_CONFIRM, IGNORED = ReturnClass.TO_CONFIRM, ReturnClass.IGNORED

FRESH_KINDS: dict[str, tuple[ReturnClass, tuple[Wording, ...]]] = {
    "no such mailbox": (
        GONE,
        (
            Wording(
                "550-Mailbox unknown. Either there is no mailbox associated with this 550-name or you do not have authorization to see it. 550 5.1.1 User unknown",
                "5.1.1",
            ),
            Wording("550 <{a}>, Recipient unknown", "5.0.0"),
            Wording("550 5.1.1 Mailbox does not exist", "5.1.1"),
            Wording("550 5.1.1 <{a}>: Recipient address rejected: Address does not exist", "5.1.1"),
            Wording("550 5.1.1 User does not exist - <{a}>", "5.1.1"),
            Wording(
                "550 Message was not accepted -- invalid mailbox. Local mailbox {a} is unavailable: user not found",
                "5.0.0",
            ),
            Wording("550 Invalid recipient: <{a}>", "5.0.0"),
            Wording("550 RCPT TO:<{a}> User unknown", "5.0.0"),
            Wording("550 5.1.1 Not our Customer", "5.1.1"),
            Wording("550 5.1.1 <{a}>... User not known", "5.1.1"),
            Wording("550 5.1.1 <{a}> recipient not found", "5.1.1"),
            Wording(
                "550 5.1.1 Adresse d au moins un destinataire invalide. Invalid recipient. OFR204_418 [418]", "5.1.1"
            ),
            Wording(
                "550 5.1.1 <{a}>: Recipient address rejected: undeliverable address: host {h}[192.0.2.9] said: 550 5.1.1 No such user",
                "5.1.1",
            ),
            Wording("550 Invalid recipient <{a}> (#5.1.1)", "5.0.0"),
            Wording("550 5.1.1 <{a}>: Recipient address rejected: User unknown in relay recipient table", "5.1.1"),
            Wording("550 permanent failure for one or more recipients ({a}:550 No such recipient)", "5.0.0"),
            Wording("550 User <{a}> unknown", "5.0.0"),
            Wording("550 sorry, no such mailbox here", "5.0.0"),
            Wording("554 {a}: that mailbox isn't here", "5.1.1"),
            Wording("550 5.1.1 no valid recipients", "5.1.1"),
        ),
    ),
    "no such domain": (
        GONE,
        (
            Wording("550 5.1.2 <{a}>... Host unknown (Name server: {h}: no data known)", "5.1.2"),
            Wording(
                "DNS Error: DNS type 'mx' lookup of {d} responded with code NXDOMAIN Domain name not found: {d}",
                "5.1.2",
            ),
            Wording("an MX or SRV record indicated no SMTP service", "5.1.10"),
            Wording(
                "Host or domain name not found. Name service error for name={h} type=AAAA: Host found but no data record of requested type",
                "5.4.4",
            ),
            Wording("550 5.1.2 Bad destination system: no such domain", "5.1.2"),
        ),
    ),
    "mailbox closed": (
        GONE,
        (
            Wording("550 5.2.1 User account is not active", "5.2.1"),
            Wording("550 5.2.1 Mailbox deactivated by its owner", "5.2.1"),
            Wording("550 The account {a} was closed at the request of the user", "5.0.0"),
            Wording("550 5.2.1 This mailbox has been blocked due to inactivity", "5.2.1"),
        ),
    ),
    "mailbox full": (
        SOFT,
        (
            Wording("452 4.2.2 Over quota SESSIONID=<cyrus-{q}>", "4.2.2"),
            Wording("552 5.2.2 <{a}> Quota exceeded (mailbox for user is full)", "5.2.2"),
            Wording("552 RCPT TO:<{a}> Mailbox disk quota exceeded", "5.0.0"),
            Wording("450 4.2.2 <{a}>: user is overquota", "4.2.2"),
            Wording("552 5.2.2 Mailbox size limit exceeded: the user is over their quota", "5.2.2"),
            Wording("550 5.1.1 {a} has no room left in the mailbox", "5.2.2"),
            Wording("554 5.2.2 The recipient's storage is used up", "5.2.2"),
        ),
    ),
    "gave up": (
        SOFT,
        (
            Wording("delivery temporarily suspended: connect to {h}[192.0.2.9]:25: Connection refused", "4.4.1"),
            Wording("conversation with {h}[192.0.2.9] timed out while sending RCPT TO", "4.4.2"),
            Wording("connect to {h}[2001:db8::9]:25: Network is unreachable", "4.4.1"),
            Wording("421 4.3.2 Service shutting down", "4.3.2"),
            Wording("451 4.3.5 Server configuration problem", "4.3.5"),
            Wording("550 4.4.7 message could not be delivered in 4 days", "4.4.7"),
            Wording("450 4.7.1 <{a}>: Recipient address rejected: Service is unavailable", "4.7.1"),
        ),
    ),
    "mail loop": (
        SOFT,
        (
            Wording(
                "Sorry. Although I'm listed as a best-preference MX or A for that host, it isn't in my control/locals file, so I don't treat it as local. (#5.4.6)",
                "5.4.6",
            ),
            Wording("554 5.4.6 Routing loop detected -- too many Received: header fields", "5.4.6"),
            Wording("550 5.4.6 mail forwarding loop for {a}", "5.4.6"),
        ),
    ),
    "too fast": (
        OURS,
        (
            Wording("451 4.7.500 Server busy. Please try again later from [{i}]. (S77719)", "4.7.500", EOP),
            Wording("452 4.5.3 Your message has too many recipients", "4.5.3"),
            Wording("550 5.7.705 Access denied, tenant has exceeded threshold", "5.7.705", EOP),
            Wording("421 4.7.1 Throttled: too many new recipients for {i}", "4.7.1"),
            Wording("550 5.1.1 {a}: slow down, the hourly recipient limit is reached", "5.1.1"),
        ),
    ),
    "spam or content": (
        OURS,
        (
            Wording(
                "554 5.7.1 This message has been blocked because it contains FortiSpamFilter blocking URL(s)", "5.7.1"
            ),
            Wording(
                "553-Message filtered. Refer to the Troubleshooting page at 553-http://www.symanteccloud.com/troubleshooting for more 553 information. (#5.7.1)",
                "5.0.0",
            ),
            Wording("552 5.2.0 {q} Message contains spam or virus or sender is blocked VM201", "5.2.0"),
            Wording(
                "550 5.7.1 [CS01] Message rejected due to local policy. Please visit https://support.apple.com/en-us/HT204137",
                "5.7.1",
            ),
            Wording("550 This message scored 12.3 points", "5.0.0"),
            Wording("550 5.2.0 Mail rejete. Mail rejected. OFR_506 [506]", "5.2.0"),
            Wording("554 5.7.1 Rejected by the content scanner of the school", "5.7.1"),
            Wording("550 5.1.1 <{a}> we do not accept newsletters", "5.7.1"),
        ),
    ),
    "reputation": (
        OURS,
        (
            Wording(
                "554-mail.{d} Your access to this mail system has been rejected due to the sending MTA's poor reputation. 554 If you believe this is wrong, call us.",
                "5.0.0",
            ),
            Wording("550 5.7.1 [C12] RBL Restriction: See https://csi.cloudmark.com/reset-request/?ip={i}", "5.7.1"),
            Wording(
                "554 5.7.1 Service unavailable; Client host [{i}] blocked using Trend Micro Email Reputation Service.",
                "5.7.1",
            ),
            Wording(
                "550 5.7.708 Service unavailable. Access denied, traffic not accepted from this IP.", "5.7.708", EOP
            ),
            Wording("550 5.1.1 <{a}> rejected: {i} is listed at bl.example.net", "5.1.1"),
            Wording("554 5.7.1 You are not welcome here", "5.7.1"),
        ),
    ),
    "authentication": (
        OURS,
        (
            Wording(
                "421-4.7.0 [{i}] This message does not meet IPv6 sending guidelines regarding PTR records and authentication.",
                "4.7.0",
            ),
            Wording("550 5.7.1 Email rejected per DMARC policy for news.example.org", "5.7.1"),
            Wording("550 5.7.20 No passing DKIM signature found", "5.7.20"),
            Wording("550 5.1.1 {a}: SPF check failed", "5.1.1"),
        ),
    ),
    "too big": (
        OURS,
        (
            Wording("552 Message exceeds maximum fixed size (10485760)", "5.0.0"),
            Wording("523 5.2.3 Message length exceeds administrative limit", "5.2.3"),
        ),
    ),
    "closed group": (
        TO_CONFIRM,
        (
            Wording(
                "550 5.7.136 RESOLVER.RST.SenderNotAuthenticatedForMailbox; authentication required", "5.7.136", EOP
            ),
            Wording(
                "550 5.7.129 RESOLVER.RST.RestrictedToRecipientsPermission; not authorized to send to recipient because the sender isn't on the recipient's list of senders to accept mail from",
                "5.7.129",
                EOP,
            ),
        ),
    ),
    "system fault": (
        SOFT,
        (
            Wording(
                "550 Requested action not taken: mailbox unavailable For explanation visit https://postmaster.gmx.net/en/error-messages",
                "5.0.0",
            ),
            Wording("550 #5.1.0 Address rejected.", "5.1.0"),
            Wording("554 Sorry, no", "5.0.0"),
            Wording("550 5.3.5 local configuration error", "5.3.5"),
            Wording("524 5.2.4 Mailing list expansion problem: <{a}>", "5.2.4"),
        ),
    ),
}

# Subject, words, field, and what is right.
FRESH_REPLIES: tuple[tuple[str, str, str, ReturnClass], ...] = (
    (
        "RE: Safeguarding news for May",
        "Hi there,\n\nPlease can you take my email off your circulation list?\n\nMany thanks",
        "X-Mailer: Outlook",
        TO_CONFIRM,
    ),
    (
        "Re: Safeguarding news",
        "Could I come off this mailing list please. I retired in July.",
        "X-Mailer: Mail",
        TO_CONFIRM,
    ),
    ("Re: Safeguarding news", "Not relevant to me, please don't send any more.", "X-Mailer: Mail", TO_CONFIRM),
    ("Re: Safeguarding news", "UNSUBSCRIBE ME", "X-Mailer: Mail", TO_CONFIRM),
    ("Re: Safeguarding news", "I have asked three times now to be taken off your list!!", "X-Mailer: Mail", TO_CONFIRM),
    ("Re: Safeguarding news", "Would you mind deleting me from your database", "X-Mailer: Mail", TO_CONFIRM),
    ("Re: Safeguarding news", "Please cancel my subscription", "X-Mailer: Mail", TO_CONFIRM),
    ("unsubscribe", "", "X-Mailer: Mail", TO_CONFIRM),
    (
        "Re: Newyddion diogelu",
        "Alla i gael fy nhynnu oddi ar y rhestr bostio os gwelwch yn dda?",
        "X-Mailer: Mail",
        TO_CONFIRM,
    ),
    ("Re: Newyddion", "Dydw i ddim am dderbyn y rhain bellach.", "X-Mailer: Mail", TO_CONFIRM),
    ("Re: Newyddion", "Dileu fy nghyfeiriad, diolch", "X-Mailer: Mail", TO_CONFIRM),
    ("Re: Safeguarding news", "How often does this come out? I'd like to read more.", "X-Mailer: Mail", IGNORED),
    (
        "Re: Safeguarding news",
        "Our school closed the old site; the map on page 2 is out of date.",
        "X-Mailer: Mail",
        IGNORED,
    ),
    ("Re: Safeguarding news", "Please add my colleague to the list: b.jones@example.com", "X-Mailer: Mail", IGNORED),
    ("Re: Newyddion", "Diolch. Ga i ei rannu gyda'r staff?", "X-Mailer: Mail", IGNORED),
    (
        "Automatic reply: Safeguarding news",
        "I'm now on sabbatical until January. Contact the duty team.",
        "Auto-Submitted: auto-replied",
        IGNORED,
    ),
    (
        "Out of office",
        "I work Mondays to Wednesdays and will reply when I am next in.",
        "Auto-Submitted: auto-replied",
        IGNORED,
    ),
    ("Autoreply: news", "Rydw i ar fy ngwyliau tan 14 Mehefin.", "X-Autoreply: yes", IGNORED),
    (
        "Automatic reply: news",
        "Please note that Karen has now left Social Services.",
        "Auto-Submitted: auto-replied",
        TO_CONFIRM,
    ),
    ("Automatic reply: news", "I am no longer employed by the Trust.", "Auto-Submitted: auto-replied", TO_CONFIRM),
    (
        "Automatic reply: news",
        "This account has been closed. Please update your records.",
        "Auto-Submitted: auto-replied",
        TO_CONFIRM,
    ),
    ("Automatic reply: news", "I finished in this role on 31 March.", "Auto-Submitted: auto-replied", TO_CONFIRM),
    (
        "We've got your email [ref:00D0:5003]",
        "A member of the team will be in touch.",
        "Auto-Submitted: auto-generated",
        IGNORED,
    ),
    (
        "Request received: Safeguarding news",
        "Your request (48213) has been received and is being reviewed.",
        "Auto-Submitted: auto-generated",
        IGNORED,
    ),
    (
        "Verify your address to reach my inbox",
        "I protect my inbox. Click to confirm that you are a person.",
        "Auto-Submitted: auto-replied",
        IGNORED,
    ),
)

# Codes of missing mailboxes with words that say something else: none may suppress.
MISLEADING: tuple[Wording, ...] = (
    Wording("550 5.1.1 Your organisation is on our customer's exclusion register", "5.1.1"),
    Wording("550 5.1.1 <{a}>: message held, mailbox at capacity", "5.1.1"),
    Wording("550 5.2.1 {a} is receiving more mail than it can handle", "5.2.1"),
    Wording("554 5.1.1 mailing refused: unsolicited circular", "5.1.1"),
    Wording("550 5.1.1 connection dropped by recipient's firewall", "5.1.1"),
    Wording("550 5.1.2 {d}: DNS temporarily unavailable", "5.1.2"),
    Wording("550 5.1.1 <{a}> sender is not in the address book", "5.1.1"),
    Wording("550 5.2.1 delivery paused by administrator", "5.2.1"),
    Wording("550 5.1.1 <{a}> greeting pause violated", "5.1.1"),
    Wording("550 5.1.1 <{a}>: too many invalid recipients from your host", "5.1.1"),
    Wording("550 5.4.4 no route to destination network", "5.4.4"),
    Wording("550 5.1.1 LDAP lookup timed out", "5.1.1"),
    Wording("550 5.2.1 mailbox is being migrated", "5.2.1"),
    Wording("550 5.1.1 backend unavailable", "5.1.1"),
    Wording("550 5.1.1 Directory service down", "5.1.1"),
    Wording("550 5.1.1 we are closed for maintenance", "5.1.1"),
)
