#include "cmd/ingest/forward.h"

#include <string.h>

#include "parser/address.h"
#include "store/outbox.h"

enum { HEADER_MAX = 1 << 20 }; /* octets of it that are looked at */

const char *const forward_outcome_names[] = {
    [FORWARD_GOES_ON] = "waiting",       [FORWARD_LOOP] = "loop", [FORWARD_HOPS] = "hops",
    [FORWARD_AUTO_REPLY] = "auto_reply", [FORWARD_OWN] = "own",   [FORWARD_TOO_MANY] = "too_many",
};

struct mail {
    const struct smart_host *host;
    const char *mail_from; /* NULL: not known */
    const struct report *report;
};

/* Addresses are the same without regard to the case of letters, the local part's too. */
static bool is_same(const char *given, const char *address)
{
    return given != NULL && g_ascii_strcasecmp(given, address) == 0;
}

/* --- why not: each looks at one reason ---------------------------------------------------------------------------- */

static bool has_been_here(const struct mail *mail, const struct forward *forward)
{
    const GPtrArray *places = mail->report->delivered_to;

    for (guint i = 0; places != NULL && i < places->len; i++) {
        if (is_same(places->pdata[i], forward->came_to))
            return true;
    }
    return false;
}

static bool has_many_hops(const struct mail *mail, const struct forward *forward G_GNUC_UNUSED)
{
    return mail->report->hops > mail->host->hops;
}

/* The parser has settled it (RFC 3834). */
static bool is_auto_reply(const struct mail *mail, const struct forward *forward G_GNUC_UNUSED)
{
    return mail->report->submitted == REPORT_SUBMITTED_REPLIED;
}

static bool is_own(const struct mail *mail, const struct forward *forward)
{
    g_autoptr(GString) sender = g_string_new(NULL);

    return (address_read(span_of(mail->mail_from), ADDRESS_PLAIN, sender) &&
            is_same(sender->str, forward->recipient)) ||
           is_same(mail->report->author, forward->recipient);
}

/* The first that holds is the reason. */
static const struct {
    enum forward_outcome outcome;
    bool (*holds)(const struct mail *mail, const struct forward *forward);
} reasons[] = {
    {FORWARD_LOOP, has_been_here},
    {FORWARD_HOPS, has_many_hops},
    {FORWARD_AUTO_REPLY, is_auto_reply},
    {FORWARD_OWN, is_own},
};

static enum forward_outcome find_outcome(const struct mail *mail, const struct forward *forward)
{
    for (size_t i = 0; i < G_N_ELEMENTS(reasons); i++) {
        if (reasons[i].holds(mail, forward))
            return reasons[i].outcome;
    }
    return FORWARD_GOES_ON;
}

/* --- to whom ------------------------------------------------------------------------------------------------------ */

static void forward_free(void *object)
{
    struct forward *forward = object;

    g_free(forward->recipient);
    g_free(forward->came_to);
    g_free(forward);
}

/* NULL: to nobody. */
static const char *find_recipient(const struct config *config, const char *rcpt_to)
{
    const struct return_path *path;

    if (g_ascii_strncasecmp(rcpt_to, "postmaster@", strlen("postmaster@")) == 0 && config->postmaster_forward != NULL)
        return config->postmaster_forward;
    path = return_path_find(config->return_paths, rcpt_to);
    return path != NULL ? path->forward : NULL;
}

/* With a domain, and as addresses are compared. */
static char *complete(const struct config *config, const char *rcpt_to)
{
    g_autofree char *whole =
        strchr(rcpt_to, '@') != NULL ? g_strdup(rcpt_to) : g_strconcat(rcpt_to, "@", config->hostname, NULL);
    g_autoptr(GString) read = g_string_new(NULL);

    return g_strdup(address_read(span_of(whole), ADDRESS_PLAIN, read) ? read->str : whole);
}

static bool is_planned(const GPtrArray *plan, const char *recipient)
{
    for (guint i = 0; i < plan->len; i++) {
        const struct forward *forward = plan->pdata[i];

        if (g_ascii_strcasecmp(forward->recipient, recipient) == 0)
            return true;
    }
    return false;
}

GPtrArray *forward_plan(const struct config *config, const struct report *report, const char *mail_from,
                        const GPtrArray *rcpt_to)
{
    GPtrArray *plan = g_ptr_array_new_with_free_func(forward_free);
    struct mail mail = {.host = config->smart_host, .mail_from = mail_from, .report = report};

    if (config->smart_host == NULL)
        return plan;
    for (guint i = 0; i < rcpt_to->len; i++) {
        g_autofree char *came_to = complete(config, rcpt_to->pdata[i]);
        const char *recipient = find_recipient(config, came_to);
        struct forward *forward;

        if (recipient == NULL || is_planned(plan, recipient))
            continue;
        forward = g_new0(struct forward, 1);
        forward->recipient = g_strdup(recipient);
        forward->came_to = g_steal_pointer(&came_to);
        forward->outcome = find_outcome(&mail, forward);
        g_ptr_array_add(plan, forward);
    }
    return plan;
}

bool forward_store(const GPtrArray *plan, const struct config *config, struct store *store,
                   const struct store_message *message, enum forward_outcome *outcome, GError **error)
{
    *outcome = FORWARD_NOBODY;
    for (guint i = 0; i < plan->len; i++) {
        const struct forward *forward = plan->pdata[i];
        const struct outgoing_order order = {
            .recipient = forward->recipient,
            .came_to = forward->came_to,
            .withheld = forward->outcome == FORWARD_GOES_ON ? NULL : forward_outcome_names[forward->outcome],
            .now = message->received,
            .hourly = config->smart_host->hourly,
            .sender_hourly = config->smart_host->sender_hourly,
            .too_many = forward_outcome_names[FORWARD_TOO_MANY],
        };
        enum forward_outcome own = forward->outcome;
        enum outgoing_state state;

        if (!store_outbox_add(store, message->digest, &order, &state, error))
            return false;
        if (own == FORWARD_GOES_ON && state == OUTGOING_WITHHELD)
            own = FORWARD_TOO_MANY;
        if (*outcome == FORWARD_NOBODY || own == FORWARD_GOES_ON)
            *outcome = own;
    }
    return true;
}
