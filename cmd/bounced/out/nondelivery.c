#include "cmd/bounced/out/nondelivery.h"

#include <string.h>

#include "cmd/bounced/out/hop.h"
#include "reports/reason_text.h"

enum { MESSAGE_ID_MAX = 250 }; /* octets: RFC 5322 section 2.1.1 has lines of 998, and folds at 78 */

const char *const nondelivery_outcome_names[] = {
    [NONDELIVERY_GOES] = "goes",
    [NONDELIVERY_NO_FAILURE] = "no-failure",
    [NONDELIVERY_UNPROVEN] = "unproven",
    [NONDELIVERY_NO_AUTHOR] = "no-author",
    [NONDELIVERY_OTHER_DOMAIN] = "other-domain",
    [NONDELIVERY_BULK] = "bulk",
    [NONDELIVERY_PROGRAM] = "program",
    [NONDELIVERY_OWN_RECIPIENT] = "own-recipient",
    NULL,
};

/* Local parts of programs: RFC 3834 section 2 names the first two and the forms of lists' own addresses. */
static const char *const programs[] = {
    "mailer-daemon", "postmaster",   "owner-*",        "*-request", "*-owner",   "*-bounce",  "*-bounces",
    "bounce",        "bounce-*",     "bounces",        "daemon",    "root",      "*noreply*", "*no-reply*",
    "*no_reply*",    "*donotreply*", "*do-not-reply*", "listserv",  "majordomo",
};

static bool is_program(const char *address)
{
    g_autofree char *local = g_ascii_strdown(address, strrchr(address, '@') - address);

    for (size_t i = 0; i < G_N_ELEMENTS(programs); i++) {
        if (g_pattern_match_simple(programs[i], local))
            return true;
    }
    return false;
}

/* An address that stands in a field as it is: without quotes, brackets, blanks and what a line ends with. */
static bool is_plain(const char *address)
{
    const char *at = address != NULL ? strrchr(address, '@') : NULL;

    if (at == NULL || at == address || at[1] == '\0')
        return false;
    for (const char *c = address; *c != '\0'; c++) {
        if (!g_ascii_isalnum(*c) && strchr("!#$%&'*+-/=?^_`{|}~.@", *c) == NULL)
            return false;
    }
    return true;
}

static bool is_bulk(const struct event *event)
{
    return event->list_id != NULL || event->feedback_id != NULL;
}

enum nondelivery_outcome nondelivery_decide(const struct event *event, const char *const *domains)
{
    if (event->kind != REPORT_KIND_BOUNCE || event->action == REPORT_ACTION_DELAYED || event->recipient == NULL)
        return NONDELIVERY_NO_FAILURE;
    if (event->evidence != REPORT_EVIDENCE_SIGNED && event->evidence != REPORT_EVIDENCE_AUTHENTICATED)
        return NONDELIVERY_UNPROVEN;
    if (!is_plain(event->sender))
        return NONDELIVERY_NO_AUTHOR;
    if (!g_strv_contains(domains, strrchr(event->sender, '@') + 1))
        return NONDELIVERY_OTHER_DOMAIN;
    if (is_bulk(event))
        return NONDELIVERY_BULK;
    if (is_program(event->sender))
        return NONDELIVERY_PROGRAM;
    return g_ascii_strcasecmp(event->sender, event->recipient) == 0 ? NONDELIVERY_OWN_RECIPIENT : NONDELIVERY_GOES;
}

/* msg-id of RFC 5322 section 3.6.4, near enough that it ends no line and no field. */
static bool is_message_id(const char *id)
{
    size_t length = id != NULL ? strlen(id) : 0;

    if (length < 5 || length > MESSAGE_ID_MAX || id[0] != '<' || id[length - 1] != '>' || strchr(id, '@') == NULL)
        return false;
    for (size_t i = 1; i < length - 1; i++) {
        if (!g_ascii_isgraph(id[i]) || id[i] == '<' || id[i] == '>')
            return false;
    }
    return true;
}

char *nondelivery_write(const struct nondelivery *notice, const struct event *event)
{
    GString *text = g_string_new(NULL);
    g_autofree char *date = hop_date(notice->now);
    const char *why = reason_text(event->reason);

    g_string_append_printf(text,
                           "Date: %s\r\nFrom: Mail delivery <%s>\r\nTo: <%s>\r\nMessage-ID: <%s@%s>\r\n"
                           "Subject: A message of yours was not delivered\r\nAuto-Submitted: auto-replied\r\n",
                           date, notice->from, event->sender, notice->id, notice->hostname);
    if (is_message_id(event->message_id))
        g_string_append_printf(text, "In-Reply-To: %s\r\nReferences: %s\r\n", event->message_id, event->message_id);
    g_string_append_printf(text,
                           "MIME-Version: 1.0\r\nContent-Type: text/plain; charset=utf-8\r\n"
                           "Content-Transfer-Encoding: 8bit\r\n\r\n"
                           "A message that you sent did not reach this address:\r\n\r\n    %s\r\n\r\n%s\r\n\r\n"
                           "This is an automatic notice. You are told of an address once a day at most.\r\n",
                           event->recipient, why != NULL ? why : "It is not known why.");
    return g_string_free(text, FALSE);
}
