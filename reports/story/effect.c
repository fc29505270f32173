#include "reports/story/effect.h"

#include <string.h>

/* By enum policy_effect; of those that are not here more is said than the effect. */
static const char *const effects[] = {
    [POLICY_IGNORED] = "none: it reports no failure",
    [POLICY_DELAYED] = "none: a delay, the sending host is still trying",
    [POLICY_NO_RECIPIENT] = "none: whose mail it was is not known",
    [POLICY_UNPROVEN] = "not counted: nothing proves that it is about our mail (unproven = count)",
    [POLICY_ROLLED_BACK] = "not counted: an operator rolled it back",
    [POLICY_REPEATED] =
        "repeated: the same was reported before, about the same mail or on the same day, and counts once",
    [POLICY_STALE] = "not counted: about mail from before it was removed",
    [POLICY_HELD] = "held: its receiver fails so much mail that it is not believed just now (a wave)",
    [POLICY_SUPPRESSED] = "suppressed",
    [POLICY_LISTED] = "enough to suppress; it was on the list as long already, for as good a reason",
    [POLICY_CLEARED] = "mail went through: what failed before counts no more",
    [POLICY_RELAYED] = "none: mail went on to a host that sends no success reports, and may still fail there",
};

/* Why a reason never suppresses, by enum party. */
static const char *const faults[] = {
    [PARTY_NONE] = "the policy says never",
    [PARTY_RECIPIENT] = "the policy says never",
    [PARTY_DOMAIN] = "the policy says never",
    [PARTY_CONTENT] = "the message was at fault, not the address",
    [PARTY_SENDER] = "the sending side was at fault, not the address",
    [PARTY_NETWORK] = "the network was at fault, not the address",
    [PARTY_REMOTE] = "the receiving host was at fault, not the address",
    [PARTY_HUMAN] = "the policy says never",
    [PARTY_UNKNOWN] = "whose fault it was is not known",
};

/* A policy "5 in 30d, for 90d" is of 5 in 30d. */
static char *progress_text(const struct stored_event *row)
{
    const char *policy = row->policy != NULL ? row->policy : "";

    return g_strdup_printf("counted: %u of %.*s, too few yet", row->failures, (int)strcspn(policy, ","), policy);
}

char *effect_text(const struct stored_event *row)
{
    if (row->effect == POLICY_COUNTED)
        return progress_text(row);
    if (row->effect == POLICY_NEVER)
        return g_strdup_printf("never suppresses: %s", faults[row->event.party]);
    return g_strdup(effects[row->effect]);
}

char *effect_policy(const char *policy)
{
    struct policy_row row;

    if (policy == NULL || !policy_row_parse(policy, &row, NULL) || row.count == 0)
        return g_strdup(policy);
    g_autofree char *nth = row.count == 1 ? g_strdup("the first failure") : g_strdup_printf("%u failures", row.count);
    const char *when = policy + strspn(policy, "0123456789"), *stay = strchr(policy, ',');
    return g_strdup_printf("%s: at %s%.*s%s", policy, nth, (int)strcspn(when, ","), when,
                           stay != NULL ? stay : ", for good");
}
