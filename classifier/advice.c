#include "classifier/advice.h"

static const char *const advice[REASON_COUNT] = {
    [REASON_NONE] = "The message reports nothing.",
    [REASON_USER_UNKNOWN] = "There is no such mailbox. Stop sending to this address.",
    [REASON_HAS_MOVED] = "The recipient has moved to another address. Stop sending to this one.",
    [REASON_MAILBOX_DISABLED] = "The mailbox exists, but its owner or host has switched it off. It rarely comes back; "
                                "stop after a few of these.",
    [REASON_MAILBOX_FULL] = "The mailbox is full. Try again over the next days; one that stays full is abandoned.",
    [REASON_FILTERED] = "The recipient's own filter or settings refused the message, or an unknown user was refused "
                        "after the data. Stop if it goes on.",
    [REASON_HOST_UNKNOWN] =
        "The recipient's domain does not exist or has no mail server. Check the address for a typing "
        "error; stop sending.",
    [REASON_NO_MAIL_ACCEPTED] = "The recipient's domain takes no mail at all. Stop sending to it.",
    [REASON_MESSAGE_TOO_LARGE] = "The message is larger than the recipient or the server takes. Send a smaller one.",
    [REASON_SPAM_DETECTED] =
        "The message looked like spam to the receiver. Look at its text, links and attachments; the "
        "address is not at fault.",
    [REASON_VIRUS_DETECTED] = "The receiver found a virus or a forbidden attachment. Look at what was sent, and for an "
                              "account that was broken into.",
    [REASON_CONTENT_ERROR] = "The receiver could not take the message's content or encoding. Look at its attachments "
                             "and MIME structure.",
    [REASON_NOT_RFC_COMPLIANT] = "The message breaks the mail format (RFC 5322). Mend the program that makes it.",
    [REASON_POLICY_VIOLATION] = "A policy of the receiver forbids the message. Read the text for which one; ask their "
                                "postmaster.",
    [REASON_SECURITY_ERROR] = "The receiver asks for a login, for encryption or for rights that the sending server did "
                              "not show. Look at the server's configuration.",
    [REASON_AUTH_FAILURE] = "SPF, DKIM or DMARC did not pass. Mend the sender domain's DNS records or signing; the "
                            "address is not at fault.",
    [REASON_BAD_REPUTATION] =
        "The reputation of the sending IP or domain is too low for the receiver. Send less and to "
        "people who want it, until it recovers.",
    [REASON_BLOCKED] = "The receiver blocks the sending IP, for a blocklist or by its own decision, or greylists it. "
                       "Find the list, ask to be removed, and retry.",
    [REASON_PTR_REQUIRED] = "The sending IP has no reverse DNS name that matches. Set its PTR record.",
    [REASON_SENDER_REJECTED] =
        "The receiver refuses the sender's address or domain. Check that it exists, resolves and "
        "may send.",
    [REASON_RELAYING_DENIED] =
        "The server would have to relay for this recipient and does not. Check the recipient's MX "
        "and the route.",
    [REASON_RATE_LIMITED] = "Too much mail in too short a time, or to one mailbox. Slow down and try again later.",
    [REASON_SYNTAX_ERROR] = "The receiver did not understand a command or an address. Check the address; look at the "
                            "sending server.",
    [REASON_STARTTLS_FAILED] = "No encrypted connection could be made where one is required. Look at certificates and "
                               "TLS policies.",
    [REASON_EXPIRED] =
        "The message was tried for too long and given up. If it goes on for a domain, look at its servers.",
    [REASON_NETWORK_ERROR] = "The network, DNS or routing failed on the way. It usually passes.",
    [REASON_SYSTEM_ERROR] = "The receiving system had trouble of its own. It usually passes.",
    [REASON_SYSTEM_FULL] = "The receiving system's disk is full. It usually passes.",
    [REASON_MAILER_ERROR] = "A program or a mailing list that should have taken the message failed. Tell their "
                            "postmaster.",
    [REASON_PROVIDER_SUPPRESSED] = "A relay did not even try, because the address is on its suppression list. Ask the "
                                   "relay for the original bounce.",
    [REASON_ON_HOLD] = "The text does not say what went wrong. A person should read it.",
    [REASON_UNDEFINED] = "The report gives no cause. Wait for another one.",
    [REASON_DELIVERED] = "The message was delivered or handed on.",
    [REASON_FEEDBACK] = "The recipient, or their provider, complained about the message. Stop sending to this address.",
    [REASON_AUTO_REPLY] = "An automatic reply of a person who is away. Nothing to do.",
    [REASON_UNSUBSCRIBE] = "The recipient asks to be left out. Stop sending to this address.",
};

const char *advice_for(enum reason reason)
{
    return advice[reason];
}
