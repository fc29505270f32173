#include "classifier/language/scope.h"

#include <string.h>

static const char *const names[] = {
    [SCOPE_KIND_HOST] = "host",     [SCOPE_KIND_DIALECT] = "dialect", [SCOPE_KIND_COMMAND] = "command",
    [SCOPE_KIND_STATUS] = "status", [SCOPE_KIND_REPLY] = "reply",
};

const char *scope_name(enum scope_kind kind)
{
    return names[kind];
}

enum scope_kind scope_from_name(const char *name)
{
    for (enum scope_kind kind = SCOPE_KIND_HOST; kind < G_N_ELEMENTS(names); kind++) {
        if (strcmp(names[kind], name) == 0)
            return kind;
    }
    return SCOPE_KIND_NONE;
}

void scope_init(struct scope *scope)
{
    scope->hosts = g_ptr_array_new_with_free_func(g_free);
    scope->dialects = g_ptr_array_new_with_free_func(g_free);
    scope->commands = g_ptr_array_new_with_free_func(g_free);
    scope->statuses = g_array_new(FALSE, FALSE, sizeof(struct scope_status));
    scope->replies = g_array_new(FALSE, FALSE, sizeof(struct scope_reply));
}

void scope_clear(struct scope *scope)
{
    g_ptr_array_unref(scope->hosts);
    g_ptr_array_unref(scope->dialects);
    g_ptr_array_unref(scope->commands);
    g_array_unref(scope->statuses);
    g_array_unref(scope->replies);
}

static const char *read_number(const char *at, unsigned *number)
{
    if (*at == 'x') {
        *number = SCOPE_ANY;
        return at + 1;
    }
    const char *start = at;
    for (*number = 0; at - start < 3 && g_ascii_isdigit(*at); at++)
        *number = *number * 10 + (unsigned)(*at - '0');
    return at > start ? at : NULL;
}

/* number "." number "." number [ "-" number ], each number or x */
static bool add_status(struct scope *scope, const char *value)
{
    struct scope_status status;
    const char *at = read_number(value, &status.class);

    at = at != NULL && *at == '.' ? read_number(at + 1, &status.subject) : NULL;
    at = at != NULL && *at == '.' ? read_number(at + 1, &status.from) : NULL;
    status.to = at != NULL ? status.from : 0;
    if (at != NULL && *at == '-')
        at = read_number(at + 1, &status.to);
    if (at == NULL || *at || status.to < status.from)
        return false;
    g_array_append_val(scope->statuses, status);
    return true;
}

/* three digits, of which the last may be x */
static bool add_reply(struct scope *scope, const char *value)
{
    size_t digits = strspn(value, "0123456789");
    struct scope_reply reply = {0};

    if (strlen(value) != 3 || digits == 0 || strspn(value + digits, "x") != 3 - digits)
        return false;
    for (unsigned i = 0; i < 3; i++) {
        reply.from = reply.from * 10 + (i < digits ? (unsigned)(value[i] - '0') : 0);
        reply.to = reply.to * 10 + (i < digits ? (unsigned)(value[i] - '0') : 9);
    }
    g_array_append_val(scope->replies, reply);
    return true;
}

bool scope_add(struct scope *scope, enum scope_kind kind, const char *value)
{
    switch (kind) {
    case SCOPE_KIND_HOST:
        g_ptr_array_add(scope->hosts, g_ascii_strdown(value, -1));
        return *value != '.' && strpbrk(value, "*/:") == NULL;
    case SCOPE_KIND_DIALECT:
        g_ptr_array_add(scope->dialects, g_strdup(value));
        return true;
    case SCOPE_KIND_COMMAND:
        g_ptr_array_add(scope->commands, g_ascii_strup(value, -1));
        for (const char *c = value; *c; c++) {
            if (!g_ascii_isalpha(*c))
                return false;
        }
        return true;
    case SCOPE_KIND_STATUS:
        return add_status(scope, value);
    case SCOPE_KIND_REPLY:
        return add_reply(scope, value);
    case SCOPE_KIND_NONE:
        break;
    }
    return false;
}

bool scope_empty(const struct scope *scope)
{
    return scope->hosts->len + scope->dialects->len + scope->commands->len + scope->statuses->len +
               scope->replies->len ==
           0;
}

static bool below_domain(const char *host, const char *domain)
{
    size_t host_length = host != NULL ? strlen(host) : 0;
    size_t length = strlen(domain);

    if (host_length > 0 && host[host_length - 1] == '.')
        host_length--;
    if (host_length < length || g_ascii_strncasecmp(host + host_length - length, domain, length) != 0)
        return false;
    return host_length == length || host[host_length - length - 1] == '.';
}

/* An address literal names nobody. */
static bool is_name(const char *host)
{
    return host != NULL && host[0] != '[' && !g_ascii_isdigit(host[0]);
}

static bool any_host(const GPtrArray *hosts, const struct scope_facts *facts)
{
    const char *domain = is_name(facts->remote_mta) ? NULL : facts->domain;

    for (guint i = 0; i < hosts->len; i++) {
        if (below_domain(facts->remote_mta, hosts->pdata[i]) || below_domain(facts->reporting_mta, hosts->pdata[i]) ||
            below_domain(domain, hosts->pdata[i]))
            return true;
    }
    return hosts->len == 0;
}

static bool any_word(const GPtrArray *words, const char *word)
{
    for (guint i = 0; word != NULL && i < words->len; i++) {
        if (g_ascii_strcasecmp(words->pdata[i], word) == 0)
            return true;
    }
    return words->len == 0;
}

static bool any_status(const GArray *statuses, const struct reply_status *status)
{
    for (guint i = 0; i < statuses->len && status->class != 0; i++) {
        const struct scope_status *want = &g_array_index(statuses, struct scope_status, i);
        if ((want->class == SCOPE_ANY || want->class == status->class) &&
            (want->subject == SCOPE_ANY || want->subject == status->subject) &&
            (want->from == SCOPE_ANY || (want->from <= status->detail && status->detail <= want->to)))
            return true;
    }
    return statuses->len == 0;
}

static bool any_reply(const GArray *replies, unsigned reply)
{
    for (guint i = 0; i < replies->len; i++) {
        const struct scope_reply *want = &g_array_index(replies, struct scope_reply, i);
        if (want->from <= reply && reply <= want->to)
            return true;
    }
    return replies->len == 0;
}

enum scope_kind scope_excludes(const struct scope *scope, const struct scope_facts *facts)
{
    if (!any_host(scope->hosts, facts))
        return SCOPE_KIND_HOST;
    if (!any_word(scope->dialects, facts->dialect))
        return SCOPE_KIND_DIALECT;
    if (!any_word(scope->commands, facts->command))
        return SCOPE_KIND_COMMAND;
    if (!any_status(scope->statuses, &facts->status))
        return SCOPE_KIND_STATUS;
    if (!any_reply(scope->replies, facts->reply))
        return SCOPE_KIND_REPLY;
    return SCOPE_KIND_NONE;
}

void scope_sample(const struct scope *scope, struct scope_facts *facts)
{
    if (scope->hosts->len > 0)
        facts->remote_mta = scope->hosts->pdata[0];
    if (scope->dialects->len > 0)
        facts->dialect = scope->dialects->pdata[0];
    if (scope->commands->len > 0)
        facts->command = scope->commands->pdata[0];
}
