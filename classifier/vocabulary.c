#include "classifier/vocabulary.h"

const char *const vocabulary_names[] = {
    [VOCABULARY_SISIMAI] = "sisimai", [VOCABULARY_POWERMTA] = "powermta", [VOCABULARY_SPARKPOST] = "sparkpost",
    [VOCABULARY_SES] = "ses",         [VOCABULARY_COUNT] = NULL,
};

static const char *const words[REASON_COUNT][VOCABULARY_COUNT] = {
    [REASON_NONE] = {"", "", "", ""},
    [REASON_USER_UNKNOWN] = {"userunknown", "bad-mailbox", "10", "Permanent/NoEmail"},
    [REASON_HAS_MOVED] = {"hasmoved", "inactive-mailbox", "10", "Permanent/General"},
    [REASON_MAILBOX_DISABLED] = {"suspend", "inactive-mailbox", "10", "Permanent/General"},
    [REASON_MAILBOX_FULL] = {"mailboxfull", "quota-issues", "22", "Transient/MailboxFull"},
    [REASON_FILTERED] = {"filtered", "policy-related", "50", "Transient/General"},
    [REASON_HOST_UNKNOWN] = {"hostunknown", "bad-domain", "21", "Permanent/General"},
    [REASON_NO_MAIL_ACCEPTED] = {"notaccept", "bad-domain", "21", "Permanent/General"},
    [REASON_MESSAGE_TOO_LARGE] = {"emailtoolarge", "content-related", "23", "Transient/MessageTooLarge"},
    [REASON_SPAM_DETECTED] = {"spamdetected", "spam-related", "52", "Transient/ContentRejected"},
    [REASON_VIRUS_DETECTED] = {"virusdetected", "virus-related", "53", "Transient/AttachmentRejected"},
    [REASON_CONTENT_ERROR] = {"contenterror", "content-related", "52", "Transient/ContentRejected"},
    [REASON_NOT_RFC_COMPLIANT] = {"notcompliantrfc", "protocol-errors", "40", "Transient/General"},
    [REASON_POLICY_VIOLATION] = {"policyviolation", "policy-related", "50", "Transient/General"},
    [REASON_SECURITY_ERROR] = {"securityerror", "policy-related", "50", "Transient/General"},
    [REASON_AUTH_FAILURE] = {"authfailure", "policy-related", "50", "Transient/General"},
    [REASON_BAD_REPUTATION] = {"badreputation", "spam-related", "51", "Transient/ContentRejected"},
    [REASON_BLOCKED] = {"blocked", "spam-related", "51", "Transient/ContentRejected"},
    [REASON_PTR_REQUIRED] = {"requireptr", "invalid-sender", "50", "Transient/General"},
    [REASON_SENDER_REJECTED] = {"rejected", "invalid-sender", "50", "Transient/General"},
    [REASON_RELAYING_DENIED] = {"norelaying", "relaying-issues", "54", "Transient/General"},
    [REASON_RATE_LIMITED] = {"ratelimited", "policy-related", "50", "Transient/General"},
    [REASON_SYNTAX_ERROR] = {"syntaxerror", "protocol-errors", "40", "Transient/General"},
    [REASON_STARTTLS_FAILED] = {"failedstarttls", "bad-configuration", "20", "Transient/General"},
    [REASON_EXPIRED] = {"expired", "message-expired", "24", "Transient/General"},
    [REASON_NETWORK_ERROR] = {"networkerror", "routing-errors", "24", "Transient/General"},
    [REASON_SYSTEM_ERROR] = {"systemerror", "bad-configuration", "20", "Transient/General"},
    [REASON_SYSTEM_FULL] = {"systemfull", "bad-configuration", "20", "Transient/General"},
    [REASON_MAILER_ERROR] = {"mailererror", "bad-configuration", "20", "Transient/General"},
    [REASON_PROVIDER_SUPPRESSED] = {"suppressed", "other", "25", "Permanent/Suppressed"},
    [REASON_ON_HOLD] = {"onhold", "other", "1", "Undetermined"},
    [REASON_UNDEFINED] = {"undefined", "other", "1", "Undetermined"},
    [REASON_DELIVERED] = {"delivered", "", "", "Delivery"},
    [REASON_FEEDBACK] = {"feedback", "", "", "Complaint"},
    [REASON_AUTO_REPLY] = {"vacation", "", "60", ""},
    [REASON_UNSUBSCRIBE] = {"feedback", "", "90", "Complaint"},
};

const char *vocabulary_word(enum vocabulary vocabulary, enum reason reason)
{
    return words[reason][vocabulary];
}
