#include "classifier/reason.h"

#include <glib.h>
#include <string.h>

const char *const reason_names[] = {
    [REASON_NONE] = "",
    [REASON_USER_UNKNOWN] = "user_unknown",
    [REASON_HAS_MOVED] = "has_moved",
    [REASON_MAILBOX_DISABLED] = "mailbox_disabled",
    [REASON_MAILBOX_FULL] = "mailbox_full",
    [REASON_FILTERED] = "filtered",
    [REASON_HOST_UNKNOWN] = "host_unknown",
    [REASON_NO_MAIL_ACCEPTED] = "no_mail_accepted",
    [REASON_MESSAGE_TOO_LARGE] = "message_too_large",
    [REASON_SPAM_DETECTED] = "spam_detected",
    [REASON_VIRUS_DETECTED] = "virus_detected",
    [REASON_CONTENT_ERROR] = "content_error",
    [REASON_NOT_RFC_COMPLIANT] = "not_rfc_compliant",
    [REASON_POLICY_VIOLATION] = "policy_violation",
    [REASON_SECURITY_ERROR] = "security_error",
    [REASON_AUTH_FAILURE] = "auth_failure",
    [REASON_BAD_REPUTATION] = "bad_reputation",
    [REASON_BLOCKED] = "blocked",
    [REASON_PTR_REQUIRED] = "ptr_required",
    [REASON_SENDER_REJECTED] = "sender_rejected",
    [REASON_RELAYING_DENIED] = "relaying_denied",
    [REASON_RATE_LIMITED] = "rate_limited",
    [REASON_SYNTAX_ERROR] = "syntax_error",
    [REASON_STARTTLS_FAILED] = "starttls_failed",
    [REASON_EXPIRED] = "expired",
    [REASON_NETWORK_ERROR] = "network_error",
    [REASON_SYSTEM_ERROR] = "system_error",
    [REASON_SYSTEM_FULL] = "system_full",
    [REASON_MAILER_ERROR] = "mailer_error",
    [REASON_PROVIDER_SUPPRESSED] = "provider_suppressed",
    [REASON_ON_HOLD] = "on_hold",
    [REASON_UNDEFINED] = "undefined",
    [REASON_DELIVERED] = "delivered",
    [REASON_FEEDBACK] = "feedback",
    [REASON_AUTO_REPLY] = "auto_reply",
    [REASON_UNSUBSCRIBE] = "unsubscribe",
    [REASON_COUNT] = NULL,
};

const char *const party_names[] = {
    [PARTY_NONE] = "",           [PARTY_RECIPIENT] = "recipient",
    [PARTY_DOMAIN] = "domain",   [PARTY_CONTENT] = "content",
    [PARTY_SENDER] = "sender",   [PARTY_NETWORK] = "network",
    [PARTY_REMOTE] = "remote",   [PARTY_HUMAN] = "human",
    [PARTY_UNKNOWN] = "unknown", NULL,
};

const char *const verdict_names[] = {
    [VERDICT_NONE] = "none",
    [VERDICT_HARD] = "hard",
    [VERDICT_SOFT] = "soft",
    [VERDICT_COMPLAINT] = "complaint",
    [VERDICT_UNSUBSCRIBE] = "unsubscribe",
    NULL,
};

static const struct reason_row rows[REASON_COUNT] = {
    [REASON_NONE] = {PARTY_NONE, VERDICT_NONE},
    [REASON_USER_UNKNOWN] = {PARTY_RECIPIENT, VERDICT_HARD},
    [REASON_HAS_MOVED] = {PARTY_RECIPIENT, VERDICT_HARD},
    [REASON_MAILBOX_DISABLED] = {PARTY_RECIPIENT, VERDICT_SOFT},
    [REASON_MAILBOX_FULL] = {PARTY_RECIPIENT, VERDICT_SOFT},
    [REASON_FILTERED] = {PARTY_RECIPIENT, VERDICT_SOFT},
    [REASON_HOST_UNKNOWN] = {PARTY_DOMAIN, VERDICT_HARD},
    [REASON_NO_MAIL_ACCEPTED] = {PARTY_DOMAIN, VERDICT_HARD},
    [REASON_MESSAGE_TOO_LARGE] = {PARTY_CONTENT, VERDICT_SOFT},
    [REASON_SPAM_DETECTED] = {PARTY_CONTENT, VERDICT_SOFT},
    [REASON_VIRUS_DETECTED] = {PARTY_CONTENT, VERDICT_SOFT},
    [REASON_CONTENT_ERROR] = {PARTY_CONTENT, VERDICT_SOFT},
    [REASON_NOT_RFC_COMPLIANT] = {PARTY_CONTENT, VERDICT_SOFT},
    [REASON_POLICY_VIOLATION] = {PARTY_CONTENT, VERDICT_SOFT},
    [REASON_SECURITY_ERROR] = {PARTY_SENDER, VERDICT_SOFT},
    [REASON_AUTH_FAILURE] = {PARTY_SENDER, VERDICT_SOFT},
    [REASON_BAD_REPUTATION] = {PARTY_SENDER, VERDICT_SOFT},
    [REASON_BLOCKED] = {PARTY_SENDER, VERDICT_SOFT},
    [REASON_PTR_REQUIRED] = {PARTY_SENDER, VERDICT_SOFT},
    [REASON_SENDER_REJECTED] = {PARTY_SENDER, VERDICT_SOFT},
    [REASON_RELAYING_DENIED] = {PARTY_SENDER, VERDICT_SOFT},
    [REASON_RATE_LIMITED] = {PARTY_SENDER, VERDICT_SOFT},
    [REASON_SYNTAX_ERROR] = {PARTY_SENDER, VERDICT_SOFT},
    [REASON_STARTTLS_FAILED] = {PARTY_SENDER, VERDICT_SOFT},
    [REASON_EXPIRED] = {PARTY_NETWORK, VERDICT_SOFT},
    [REASON_NETWORK_ERROR] = {PARTY_NETWORK, VERDICT_SOFT},
    [REASON_SYSTEM_ERROR] = {PARTY_REMOTE, VERDICT_SOFT},
    [REASON_SYSTEM_FULL] = {PARTY_REMOTE, VERDICT_SOFT},
    [REASON_MAILER_ERROR] = {PARTY_REMOTE, VERDICT_SOFT},
    [REASON_PROVIDER_SUPPRESSED] = {PARTY_UNKNOWN, VERDICT_SOFT},
    [REASON_ON_HOLD] = {PARTY_UNKNOWN, VERDICT_SOFT},
    [REASON_UNDEFINED] = {PARTY_UNKNOWN, VERDICT_SOFT},
    [REASON_DELIVERED] = {PARTY_NONE, VERDICT_NONE},
    [REASON_FEEDBACK] = {PARTY_HUMAN, VERDICT_COMPLAINT},
    [REASON_AUTO_REPLY] = {PARTY_HUMAN, VERDICT_NONE},
    [REASON_UNSUBSCRIBE] = {PARTY_HUMAN, VERDICT_UNSUBSCRIBE},
};

const struct reason_row *reason_row(enum reason reason)
{
    return &rows[reason];
}

bool reason_may_suppress(enum reason reason)
{
    const struct reason_row *row = &rows[reason];

    if (row->party == PARTY_HUMAN)
        return row->verdict != VERDICT_NONE;
    return reason_is_recipients(reason);
}

bool reason_is_recipients(enum reason reason)
{
    return rows[reason].party == PARTY_RECIPIENT || rows[reason].party == PARTY_DOMAIN;
}

/* The words of people. */
static const struct {
    const char *word;
    enum reason reason;
} synonyms[] = {
    {"complaint", REASON_FEEDBACK},
    {"opt-out", REASON_UNSUBSCRIBE},
    {"opt_out", REASON_UNSUBSCRIBE},
};

const char *reason_canonical(const char *word)
{
    for (size_t i = 0; i < G_N_ELEMENTS(synonyms); i++) {
        if (strcmp(synonyms[i].word, word) == 0)
            return reason_names[synonyms[i].reason];
    }
    return word;
}

enum reason reason_from_name(const char *name)
{
    name = reason_canonical(name);
    for (enum reason reason = REASON_USER_UNKNOWN; reason < REASON_COUNT; reason++) {
        if (strcmp(reason_names[reason], name) == 0)
            return reason;
    }
    return REASON_NONE;
}
