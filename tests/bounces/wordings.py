"""What mail servers are known to write, by what it means. Addresses and names are made up; the words are theirs.

Each row: what the server answered, and the Status that a report gives it. `{a}` is the address, `{d}` its domain, `{u}`
the part before the @, `{h}` a server of that domain, `{i}` our IP address, `{q}` a queue id.
"""

from __future__ import annotations

from typing import NamedTuple

from bulletin.bounces.verdict import ReturnClass


class Wording(NamedTuple):
    """The words and the code. `host` overrides the name of the answering server, where the words depend on it."""

    words: str
    status: str = "5.0.0"
    host: str = ""


GONE, SOFT, OURS = ReturnClass.GONE, ReturnClass.SOFT, ReturnClass.OURS
EOP = "{x}.mail.protection.outlook.com"

KINDS: dict[str, tuple[ReturnClass, tuple[Wording, ...]]] = {
    "no such mailbox": (
        GONE,
        (
            Wording("550 5.1.1 <{a}>: Recipient address rejected: User unknown in virtual mailbox table", "5.1.1"),
            Wording("550 5.1.1 <{a}>: Recipient address rejected: User unknown in local recipient table", "5.1.1"),
            Wording('unknown user: "{u}"', "5.1.1"),
            Wording("550 Unrouteable address", "5.0.0"),
            Wording("550 5.1.1 <{a}>... User unknown", "5.1.1"),
            Wording(
                "550 5.1.10 RESOLVER.ADR.RecipientNotFound; Recipient {a} not found by SMTP address lookup",
                "5.1.10",
                EOP,
            ),
            Wording("550 5.1.1 RESOLVER.ADR.RecipNotFound; not found", "5.1.1"),
            Wording("550 5.1.1 RESOLVER.ADR.ExRecipNotFound; not found", "5.1.1"),
            Wording(
                "550-5.1.1 The email account that you tried to reach does not exist. Please try 550-5.1.1 double-checking "
                "the recipient's email address for typos or 550-5.1.1 unnecessary spaces. For more information, go to "
                "550 5.1.1 https://support.google.com/mail/?p=NoSuchUser {q} - gsmtp",
                "5.1.1",
                "gmail-smtp-in.l.google.com",
            ),
            Wording(
                "554 delivery error: dd This user doesn't have a yahoo.com account ({a}) [0] - mta4209.mail.bf1.yahoo.com",
                "5.0.0",
                "mta5.am0.yahoodns.net",
            ),
            Wording("550 Invalid Recipient - https://community.mimecast.com/docs/DOC-1369#550 [{q}.uk134]", "5.0.0"),
            Wording("550 No Such User Here", "5.0.0"),
            Wording("550-No Such User Here\n550 {a}", "5.1.1"),
            Wording("550 5.1.1 {a} recipient rejected: invalid address", "5.1.1"),
            Wording("553 sorry, no mailbox here by that name (#5.1.1)", "5.0.0"),
            Wording("511 sorry, no mailbox here by that name (#5.1.1 - chkuser)", "5.1.1"),
            Wording("550 permanent failure for one or more recipients ({a}:550 5.1.1 User unknown)", "5.0.0"),
            Wording("550 {a}: recipient unknown", "5.0.0"),
            Wording("550 5.1.1 User {u} not listed in Domino Directory", "5.1.1"),
            Wording("550 #5.1.0 Address rejected.\n550 5.1.1 User unknown", "5.1.0"),
            Wording("550 5.1.1 unknown or illegal alias: {a}", "5.1.1", "mx01.mail.icloud.com"),
            Wording("550 5.1.1 <{a}> User doesn't exist: {a}", "5.1.1"),
            Wording("550 5.1.1 Mailbox not found. http://x.co/irbounce", "5.1.1"),
            Wording("550 5.1.1 Account does not exist", "5.1.1"),
            Wording("550 5.1.1 <{a}>: Recipient address rejected: {d}", "5.1.1"),
            Wording("550 5.1.1 No such recipient {a} here", "5.1.1"),
            Wording("550 Address unknown (in reply to RCPT TO command)", "5.0.0"),
        ),
    ),
    "wrapped in another code": (
        GONE,
        (
            Wording("5.1.0 - Unknown address error 550-'5.1.1 <{a}>... '", "5.1.0"),
            Wording("550 5.0.350 Remote server returned an error -> 550 5.1.1 User unknown {a}", "5.0.350", EOP),
            Wording("5.0.0 - Other mail system problem 550-'5.1.1 unknown user {u}'", "5.0.0"),
            Wording("550 5.0.0 remote said: 550 5.1.1 <{a}> mailbox does not exist", "5.0.0"),
        ),
    ),
    "no such domain": (
        GONE,
        (
            Wording("Host or domain name not found. Name service error for name={d} type=A: Host not found", "5.4.4"),
            Wording("Host or domain name not found. Name service error for name={d} type=MX: Host not found", "5.4.4"),
            Wording("556 5.1.10 <{a}>: Recipient address rejected: Domain {d} does not accept mail (nullMX)", "5.1.10"),
            Wording("Domain {d} does not accept mail (nullMX)", "5.1.0"),
            Wording("550 5.1.2 {a}... Host unknown (Name server: {d}: host not found)", "5.1.2"),
            Wording("550 5.4.310 DNS domain {d} does not exist [Message=InfoDomainNonexistent]", "5.4.310", EOP),
            Wording("550 5.1.2 The recipient domain does not exist", "5.1.2"),
            Wording("all relevant MX records point to non-existent hosts: host not found", "5.0.0"),
        ),
    ),
    "mailbox closed": (
        GONE,
        (
            Wording(
                "550 5.2.1 The email account that you tried to reach is disabled. Learn more at 550 5.2.1 "
                "https://support.google.com/mail/?p=DisabledUser {q} - gsmtp",
                "5.2.1",
                "aspmx.l.google.com",
            ),
            Wording(
                "550 5.2.1 The email account that you tried to reach is inactive. Learn more at "
                "https://support.google.com/mail/?p=DisabledUser {q} - gsmtp",
                "5.2.1",
                "aspmx.l.google.com",
            ),
            Wording(
                "554 30 Sorry, your message to {a} cannot be delivered. This mailbox is disabled (554.30).", "5.0.0"
            ),
            Wording("554 5.2.1 Account inactive", "5.2.1"),
            Wording("550 5.2.1 <{a}>: mailbox disabled, not accepting messages", "5.2.1"),
            Wording("550 5.1.1 <{a}> recipient rejected: this account has been disabled or discontinued", "5.1.1"),
            Wording("550 Account {a} has been deactivated", "5.0.0"),
        ),
    ),
    "access denied by Exchange Online": (
        GONE,
        (
            Wording(
                "550 5.4.1 Recipient address rejected: Access denied. AS(201806281) "
                "[LO2GBR01FT009.eop-gbr01.prod.protection.outlook.com 2026-11-02T09:11:12.000Z 08DC{q}]",
                "5.4.1",
                EOP,
            ),
            Wording(
                "550 5.4.1 [{a}]: Recipient address rejected: Access denied [AM5EUR03FT012.eop-EUR03.prod.protection.outlook.com]",
                "5.4.1",
                EOP,
            ),
        ),
    ),
    "moved": (
        SOFT,
        (
            Wording("551 5.1.6 <{a}>: user has moved to {u}@new.example.org", "5.1.6"),
            Wording("551 User not local; please try <{u}@new.example.org>", "5.1.6"),
            Wording("550 5.1.6 <{a}> recipient no longer on server: {a}", "5.1.6", "mx02.mail.icloud.com"),
            Wording("550 5.1.6 Address has changed. The new address is {u}@new.example.org", "5.1.6"),
        ),
    ),
    "mailbox full": (
        SOFT,
        (
            Wording("552 5.2.2 <{a}>: Recipient address rejected: Mailbox is full", "5.2.2"),
            Wording(
                "452-4.2.2 The recipient's inbox is out of storage space. Please direct the recipient to 452 4.2.2 "
                "https://support.google.com/mail/?p=OverQuotaTemp {q} - gsmtp",
                "4.2.2",
                "gmail-smtp-in.l.google.com",
            ),
            Wording(
                "552-5.2.2 The recipient's inbox is out of storage space and inactive. Please direct 552 5.2.2 "
                "https://support.google.com/mail/?p=OverQuotaPerm {q} - gsmtp",
                "5.2.2",
                "gmail-smtp-in.l.google.com",
            ),
            Wording("552 1 Requested mail action aborted, mailbox not found: over quota", "5.0.0"),
            Wording("552 5.2.2 Over quota", "5.2.2"),
            Wording(
                "554 5.2.2 mailbox full; STOREDRV.Deliver.Exception:QuotaExceededException.MapiExceptionShutoffQuotaExceeded",
                "5.2.2",
                EOP,
            ),
            Wording(
                "retry timeout exceeded: mailbox is full (MTA-imposed quota exceeded while writing to file)", "5.0.0"
            ),
            Wording("maildir delivery failed: error writing message: Disk quota exceeded", "5.2.2"),
            Wording("550 5.1.1 <{a}> Mailbox size limit exceeded", "5.1.1"),
            Wording("552 5.2.2 {a} user is over quota", "5.2.2", "mx01.mail.icloud.com"),
            Wording("550 Quota exceeded for {a} (account is overdrawn)", "5.2.2"),
        ),
    ),
    "gave up": (
        SOFT,
        (
            Wording("connect to {h}[192.0.2.7]:25: Connection timed out", "4.4.1"),
            Wording("connect to {h}[192.0.2.7]:25: Connection refused", "4.4.1"),
            Wording("450 4.1.1 <{a}>: Recipient address rejected: unverified address: host {h} said nothing", "4.1.1"),
            Wording("450 4.1.1 <{a}>: Recipient address rejected: User unknown in local recipient table", "4.1.1"),
            Wording("550 5.4.300 Message expired -> 451 4.4.1 Error communicating with target host", "5.4.300", EOP),
            Wording("550 4.4.7 QUEUE.Expired; message expired", "4.4.7"),
            Wording("retry timeout exceeded", "5.0.0"),
            Wording("all hosts for '{d}' have been failing for a long time (and retry time not reached)", "5.0.0"),
            Wording(
                "451 4.7.1 <{a}>: Recipient address rejected: Greylisted, see http://postgrey.example.org/", "4.7.1"
            ),
            Wording("lost connection with {h}[192.0.2.7] while receiving the initial server greeting", "4.4.2"),
            Wording(
                "Host or domain name not found. Name service error for name={d} type=MX: Host not found, try again",
                "4.4.3",
            ),
            Wording("451 4.3.0 Temporary lookup failure", "4.3.0"),
        ),
    ),
    "mail loop": (
        SOFT,
        (
            Wording("mail for {d} loops back to myself", "5.4.6"),
            Wording("554 5.4.14 Hop count exceeded - possible mail loop ATTR34 [{q}.eop-gbr01.prod]", "5.4.14", EOP),
            Wording("554 5.4.0 Error: too many hops", "5.4.0"),
            Wording("554 5.4.6 Too many hops 26 (25 max): from <x> via {h}, to <{a}>", "5.4.6"),
            Wording("554 5.4.6 Message exceeded 50 hops, this may indicate a mail loop.", "5.4.6"),
        ),
    ),
    "too fast": (
        OURS,
        (
            Wording(
                "450-4.2.1 The user you are trying to contact is receiving mail too quickly. Please resend your message "
                "at a later time. 450 4.2.1 https://support.google.com/mail/?p=ReceivingRate {q} - gsmtp",
                "4.2.1",
            ),
            Wording(
                "550-5.2.1 The user you are trying to contact is receiving mail at a rate that prevents additional messages",
                "5.2.1",
            ),
            Wording("432 4.3.2 STOREDRV.Deliver; recipient thread limit exceeded", "4.3.2", EOP),
            Wording("550 5.1.1 <{a}> has sent to too many recipients this hour. IB607a", "5.1.1"),
            Wording(
                "421-4.7.28 Our system has detected an unusual rate of unsolicited mail originating from your IP address.",
                "4.7.28",
            ),
            Wording("450 4.7.1 Error: too much mail from {i}", "4.7.1"),
            Wording(
                "451 4.7.652 The mail server [{i}] has exceeded the maximum number of connections. (S843) too many connections",
                "4.7.652",
                EOP,
            ),
        ),
    ),
    "spam or content": (
        OURS,
        (
            Wording("550 5.7.1 Message rejected as spam by Content Filtering.", "5.7.1"),
            Wording(
                "554 5.7.1 The message from (<x>) with the subject of (Safeguarding news) matches a profile the Internet community may consider spam.",
                "5.7.1",
            ),
            Wording(
                "554 Email rejected due to security policies - https://community.mimecast.com/docs/DOC-1369#554 [{q}.uk18]",
                "5.0.0",
            ),
            Wording(
                "550 Message bounced due to Content Examination Policy. - https://community.mimecast.com/docs/DOC-1369#550 [{q}]",
                "5.0.0",
            ),
            Wording(
                "550-5.7.1 Our system has detected that this message is likely unsolicited mail. To reduce the amount of spam "
                "sent to Gmail, this message has been blocked. 550 5.7.1 https://support.google.com/mail/?p=UnsolicitedMessageError",
                "5.7.1",
            ),
            Wording(
                "550 permanent failure for one or more recipients ({a}:blocked)\n554 rejected due to spam content",
                "5.0.0",
            ),
            Wording(
                "552 5.7.0 This message was blocked because its content presents a potential 552-5.7.0 security issue.",
                "5.7.0",
            ),
            Wording("554 5.6.0 Message content violates our security policy", "5.6.0"),
            Wording("550 High probability of spam", "5.0.0"),
            Wording("550 5.1.1 <{a}>: message refused as spam", "5.1.1"),
        ),
    ),
    "reputation": (
        OURS,
        (
            Wording(
                "554 5.7.1 Service unavailable; Client host [{i}] blocked using zen.spamhaus.org; https://www.spamhaus.org/query/ip/{i}",
                "5.7.1",
            ),
            Wording("550 Blocked - see https://ipcheck.proofpoint.com/?ip={i}", "5.0.0"),
            Wording("554 Blocked - see https://ipcheck.proofpoint.com/?ip={i}", "5.0.0"),
            Wording(
                "550 Local CT IP Reputation - (Real time) - https://community.mimecast.com/docs/DOC-1369#550 [{q}]",
                "5.0.0",
            ),
            Wording("554 5.7.1 <{a}>: Recipient address rejected: ERS-RBL", "5.7.1", "mail.nhs.net"),
            Wording(
                "550 5.7.1 Unfortunately, messages from [{i}] weren't sent. Please contact your Internet service provider since part of their network is on our block list (S3150).",
                "5.7.1",
                EOP,
            ),
            Wording(
                "421 4.7.0 [TSS04] Messages from {i} temporarily deferred due to unexpected volume or user complaints - 4.16.55.1",
                "4.7.0",
            ),
            Wording("553 5.7.1 [TSS09] All messages from {i} will be permanently deferred", "5.7.1"),
            Wording(
                "550 5.7.606 Access denied, banned sending IP [{i}]. To request removal from this list please visit https://sender.office.com/",
                "5.7.606",
                EOP,
            ),
            Wording(
                "550 5.1.1 <{a}>: Client host [{i}] blocked using Barracuda Reputation; http://www.barracudanetworks.com/reputation/?r=1&ip={i}",
                "5.1.1",
            ),
            Wording(
                "550 Administrative prohibition - envelope blocked - https://community.mimecast.com/docs/DOC-1369#550 [{q}]",
                "5.0.0",
            ),
            Wording(
                "550-5.7.1 [{i}] Gmail has detected that this message is likely suspicious due to the very low reputation of the sending domain.",
                "5.7.1",
            ),
        ),
    ),
    "authentication": (
        OURS,
        (
            Wording(
                "550 5.7.515 Access denied, sending domain news.example.org does not meet the required authentication level.",
                "5.7.515",
                EOP,
            ),
            Wording(
                "550 5.7.509 Access denied, sending domain news.example.org does not pass DMARC verification and has a DMARC policy of reject.",
                "5.7.509",
                EOP,
            ),
            Wording(
                "550-5.7.26 This mail has been blocked because the sender is unauthenticated. 550-5.7.26 Gmail requires all senders "
                "to authenticate with either SPF or DKIM.",
                "5.7.26",
            ),
            Wording(
                "550 5.7.23 The message was rejected because of Sender Policy Framework violation -> 550 5.7.1 SPF fail",
                "5.7.23",
                EOP,
            ),
            Wording(
                "554 5.7.9 Message not accepted for policy reasons. See https://postmaster.yahooinc.com/error-codes DMARC",
                "5.7.9",
            ),
            Wording("550 5.7.25 [{i}] The IP address sending this message does not have a PTR record setup", "5.7.25"),
            Wording("550 5.7.1 <{a}>: Recipient address rejected: SPF-Result=news.example.org: fail", "5.7.1"),
            Wording("450 4.7.25 Client host rejected: cannot find your hostname, [{i}]", "4.7.25"),
        ),
    ),
    "our address": (
        OURS,
        (
            Wording(
                "553 5.1.8 <bounces@news.example.org>... Domain of sender address bounces@news.example.org does not exist",
                "5.1.8",
            ),
            Wording(
                "550 5.1.7 <bounces@news.example.org>: Sender address rejected: User unknown (in reply to MAIL FROM command)",
                "5.1.7",
            ),
            Wording("550 5.1.8 <bounces@news.example.org>: Sender address rejected: Domain not found", "5.1.8"),
            Wording(
                "550 Verification failed for <bounces@news.example.org> sender verify failed: no such user", "5.0.0"
            ),
            Wording("550-5.7.1 [{i}] Messages missing a valid Message-ID header are not accepted", "5.7.1"),
        ),
    ),
    "policy": (
        OURS,
        (
            Wording("554 5.7.1 <{a}>: Recipient address rejected: Access denied", "5.7.1"),
            Wording("550 5.7.1 Command rejected", "5.7.1"),
            Wording("550 5.7.0 Local Policy Violation", "5.7.0"),
            Wording("550 5.7.1 Delivery not authorized, message refused", "5.7.1"),
        ),
    ),
    "too big": (
        OURS,
        (
            Wording("552 5.3.4 Message size exceeds fixed limit", "5.3.4"),
            Wording("552 5.3.4 Message too large", "5.3.4"),
            Wording("550 5.2.3 RESOLVER.RST.RecipSizeLimit; message too large for this recipient", "5.2.3"),
            Wording("554 Maximum email size exceeded - https://community.mimecast.com/docs/DOC-1369#554", "5.0.0"),
            Wording(
                "552 5.3.4 Your message exceeded Google's message size limits. Please visit https://support.google.com/mail/?p=MaxSizeError",
                "5.3.4",
            ),
            Wording("message size 26214999 exceeds size limit 10240000 of server {h}[192.0.2.7]", "5.3.4"),
        ),
    ),
    "relay or encryption": (
        OURS,
        (
            Wording("554 5.7.1 <{a}>: Relay access denied", "5.7.1"),
            Wording(
                "550 5.7.64 TenantAttribution; Relay Access Denied [{q}.eop-gbr01.prod.protection.outlook.com]",
                "5.7.64",
                EOP,
            ),
            Wording("530 5.7.0 Must issue a STARTTLS command first", "5.7.0"),
            Wording("553 sorry, that domain isn't in my list of allowed rcpthosts (#5.7.1)", "5.7.1"),
            Wording("550 relay not permitted", "5.0.0"),
            Wording("553 This route requires encryption (TLS)", "5.0.0"),
            Wording("550 5.7.1 Unable to relay", "5.7.1"),
        ),
    ),
    "blocked by one person": (
        ReturnClass.TO_CONFIRM,
        (
            Wording(
                "550 Envelope blocked - User Entry - https://community.mimecast.com/docs/DOC-1369#550 [{q}.uk1]",
                "5.0.0",
            ),
            Wording(
                "550 Envelope blocked - User Domain Entry - https://community.mimecast.com/docs/DOC-1369#550 [{q}]",
                "5.0.0",
            ),
            Wording("550 5.7.507 Access denied, rejected by recipient", "5.7.507", EOP),
        ),
    ),
    "closed group": (
        ReturnClass.TO_CONFIRM,
        (
            Wording(
                "550 5.7.133 RESOLVER.RST.SenderNotAuthenticatedForGroup; authentication required; Delivery restriction check failed because the sender was not authenticated when sending to this group",
                "5.7.133",
                EOP,
            ),
            Wording("550 5.7.1 RESOLVER.RST.AuthRequired; authentication required", "5.7.1"),
            Wording("550 5.7.124 Sender not in allowed-senders list RESOLVER.RST.NotAuthorizedToGroup", "5.7.124", EOP),
            Wording("550 5.7.1 RESOLVER.RST.NotAuthorized; not authorized", "5.7.1"),
            Wording(
                "550-5.7.1 We're writing to let you know that the group you tried to contact may not exist, or you may not have permission to post messages to the group. you are not allowed to post to this group",
                "5.7.1",
            ),
        ),
    ),
    "system fault": (
        SOFT,
        (
            Wording("550 5.0.0 Something went wrong", "5.0.0"),
            Wording("554 5.3.0 unable to process", "5.3.0"),
            Wording("503 5.5.1 Bad sequence of commands", "5.5.1"),
            Wording("550 Requested action not taken: mailbox unavailable", "5.5.0"),
            Wording("554 Transaction failed", "5.0.0"),
            Wording("550 5.5.0 Command not implemented", "5.5.0"),
        ),
    ),
}
