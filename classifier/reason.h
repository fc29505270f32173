/* reason.h: the reasons of a failure, whose fault each is, and what it means for the address. The names and their order
 * are a contract (the JSON, the store and the rules use them); new ones go before REASON_COUNT. */
#pragma once

#include <stdbool.h>

#include "parser/report.h"

enum reason {
    REASON_NONE, /* kind other: nothing was reported */
    REASON_USER_UNKNOWN,
    REASON_HAS_MOVED,
    REASON_MAILBOX_DISABLED,
    REASON_MAILBOX_FULL,
    REASON_FILTERED,
    REASON_HOST_UNKNOWN,
    REASON_NO_MAIL_ACCEPTED,
    REASON_MESSAGE_TOO_LARGE,
    REASON_SPAM_DETECTED,
    REASON_VIRUS_DETECTED,
    REASON_CONTENT_ERROR,
    REASON_NOT_RFC_COMPLIANT,
    REASON_POLICY_VIOLATION,
    REASON_SECURITY_ERROR,
    REASON_AUTH_FAILURE,
    REASON_BAD_REPUTATION,
    REASON_BLOCKED,
    REASON_PTR_REQUIRED,
    REASON_SENDER_REJECTED,
    REASON_RELAYING_DENIED,
    REASON_RATE_LIMITED,
    REASON_SYNTAX_ERROR,
    REASON_STARTTLS_FAILED,
    REASON_EXPIRED,
    REASON_NETWORK_ERROR,
    REASON_SYSTEM_ERROR,
    REASON_SYSTEM_FULL,
    REASON_MAILER_ERROR,
    REASON_PROVIDER_SUPPRESSED,
    REASON_ON_HOLD,
    REASON_UNDEFINED,
    REASON_DELIVERED,
    REASON_FEEDBACK,
    REASON_AUTO_REPLY,
    REASON_UNSUBSCRIBE,
    REASON_COUNT
};

/* Whose fault it is. */
enum party {
    PARTY_NONE,
    PARTY_RECIPIENT,
    PARTY_DOMAIN,
    PARTY_CONTENT,
    PARTY_SENDER,
    PARTY_NETWORK,
    PARTY_REMOTE,
    PARTY_HUMAN,
    PARTY_UNKNOWN,
};

/* Its meaning for the address. */
enum verdict_kind {
    VERDICT_NONE,
    VERDICT_HARD,
    VERDICT_SOFT,
    VERDICT_COMPLAINT,
    VERDICT_UNSUBSCRIBE,
};

/* Indexed by the enum, NULL-terminated; "" is printed as absent. */
extern const char *const reason_names[];
extern const char *const party_names[];
extern const char *const verdict_names[];

/* One row a reason. */
struct reason_row {
    enum party party;
    enum verdict_kind verdict; /* by default: before status 4.x.x, delays and feedback types are looked at */
};

const struct reason_row *reason_row(enum reason reason);

/* True when a failure of this kind says something about the address itself, so that a policy may suppress for it:
 * party recipient or domain, complaints and opt-outs (design: promise 2). */
bool reason_may_suppress(enum reason reason);

/* Is it the fault of the recipient, or of the recipient's domain? */
bool reason_is_recipients(enum reason reason);

/* REASON_NONE if there is no reason of that name. A complaint is feedback, and an opt-out unsubscribes. */
enum reason reason_from_name(const char *name);
/* The name that we print for a word that stands for it, as "complaint" does for "feedback"; the word itself, if it is
 * none of those. */
const char *reason_canonical(const char *word);
