#include "cmd/lists/grounds.h"

#include <string.h>

#include "classifier/vocabulary.h"

enum { WORD_MAX_OCTETS = 40 };

enum ground {
    GROUND_BOUNCE,
    GROUND_COMPLAINT,
    GROUND_UNSUBSCRIBE,
    GROUND_MANUAL,
    GROUND_PROVIDER, /* the provider's own list, or its operator's rule */
    GROUND_PASSING,  /* suppresses nobody there either */
};

static const struct grounds meanings[] = {
    [GROUND_BOUNCE] = {REASON_PROVIDER_SUPPRESSED, VERDICT_SOFT, true},
    [GROUND_COMPLAINT] = {REASON_FEEDBACK, VERDICT_COMPLAINT, false},
    [GROUND_UNSUBSCRIBE] = {REASON_UNSUBSCRIBE, VERDICT_UNSUBSCRIBE, false},
    [GROUND_MANUAL] = {REASON_NONE, VERDICT_NONE, false},
    [GROUND_PROVIDER] = {REASON_PROVIDER_SUPPRESSED, VERDICT_SOFT, false},
};

/* The providers' words, folded. */
static const struct {
    const char *word;
    enum ground ground;
} words[] = {
    {"bounce", GROUND_BOUNCE},
    {"bounces", GROUND_BOUNCE},
    {"bounced", GROUND_BOUNCE},
    {"hard", GROUND_BOUNCE},
    {"hardbounce", GROUND_BOUNCE},
    {"hardbounces", GROUND_BOUNCE},
    {"permanent", GROUND_BOUNCE},
    {"bouncerule", GROUND_BOUNCE},
    {"invalid", GROUND_BOUNCE},
    {"invalidemail", GROUND_BOUNCE},
    {"invalidemails", GROUND_BOUNCE},
    {"bademailaddress", GROUND_BOUNCE},
    {"previousbounce", GROUND_BOUNCE},
    {"block", GROUND_BOUNCE},
    {"blocks", GROUND_BOUNCE},
    {"blocked", GROUND_BOUNCE},
    {"complaint", GROUND_COMPLAINT},
    {"complaints", GROUND_COMPLAINT},
    {"complained", GROUND_COMPLAINT},
    {"spam", GROUND_COMPLAINT},
    {"spamcomplaint", GROUND_COMPLAINT},
    {"spamcomplaints", GROUND_COMPLAINT},
    {"spamreport", GROUND_COMPLAINT},
    {"spamreports", GROUND_COMPLAINT},
    {"contactflaggedasspam", GROUND_COMPLAINT},
    {"abuse", GROUND_COMPLAINT},
    {"previouscomplaint", GROUND_COMPLAINT},
    {"unsub", GROUND_UNSUBSCRIBE},
    {"unsubscribes", GROUND_UNSUBSCRIBE},
    {"unsubscribed", GROUND_UNSUBSCRIBE},
    {"unsubscribedviaemail", GROUND_UNSUBSCRIBE},
    {"unsubscribedviama", GROUND_UNSUBSCRIBE},
    {"unsubscribedviaapi", GROUND_UNSUBSCRIBE},
    {"groupunsubscribe", GROUND_UNSUBSCRIBE},
    {"listunsubscribe", GROUND_UNSUBSCRIBE},
    {"linkunsubscribe", GROUND_UNSUBSCRIBE},
    {"unsubscribelink", GROUND_UNSUBSCRIBE},
    {"globalunsubscribes", GROUND_UNSUBSCRIBE},
    {"optout", GROUND_UNSUBSCRIBE},
    {"manual", GROUND_MANUAL},
    {"manuallyadded", GROUND_MANUAL},
    {"manualsuppression", GROUND_MANUAL},
    {"custom", GROUND_MANUAL},
    {"customer", GROUND_MANUAL},
    {"adminblocked", GROUND_MANUAL},
    {"compliance", GROUND_PROVIDER},
    {"manuallydeactivated", GROUND_PROVIDER},
    {"unconfirmed", GROUND_PROVIDER},
    {"soft", GROUND_PASSING},
    {"temporary", GROUND_PASSING},
    {"softbounce", GROUND_PASSING},
    {"softbounces", GROUND_PASSING},
    {"transient", GROUND_PASSING},
    {"undetermined", GROUND_PASSING},
    {"autoresponder", GROUND_PASSING},
    {"addresschange", GROUND_PASSING},
    {"dnserror", GROUND_PASSING},
    {"spamnotification", GROUND_PASSING},
    {"challengeverification", GROUND_PASSING},
    {"subscribe", GROUND_PASSING},
    {"unknown", GROUND_PASSING},
};

/* Letters and digits, in lower case; false if there are more than any word has. */
static bool fold(struct span word, char folded[WORD_MAX_OCTETS])
{
    size_t length = 0;

    for (size_t i = 0; i < word.length; i++) {
        if (!g_ascii_isalnum(word.at[i]))
            continue;
        if (length + 1 == WORD_MAX_OCTETS)
            return false;
        folded[length++] = g_ascii_tolower(word.at[i]);
    }
    folded[length] = '\0';
    return length > 0;
}

/* "user_unknown" is "userunknown" here, which is Sisimai's word for it as well. */
static bool is_reason(const char *folded, enum reason *reason)
{
    for (*reason = REASON_USER_UNKNOWN; *reason < REASON_COUNT; ++*reason) {
        char own[WORD_MAX_OCTETS];

        fold(span_of(reason_names[*reason]), own);
        if (strcmp(folded, own) == 0 || strcmp(folded, vocabulary_word(VOCABULARY_SISIMAI, *reason)) == 0)
            return true;
    }
    return false;
}

static const char passing[] = "a temporary or passing failure suppresses nobody";

const char *grounds_of_word(struct span word, struct span origin, struct grounds *grounds)
{
    char folded[WORD_MAX_OCTETS];
    enum reason reason;

    if (!fold(word, folded))
        return "";
    for (size_t i = 0; i < G_N_ELEMENTS(words); i++) {
        if (strcmp(words[i].word, folded) != 0)
            continue;
        if (words[i].ground == GROUND_PASSING)
            return passing;
        *grounds = meanings[words[i].ground];
        if (words[i].ground == GROUND_MANUAL && span_is(origin, "recipient"))
            *grounds = meanings[GROUND_UNSUBSCRIBE];
        return NULL;
    }
    if (!is_reason(folded, &reason))
        return "";
    *grounds = (struct grounds){reason, reason_row(reason)->verdict, false};
    return grounds->verdict == VERDICT_NONE ? passing : NULL;
}

bool grounds_blame_address(const struct grounds *grounds)
{
    return grounds->bounce || (grounds->reason != REASON_NONE && grounds->reason != REASON_PROVIDER_SUPPRESSED);
}

bool grounds_of_reason(enum reason reason, struct grounds *grounds)
{
    *grounds = (struct grounds){reason, reason_row(reason)->verdict, false};
    return reason_may_suppress(reason) || reason == REASON_PROVIDER_SUPPRESSED;
}

bool grounds_of_name(const char *name, struct grounds *grounds)
{
    g_autofree char *lower = g_ascii_strdown(name, -1);
    static const struct {
        const char *part;
        enum ground ground;
    } parts[] = {
        {"unsub", GROUND_UNSUBSCRIBE},   {"opt-out", GROUND_UNSUBSCRIBE}, {"optout", GROUND_UNSUBSCRIBE},
        {"opt_out", GROUND_UNSUBSCRIBE}, {"complain", GROUND_COMPLAINT},  {"spam", GROUND_COMPLAINT},
        {"bounce", GROUND_BOUNCE},       {"invalid", GROUND_BOUNCE},      {"block", GROUND_BOUNCE},
    };

    for (size_t i = 0; i < G_N_ELEMENTS(parts); i++) {
        if (strstr(lower, parts[i].part) != NULL) {
            *grounds = meanings[parts[i].ground];
            return true;
        }
    }
    return false;
}

/* Whose fault it is instead, by enum party; NULL: the address's own, or nobody can tell. */
static const char *const faults[] = {
    [PARTY_CONTENT] = "what the receiver said blames the message, not the address",
    [PARTY_SENDER] = "what the receiver said blames the sending side, not the address",
    [PARTY_NETWORK] = "what the receiver said blames the network, not the address",
    [PARTY_REMOTE] = "what the receiver said blames its own host, not the address",
    [PARTY_UNKNOWN] = NULL,
};

/* SendGrid's stand-ins for a status that was not given. */
static bool is_given(const char *status)
{
    return status != NULL && report_is_status(status) && strcmp(status, "5.0.0") != 0 && strcmp(status, "4.0.0") != 0;
}

static unsigned reply_of(const char *status)
{
    bool reply = status != NULL && strspn(status, "0123456789") == 3 && status[3] == '\0';

    return reply ? (unsigned)g_ascii_strtoull(status, NULL, 10) : 0;
}

const char *grounds_of_diagnostic(const struct classifier *classifier, const char *diagnostic, const char *status,
                                  struct grounds *grounds)
{
    static const struct report report;
    struct report_recipient recipient = {
        .kind = REPORT_KIND_BOUNCE,
        .status = is_given(status) ? status : NULL,
        .reply = reply_of(status),
        .diagnostic = diagnostic,
    };
    struct verdict verdict;

    if (diagnostic == NULL && recipient.status == NULL)
        return NULL;
    report_settle(&recipient);
    classifier_judge(classifier, &report, &recipient, &verdict);
    if (reason_is_recipients(verdict.reason)) {
        grounds->reason = verdict.reason;
        grounds->verdict = verdict.verdict;
    }
    return faults[verdict.party];
}
