#include "cmd/bouncectl/selection.h"

#include "classifier/mail_receiver.h"
#include "cmd/bouncectl/subcommand.h"
#include "cmd/config/suggestion.h"
#include "store/entry_key.h"

#define RECENT ((gint64)30 * 24 * 60 * 60)

static bool check_times(const struct context *context, const struct selection *selection, GError **error)
{
    if (selection->since > context->now)
        subcommand_usage_error(error, "--since: that time is still to come");
    else if (selection->until != 0 && selection->since >= selection->until)
        subcommand_usage_error(error, "--since is not before --until");
    else
        return true;
    return false;
}

bool selection_names_stream(const struct config *config, const char *stream)
{
    for (guint i = 0; i < config->return_paths->len; i++) {
        const struct return_path *path = config->return_paths->pdata[i];

        if (g_strcmp0(path->stream, stream) == 0)
            return true;
    }
    return false;
}

/* One that the config has not any more may still be in what was reported. */
bool selection_check_stream(const struct context *context, const char *stream, GError **error)
{
    g_autoptr(GPtrArray) names = g_ptr_array_new();
    const struct config *config = context->config;
    bool known = false;

    if (stream == NULL || selection_names_stream(config, stream))
        return true;
    if (context->store != NULL && !store_knows_stream(context->store, stream, &known, error))
        return false;
    if (known)
        return true;
    for (guint i = 0; i < config->return_paths->len; i++) {
        const struct return_path *path = config->return_paths->pdata[i];

        if (path->stream != NULL)
            g_ptr_array_add(names, path->stream);
    }
    g_ptr_array_add(names, NULL);
    const char *nearest = suggestion_of((const char *const *)names->pdata, stream);
    subcommand_usage_error(error, "--stream: neither the config nor a report names the stream '%s'%s%s%s", stream,
                           nearest != NULL ? "; did you mean '" : "", nearest != NULL ? nearest : "",
                           nearest != NULL ? "'?" : "");
    return false;
}

static bool check_scope(const char *scope, GError **error)
{
    struct entry_scope parsed;

    if (scope == NULL || entry_scope_parse(scope, &parsed))
        return true;
    subcommand_usage_error(error, "--scope: '%s' is neither all, tenant=NAME nor stream=NAME", scope);
    return false;
}

static bool check_receiver(const char *receiver, GError **error)
{
    if (receiver == NULL || mail_receiver_may_be(receiver))
        return true;
    subcommand_usage_error(error, "--receiver: '%s' is neither a provider that bounced knows nor a domain", receiver);
    return false;
}

struct store *selection_store(struct context *context, enum store_mode mode, const struct selection *selection,
                              GError **error)
{
    if (!check_times(context, selection, error) || !check_scope(selection->scope, error) ||
        !check_receiver(selection->receiver, error))
        return NULL;
    struct store *store = context_store(context, mode, error);
    return store != NULL && selection_check_stream(context, selection->stream, error) ? store : NULL;
}

struct store *selection_asking(struct context *context, enum store_mode mode, const struct store_asker *asker,
                               GError **error)
{
    struct store *store = context_store(context, mode, error);

    return store != NULL && selection_check_stream(context, asker->stream, error) ? store : NULL;
}

char *selection_scope(const struct store_asker *asker, GError **error)
{
    const struct entry_scope scope = {
        asker->stream != NULL   ? ENTRY_SCOPE_STREAM
        : asker->tenant != NULL ? ENTRY_SCOPE_TENANT
                                : ENTRY_SCOPE_ALL,
        asker->stream != NULL ? asker->stream : asker->tenant,
    };
    g_autofree char *text = entry_scope_format(&scope);
    struct entry_scope parsed;

    if (asker->stream != NULL && asker->tenant != NULL)
        subcommand_usage_error(error, "--stream and --tenant exclude each other");
    else if (!entry_scope_parse(text, &parsed))
        subcommand_usage_error(error, "--%s: that is no name", entry_scope_kind_names[scope.kind]);
    else
        return g_steal_pointer(&text);
    return NULL;
}

bool selection_given(const struct selection *selection)
{
    const char *const texts[] = {selection->recipient, selection->domain, selection->stream,   selection->scope,
                                 selection->batch,     selection->rule,   selection->receiver, selection->diagnostic};
    bool given = selection->since != 0 || selection->until != 0 || selection->kind > 0 || selection->reason > 0 ||
                 selection->evidence > 0 || selection->state > 0 || selection->door > 0;

    for (size_t i = 0; i < G_N_ELEMENTS(texts); i++)
        given = given || texts[i] != NULL;
    return given;
}

static const char *name_of(const char *const *names, unsigned choice)
{
    return choice > 0 ? names[choice - 1] : NULL;
}

struct store_filter selection_filter(const struct selection *selection)
{
    return (struct store_filter){
        .recipient = selection->recipient,
        .domain = selection->domain,
        .stream = selection->stream,
        .kind = name_of(report_kind_names, selection->kind),
        .reason = name_of(reason_names, selection->reason),
        .scope = selection->scope,
        .state = selection->state,
        .batch = selection->batch,
        .door = name_of(store_door_names, selection->door),
        .rule = selection->rule,
        .receiver = selection->receiver,
        .diagnostic = selection->diagnostic,
        .evidence = name_of(report_evidence_names, selection->evidence),
        .since = selection->since,
        .until = selection->until,
        .limit = selection->limit,
    };
}

struct store_filter selection_recent(const struct selection *selection, gint64 now)
{
    struct store_filter filter = selection_filter(selection);

    if (filter.since == 0)
        filter.since = now - RECENT;
    return filter;
}
