"""What servers write when they refuse or defer a message, by what they mean by it. Pure.

Each row is a pattern and whose words it has. Rows are tried in the order of `PHRASES`: what is about us before what is
about a mailbox, because one wrongly suppressed reader is worse than ten bounces. “Recipient address rejected” is in no
row: Postfix writes it before every reason there is, NHSmail before “ERS-RBL”, Exchange Online before “Access denied”.
"""

from __future__ import annotations

import re
from enum import StrEnum
from functools import cache
from typing import Final


class DiagnosticKind(StrEnum):
    """What a refusal or deferral means for the reader, and for us."""

    NO_MAILBOX = "no such mailbox"
    NO_DOMAIN = "no such domain"
    CLOSED = "mailbox closed"
    EXCHANGE_EDGE = "access denied by Exchange Online"  # an unknown user, or a domain that is set up wrongly
    MOVED = "moved"
    FULL = "mailbox full"
    GAVE_UP = "gave up"
    LOOP = "mail loop"
    TOO_FAST = "too fast"
    CONTENT = "spam or content"
    REPUTATION = "reputation"
    AUTHENTICITY = "authentication"  # SPF, DKIM, DMARC, reverse DNS
    SENDER = "our address or message"
    POLICY = "policy"  # 5.7.x without known words
    TOO_BIG = "too big"
    RELAY = "relay or encryption"
    BLOCKED_BY_PERSON = "blocked by one person"
    CLOSED_GROUP = "closed group"
    FAULT = "system fault"  # a code that says nothing, without known words


_GOOGLE = "Google: support.google.com/a/answer/3726730"
_EXCHANGE = "Exchange: learn.microsoft.com, non-delivery reports in Exchange Online"
_MIMECAST = "Mimecast: community.mimecast.com, SMTP error codes"
_YAHOO = "Yahoo: senders.yahooinc.com/smtp-error-codes"
_POSTFIX = "Postfix: smtpd, local, virtual, smtp, qmgr"
_EXIM = "Exim: routers, transports, retry"
_QMAIL = "qmail: qmail-send, qmail-remote, vpopmail"
_SENDMAIL = "Sendmail: sysexits, deliver"
_GODADDY = "GoDaddy: godaddy.com/help/email-error-codes"
_NHSMAIL = "NHSmail: support.nhs.net"
_PROOFPOINT = "Proofpoint: ipcheck.proofpoint.com"
_DOMINO = "Domino: router"
_MANY = "several servers"

_MAILBOX = r"(?:mail ?box|inbox|account|user|recipient|addressee|address|customer|alias|person)"

PHRASES: Final[tuple[tuple[DiagnosticKind, tuple[tuple[str, str], ...]], ...]] = (
    (
        DiagnosticKind.TOO_FAST,
        (
            (r"(?:sent|send|sending|addressed) (?:\w+ ){0,2}too many|too many (?:\w+ ){0,2}recipients", _GODADDY),
            (r"recipients this hour", _GODADDY),
            (r"too many (?:messages|connections|e?mails|sessions|concurrent)", _MANY),
            (r"server (?:is )?(?:too )?busy", _MANY),
            (r"(?:too|so) (?:quickly|fast|frequently)|too much mail|at a rate that", _GOOGLE),
            (r"unusual rate of", _GOOGLE),
            (r"(?:hourly|daily|sending|outbound|per.(?:hour|day|minute)).{0,30}(?:limit|quota|threshold)", _GOOGLE),
            (r"rate.?limit|throttl", _EXCHANGE),
            (r"(?:rate|relay limit|thread limit|connection limit) (?:is |was )?exceeded", _EXCHANGE),
            (r"(?:thread|connection|recipient|message|submission)s? (?:rate )?limit", _EXCHANGE),
            (r"excessive (?:volume|rate)", _EXCHANGE),
        ),
    ),
    (
        DiagnosticKind.FULL,
        (
            (r"over.?(?:\w+ ){0,3}quota", _MANY),
            (r"quota (?:has been |was |is |usage )*(?:exceeded|violation|full)|overquota", _MANY),
            (r"exceed\w*(?: \S+){0,4} (?:quota|storage|space|mailbox size)", _MANY),
            (r"quota (?:limit|exceeded)|overdrawn", _MANY),
            (rf"{_MAILBOX}(?: \S+)? (?:is |has |seems )?(?:been |currently |almost |too )?full\b", _MANY),
            (r"full mailbox", _MANY),
            (r"mail ?(?:folder|dir|drop|store) (?:is |over )(?:full|quota)|QuotaExceeded", _EXCHANGE),
            (r"mailbox size limit", _EXCHANGE),
            (r"out of storage|storage (?:limit|allocation|space)", _GOOGLE),
            (r"(?:not enough|insufficient) (?:\w+ )?storage", _GOOGLE),
            (r"(?:no|not enough|insufficient) (?:\w+ ){0,2}space|would exceed", _SENDMAIL),
            (r"space has been used|disk ?full", _SENDMAIL),
        ),
    ),
    (
        DiagnosticKind.LOOP,
        (
            (r"(?:mail|message|routing|forwarding|delivery).{0,12}loop", _POSTFIX),
            (r"loops? (?:back|detected)|looping", _POSTFIX),
            (r"hop ?count|too many (?:hops|received)|\d+ hops|hops exceeded", _SENDMAIL),
        ),
    ),
    (
        DiagnosticKind.TOO_BIG,
        (
            (r"(?:message|mail|content|body|header|attachment)s? .{0,24}too (?:big|large|long)", _EXIM),
            (r"size limit", _EXIM),
            (r"(?:message|mail|maximum|max|fixed|allowed|permitted).{0,16} size", _EXCHANGE),
            (r"(?:Recip|Send)SizeLimit", _EXCHANGE),
            (r"larger than|too large|exceed\w*(?: \S+){0,4} size|size exceed", _POSTFIX),
        ),
    ),
    (
        DiagnosticKind.CLOSED_GROUP,
        (
            (r"AuthRequired|RST\.(?:NotAuthori|SenderNotAuthenticated|RecipientNotA)", _EXCHANGE),
            (r"NotAuthorizedForGroup", _EXCHANGE),
            (r"(?:5\.7\.1(?:2|3|24|29|33|34|35|36))(?!\d)", _EXCHANGE),
            (r"only accepts? (?:\w+ ){0,2}from|accepts? (?:\w+ ){1,3}only from", _EXCHANGE),
            (r"(?:from|to) (?:people )?outside", _EXCHANGE),
            (
                (
                    r"(?:not|n't) (?:allowed|permitted|authori[sz]ed"
                    r"|have permission) to (?:send|post|e?mail) (?:\w+ ){0,3}to"
                ),
                _EXCHANGE,
            ),
            (r"non-member|members.only|internal (?:senders?|mail|use|e?mails?) only", _MANY),
            (r"only internal|restricted group", _MANY),
            (r"senders? (?:\w+ ){0,3}not (?:on|in) (?:\w+ ){0,3}(?:allowed|accepted|permitted|approved)", _EXCHANGE),
            (r"only (?:authenticated|approved|authori[sz]ed) (?:senders|users)", _MANY),
            (r"closed mailing list", _MANY),
        ),
    ),
    (
        DiagnosticKind.BLOCKED_BY_PERSON,
        (
            (r"envelope blocked.{1,3}user|user (?:domain )?entry|manual(?:ly)? block", _MIMECAST),
            (r"(?:blocked|rejected|refused) by (?:the |this )?(?:recipient|user|addressee)(?! domain)\b", _EXCHANGE),
            (
                (
                    r"(?:recipient|user|addressee) (?:has )?(?:block|refus"
                    r"|reject)\w* (?:your |mails? |e?mails? |messages? )"
                ),
                _MANY,
            ),
            (r"recipient's (?:personal |own )?(?:block|deny|reject)", _MANY),
            (r"does not (?:want|wish) (?:to (?:receive|get) )?(?:your )?", _MANY),
        ),
    ),
    (
        DiagnosticKind.AUTHENTICITY,
        (
            (r"\b(?:SPF|DKIM|DMARC)\b|sender policy framework|unauthenticated", _GOOGLE),
            (r"authentication (?:check|inform|guid)", _GOOGLE),
            (r"requires? (?:all )?senders? to authenticate|required authentication level", _EXCHANGE),
            (r"does not pass", _EXCHANGE),
            (r"\bPTR\b|reverse (?:dns|host|lookup|map)|cannot find your (?:reverse )?host", _POSTFIX),
            (r"anti-?spoof", _POSTFIX),
        ),
    ),
    (
        DiagnosticKind.SENDER,
        (
            (
                (
                    r"(?:after|reply to|following) MAIL FROM|of (?:the )?sender"
                    r"|from (?:header|field|address)|sender address"
                ),
                _POSTFIX,
            ),
            (r"sender (?:domain|address|e?mail)?.{0,24}(?:fail|reject|denied|invalid|refused)", _POSTFIX),
            (r"(?:your|sender'?s?|sending|originating|envelope.from|mail from) (?:\w+ )?domain", _MANY),
            (r"(?:verify|verification|callout).{0,30}sender|sender.{0,20}verif|bad sender", _EXIM),
            (r"invalid sender|return path", _EXIM),
            (r"RFC.?(?:5322|2822|822|5321) (?:\w+ )?compl|not RFC", _GOOGLE),
            (r"(?:missing|invalid|multiple|duplicate).{0,24}header", _GOOGLE),
            (r"(?:HELO|EHLO)\b|bare (?:LF|line ?feed)|your (?:e?mail )?account", _MANY),
            (r"account.{0,30}from sending", _MANY),
        ),
    ),
    (
        DiagnosticKind.RELAY,
        (
            (r"relay(?:ing)? (?:\w+ )?(?:access )?(?:denied|not|prohibited|refused)", _POSTFIX),
            (r"(?:unable|not permitted|not allowed) to relay", _POSTFIX),
            (r"open relay|mail relay|rcpthosts|credentials for relay|TenantAttribution", _QMAIL),
            (r"(?:must|need to|required to) (?:first )?(?:use|issue) (?:an? )?(?:STARTTLS|TLS)", _POSTFIX),
            (r"STARTTLS (?:first|required)", _POSTFIX),
            (r"requires? (?:encryption|TLS|STARTTLS|high-strength)", _MIMECAST),
            (r"TLS (?:is )?(?:required|version)|encryption required", _MIMECAST),
            (r"authentication (?:is )?required|credentials|password|must (?:log ?in|authenticate)", _MANY),
            (r"not authenticated", _MANY),
        ),
    ),
    (
        DiagnosticKind.REPUTATION,
        (
            (r"spamhaus|spamcop|\bsorbs\b|barracudacentral|\bR?BLs?\b|DNSBL|\bERS-", _NHSMAIL),
            (r"black.?list|block.?list|deny.?list|reputation|banned|poor sender|\bIB\d\d\d\b", _GODADDY),
            (r"ipcheck|blocked - see|part of their network|\bS31[45]0\b|\bS775\b", _PROOFPOINT),
            (r"\[?\bTSS?\d\d\b|user complaints|permanently deferred|unexpected volume", _YAHOO),
            (r"blocked (?:using|due|for|because|at|from)|administrative prohibition", _MIMECAST),
            (r"envelope (?:blocked|rejected)", _MIMECAST),
            (r"client host .{0,60}(?:blocked|rejected|denied|refused)|block policy", _POSTFIX),
            (r"blocked senders?", _POSTFIX),
            (
                (
                    r"your (?:ip|server|host|mail server|network"
                    r"|address).{0,48}(?:block|list|reject|denied|refused|suspend)"
                ),
                _MANY,
            ),
            (r"not (?:currently )?accept\w* (?:mail|e?mails?|connections?|messages?) from", _MANY),
            (r"suspicious|go away", _MANY),
            (r"connection (?:rejected|denied|blocked)", _MANY),
            (r"access (?:from|to this server) (?:\w+ )?denied", _MANY),
        ),
    ),
    (
        DiagnosticKind.CONTENT,
        (
            (r"spam|unsolicited|virus|malware|phish|\bjunk\b|bulk (?:mail|e?mail|message)", _MANY),
            (r"advertis", _MANY),
            (r"content (?:\w+ )?(?:examination|filter|reject|polic|denied|restrict|scan|not)", _MIMECAST),
            (r"unacceptable content", _MIMECAST),
            (r"security (?:polic|reason)|violat\w+", _MANY),
            (r"polic(?:y|ies) (?:reason|violation|restrict|reject)|for policy", _MANY),
            (r"(?:local|by|due to|against|company|organi[sz]ation\w*|site) polic", _MANY),
            (r"organi[sz]ational settings", _MANY),
            (
                (
                    r"(?:message|mail) (?:was |has been |is |content )?(?:rejected"
                    r"|refused|filtered|blocked|bounced) (?:by|due|for|because|as)"
                ),
                _MANY,
            ),
            (r"attachment.{0,24}(?:allow|block|type|prohibit)", _GOOGLE),
            (r"(?:illegal|banned|prohibited) attachment", _GOOGLE),
        ),
    ),
    (
        DiagnosticKind.MOVED,
        (
            (r"(?:has|have) (?:been )?moved|moved to|replaced by", _MANY),
            (r"address(?: \w+){0,2} (?:has )?changed", _MANY),
            (r"new (?:e?mail )?address (?:is|:)|user not local", _SENDMAIL),
            (r"please (?:try|use|write to) (?:the )?(?:new |<|@)", _SENDMAIL),
        ),
    ),
    (
        DiagnosticKind.GAVE_UP,
        (
            (r"(?:message|mail|queue|delivery|retry) .{0,24}(?:expired|time(?:d )? ?out)", _EXCHANGE),
            (r"message ?expired|queue\.expired", _EXCHANGE),
            (r"retry time(?:out)? (?:exceeded|not reached)|failing for a long time|gave up", _EXIM),
            (r"too long in", _EXIM),
            (r"connect\w* .{0,60}(?:refused|timed? ?out|reset|dropped|unreachable)|timed out", _POSTFIX),
            (r"no route to host", _POSTFIX),
            (r"lost connection|unable to connect|(?:network|host) (?:is )?unreachable", _QMAIL),
            (r"in the queue too long", _QMAIL),
            (
                (
                    r"temporar|malformed or unexpected|SERVFAIL|try (?:again )?later"
                    r"|try again|gr[ae]y.?list|unverified address"
                ),
                _POSTFIX,
            ),
            (r"mail transport unavailable", _POSTFIX),
            (r"(?:wasn't|not) able to establish an SMTP connection|not responding", _QMAIL),
            (r"undelivered for|(?:couldn't|can't|cannot|unable to) (?:create|open|write|access|lock)", _QMAIL),
        ),
    ),
    (
        DiagnosticKind.NO_DOMAIN,
        (
            (
                (
                    r"(?:domain|host ?name)\b.{0,60}(?:does(?: not|n't) exist|not found"
                    r"|unknown|(?:could|can)(?:not|n't| not) be (?:found|resol))"
                ),
                _POSTFIX,
            ),
            (r"indicated no smtp service", _EXIM),
            (r"no such (?:domain|host)|host unknown|unknown (?:host|domain|mail domain)", _POSTFIX),
            (r"couldn't find any host named", _QMAIL),
            (r"null ?mx|name or service not known|host or domain name not found|nxdomain", _POSTFIX),
            (r"lookup (?:failed|error).{0,30}nxdomain|host not found", _POSTFIX),
            (r"(?:domain|host) (?:\S+ )?(?:does not|doesn't|never) accepts? (?:any )?(?:e?mail|messages)", _EXIM),
            (r"no (?:mx|mail exchanger|mail server)s? (?:record|for|found)", _EXCHANGE),
            (r"InfoDomainNonexistent|DNS domain .{0,60}exist", _EXCHANGE),
        ),
    ),
    (
        DiagnosticKind.CLOSED,
        (
            (r"\(?554\.30\)?|mailbox is disabled|mailbox disabled", _YAHOO),
            (r"inactive (?:user|account|mailbox|e?mail)", _YAHOO),
            (
                (
                    rf"{_MAILBOX}\b.{{0,40}} (?:disabled|deactivated|inactive|not active"
                    rf"|terminated|closed|discontinued|deleted|suspended|expired|locked)"
                ),
                _GOOGLE,
            ),
            (rf"{_MAILBOX}\b.{{0,40}}no longer (?:active|valid|in use|exists?|available|accept|with|works?)", _YAHOO),
        ),
    ),
    (
        DiagnosticKind.NO_MAILBOX,
        (
            (r"user (?:is |name )?(?:unknown|invalid)", _POSTFIX),
            (r"(?:recipient|address|mailbox|alias|account)(?: is)? unknown", _POSTFIX),
            (
                (
                    r"unknown (?:or illegal |or invalid )?(?:user|recipient"
                    r"|mailbox|local.part|address(?! family)|account|alias)"
                ),
                _SENDMAIL,
            ),
            (r"unrouteable address|unroutable address", _EXIM),
            (r"Recip(?:ient)?NotFound|ADR\.\w*NotFound", _EXCHANGE),
            (r"(?:email )?address .{0,48}couldn't be found|wasn't found at", _EXCHANGE),
            (rf"{_MAILBOX}\b.{{0,60}}(?:does(?: not|n't)|doesnt|do not|did not|not) exist", _GOOGLE),
            (r"NoSuchUser|tried to reach does not exist", _GOOGLE),
            (r"doesn't have an? \S+ account|not our customer", _YAHOO),
            (r"no such (?:user|recipient|mailbox|address|person|account|local|addressee|alias|name)", _MANY),
            (
                (
                    r"no (?:mailbox|account|user|recipient|one)s? (?:here "
                    r"|found )?(?:by|with|of|at|found) (?:that|this) (?:name|address)"
                ),
                _QMAIL,
            ),
            (r"no mailbox (?:here|found|available)|there is no (?:such|user|mailbox|one)", _QMAIL),
            (r"no one at this", _QMAIL),
            (rf"{_MAILBOX}(?: \S+)? (?:was |is |could )?(?:not|n't) (?:be )?(?:found|known|recogni[sz]ed)", _MANY),
            (r"invalid (?:recipient|mailbox|user|local.part)(?!name| or | credential)", _MIMECAST),
            (r"(?:recipient|mailbox|user) (?:is )?invalid", _MIMECAST),
            (r"(?:not|isn't) (?:a |an )?(?:valid|known|active) (?:recipient|user|mailbox|address|email)", _MANY),
            (r"bad destination|badrcptto|bad (?:recipient|address|mailbox)|validrcptto", _QMAIL),
            (r"non-?existent (?:user|mailbox|address|recip)", _QMAIL),
            (r"not listed in (?:\w+ )?(?:domino|name|public)|not present in directory", _DOMINO),
        ),
    ),
)

_CAPITALS = re.compile(r"\\.|[A-Z]+")


@cache
def compile_phrases() -> tuple[tuple[DiagnosticKind, re.Pattern[str]], ...]:
    """A pattern for each kind, in order, for texts in small letters. The first call takes some 30 ms."""
    return tuple(
        (kind, re.compile(_CAPITALS.sub(_lower, "|".join(f"(?:{pattern})" for pattern, _ in rows))))
        for kind, rows in PHRASES
    )


def _lower(match: re.Match[str]) -> str:
    r"""Small letters, but `\S` stays what it is. Without re.IGNORECASE a search takes half the time."""
    return match[0] if match[0].startswith("\\") else match[0].lower()
