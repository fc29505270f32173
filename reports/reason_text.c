#include "reports/reason_text.h"

#include <stddef.h>

static const char *const reasons[REASON_COUNT] = {
    [REASON_USER_UNKNOWN] = "There is no such mailbox: the receiving server knows nobody of that name.",
    [REASON_HAS_MOVED] = "The mailbox is gone: its owner has another address now.",
    [REASON_MAILBOX_DISABLED] = "The mailbox is there, but it is switched off and takes no mail.",
    [REASON_MAILBOX_FULL] = "The mailbox is full, and takes no mail until its owner makes room.",
    [REASON_FILTERED] = "A filter that the recipient or their provider has set up for this mailbox refused the mail.",
    [REASON_HOST_UNKNOWN] = "The domain does not exist, or names no mail server that can be found.",
    [REASON_NO_MAIL_ACCEPTED] = "The domain says that it takes no mail at all.",
    [REASON_MESSAGE_TOO_LARGE] = "The message was larger than the receiving server takes.",
    [REASON_SPAM_DETECTED] = "The receiving server took the message for spam.",
    [REASON_VIRUS_DETECTED] = "The receiving server found something in the message that it takes for a virus.",
    [REASON_CONTENT_ERROR] = "The receiving server could not take the message for what is in it, as an attachment.",
    [REASON_NOT_RFC_COMPLIANT] = "The message was not made as the standards for mail ask, said the receiving server.",
    [REASON_POLICY_VIOLATION] = "The message broke a rule that the receiving server has for what it takes.",
    [REASON_SECURITY_ERROR] = "The receiving server refused the way the mail was handed over, for its security.",
    [REASON_AUTH_FAILURE] =
        "The sender could not prove who it is: SPF, DKIM, DMARC or a password was wrong or missing.",
    [REASON_BAD_REPUTATION] = "The sending server or domain has a bad name with the receiver.",
    [REASON_BLOCKED] = "The receiver blocks the sending server, on its own account or by a blocklist.",
    [REASON_PTR_REQUIRED] = "The sending server's address has no name in the DNS, or one that does not fit.",
    [REASON_SENDER_REJECTED] = "The receiving server refused the address that the mail was sent from.",
    [REASON_RELAYING_DENIED] = "The server that was asked does not take mail for this domain from the sender.",
    [REASON_RATE_LIMITED] = "Too much mail came too fast, so the receiving server put it off.",
    [REASON_SYNTAX_ERROR] = "The two servers did not understand each other: a command was refused as wrong.",
    [REASON_STARTTLS_FAILED] = "The two servers could not agree on encryption.",
    [REASON_EXPIRED] = "The mail could not be handed over for so long that the sending server gave up.",
    [REASON_NETWORK_ERROR] = "The receiving server could not be reached over the network.",
    [REASON_SYSTEM_ERROR] = "The receiving server had a trouble of its own.",
    [REASON_SYSTEM_FULL] = "The receiving server had no room left for any mail.",
    [REASON_MAILER_ERROR] = "A program behind the receiving server failed when it delivered the mail.",
    [REASON_PROVIDER_SUPPRESSED] = "A provider in between has the address on a list of its own, and did not try.",
    [REASON_ON_HOLD] = "It could not be made out what the failure was.",
    [REASON_UNDEFINED] = "The mail failed, and what was said about it is in no rule.",
    [REASON_DELIVERED] = "The mail went through.",
    [REASON_FEEDBACK] = "The recipient, or their provider for them, complained about the mail.",
    [REASON_AUTO_REPLY] = "An automatic reply came, as during holidays: the mail went through.",
    [REASON_UNSUBSCRIBE] = "The recipient does not want this mail any more, and said so.",
};

static const char *const parties[] = {
    [PARTY_NONE] = NULL,
    [PARTY_RECIPIENT] = "The mailbox's: no change on your side makes it take the mail.",
    [PARTY_DOMAIN] = "The recipient's domain's: no change on your side makes it take the mail.",
    [PARTY_CONTENT] = "The message's: another message may go through, so it says nothing about the address.",
    [PARTY_SENDER] = "The sending side's, so it says nothing about the address.",
    [PARTY_NETWORK] = "The network's between the servers, so it says nothing about the address.",
    [PARTY_REMOTE] = "The receiving server's, so it says nothing about the address.",
    [PARTY_HUMAN] = "Nobody's: a person decided that.",
    [PARTY_UNKNOWN] = "Nobody can tell, so it says nothing about the address.",
};

const char *reason_text(enum reason reason)
{
    return reasons[reason];
}

const char *party_text(enum party party)
{
    return parties[party];
}
