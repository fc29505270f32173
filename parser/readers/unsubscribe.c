#include "parser/readers/unsubscribe.h"

/* "unsubscribe" or that and a token, behind a blank or a colon: what a mailto: URL's subject holds. */
static bool asks_to_unsubscribe(struct span subject)
{
    struct span word;

    if (!span_word(&subject, &word) || !(span_is(word, "unsubscribe") || span_starts(word, "unsubscribe:")))
        return false;
    return !span_word(&subject, &word) || !span_word(&subject, &word);
}

/* Newsletters and conversations have such subjects too. */
static bool is_other_mail(const struct message *message, struct origin *origin)
{
    static const char *const names[] = {"List-Unsubscribe", "List-Id", "In-Reply-To", "References"};

    for (size_t i = 0; i < G_N_ELEMENTS(names); i++) {
        if (message_field(message, names[i]).at != NULL)
            return true;
    }
    return origin_is_system(origin);
}

bool unsubscribe_read(struct message *message, struct draft *draft)
{
    bool apple = message_field(message, "X-Apple-Unsubscribe").at != NULL;
    struct report_recipient *recipient;

    if (!apple && (!asks_to_unsubscribe(message_field(message, "Subject")) || is_other_mail(message, draft->origin)))
        return false;
    draft->report->dialect = apple ? "apple" : "rfc2369";
    recipient = draft_recipient(draft, REPORT_KIND_UNSUBSCRIBE);
    draft_set_recipient(draft, recipient, message_field(message, "From"), REPORT_FROM_SENDER);
    return true;
}
