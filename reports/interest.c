#include "reports/interest.h"

#include <string.h>

#include "reports/audience.h"
#include "store/entry_key.h"

/* --- reading ------------------------------------------------------------------------------------------------------ */

static const char *read_name(const char *word)
{
    return word;
}

/* By its first name. */
static const char *read_reason(const char *word)
{
    return reason_names[reason_from_name(word)];
}

static const char *read_verdict(const char *word)
{
    return g_strv_contains(verdict_names, word) ? word : "";
}

const char *const interest_names[] = {"types", "reasons", "verdicts", "streams", "tenants", NULL};

/* The members that are lists: `read` gives the word as it is kept, "" if it is none. */
static const struct {
    const char *name;
    size_t offset;
    const char *(*read)(const char *word);
} lists[] = {
    {"reasons", offsetof(struct interest, reasons), read_reason},
    {"verdicts", offsetof(struct interest, verdicts), read_verdict},
    {"streams", offsetof(struct interest, streams), read_name},
    {"tenants", offsetof(struct interest, tenants), read_name},
};

static GPtrArray *read_list(const char *words, const char *(*read)(const char *word), char **unknown)
{
    g_autoptr(GPtrArray) list = g_ptr_array_new_with_free_func(g_free);
    g_auto(GStrv) parts = g_strsplit(words, ",", -1);

    for (char **part = parts; *part != NULL; part++) {
        const char *kept = read(g_strstrip(*part));

        if (*kept == '\0') {
            *unknown = g_strdup(*part);
            return NULL;
        }
        g_ptr_array_add(list, g_strdup(kept));
    }
    return g_steal_pointer(&list);
}

static bool read_types(struct interest *interest, const char *words, bool all, char **unknown)
{
    struct announcement_types types = {0};

    if (!all && !announcement_types_read(&types, words, unknown))
        return false;
    interest->types = types;
    return true;
}

bool interest_read(struct interest *interest, const char *name, const char *words, char **unknown)
{
    bool all = strcmp(words, "all") == 0;

    *unknown = NULL;
    if (*words == '\0')
        return false;
    for (size_t i = 0; i < G_N_ELEMENTS(lists); i++) {
        GPtrArray **member = (GPtrArray **)(void *)((char *)interest + lists[i].offset);
        g_autoptr(GPtrArray) list = NULL;

        if (strcmp(lists[i].name, name) != 0)
            continue;
        if (!all && (list = read_list(words, lists[i].read, unknown)) == NULL)
            return false;
        if (*member != NULL)
            g_ptr_array_unref(*member);
        *member = g_steal_pointer(&list);
        return true;
    }
    return read_types(interest, words, all, unknown);
}

void interest_clear(struct interest *interest)
{
    for (size_t i = 0; i < G_N_ELEMENTS(lists); i++) {
        GPtrArray **member = (GPtrArray **)(void *)((char *)interest + lists[i].offset);
        g_clear_pointer(member, g_ptr_array_unref);
    }
}

/* --- what is wanted ----------------------------------------------------------------------------------------------- */

static bool has(const GPtrArray *list, const char *name)
{
    if (list == NULL)
        return true;
    for (guint i = 0; name != NULL && i < list->len; i++) {
        if (strcmp(list->pdata[i], name) == 0)
            return true;
    }
    return false;
}

static bool wants_event(const struct interest *interest, const struct stored_event *event)
{
    return announcement_wants_event(&interest->types, event) &&
           has(interest->reasons, reason_names[event->event.reason]) &&
           has(interest->verdicts, verdict_names[event->event.verdict]) &&
           has(interest->streams, event->event.stream) && has(interest->tenants, event->tenant);
}

/* Is one of the streams that are wanted of this tenant? */
static bool has_stream_of(const struct interest *interest, GHashTable *tenants, const char *tenant)
{
    for (guint i = 0; i < interest->streams->len; i++) {
        if (g_strcmp0(g_hash_table_lookup(tenants, interest->streams->pdata[i]), tenant) == 0)
            return true;
    }
    return false;
}

/* An entry of scope all is for everybody; one of a tenant for its streams, and one of a stream for its tenant. */
static bool is_for(const struct interest *interest, GHashTable *tenants, const char *scope)
{
    struct entry_scope parsed;

    if (!entry_scope_parse(scope, &parsed) || parsed.kind == ENTRY_SCOPE_ALL)
        return true;
    if (!has(interest->tenants, audience_tenant_of(tenants, scope)))
        return false;
    return parsed.kind == ENTRY_SCOPE_STREAM
               ? has(interest->streams, parsed.name)
               : interest->streams == NULL || has_stream_of(interest, tenants, parsed.name);
}

static bool wants_change(const struct interest *interest, GHashTable *tenants, const struct change *change)
{
    return announcement_type_of_change(change) != NULL && announcement_wants_change(&interest->types, change) &&
           has(interest->reasons, reason_names[change->reason]) &&
           has(interest->verdicts, verdict_names[change->verdict]) && is_for(interest, tenants, change->scope);
}

bool interest_wants(const struct interest *interest, GHashTable *tenants, const struct store_tail_item *item)
{
    return item->event != NULL ? wants_event(interest, item->event) : wants_change(interest, tenants, item->change);
}
