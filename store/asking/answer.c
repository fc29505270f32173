#include "store/asking/answer.h"

#include <string.h>

#include "store/entry_key.h"
#include "store/ledger/row.h"
#include "store/privacy/tombstone.h"

/* One question, and what was found so far. */
struct question {
    struct store *store;
    const char *stream;
    const char *tenant;
    gint64 now;
};

static bool applies(const struct question *question, const char *text)
{
    struct entry_scope scope;

    if (!entry_scope_parse(text, &scope))
        return false;
    if (scope.kind == ENTRY_SCOPE_ALL)
        return true;
    return g_strcmp0(scope.name, scope.kind == ENTRY_SCOPE_STREAM ? question->stream : question->tenant) == 0;
}

static void add_closed(GPtrArray *closed, const char *scope)
{
    for (guint i = 0; i < closed->len; i++) {
        if (strcmp(closed->pdata[i], scope) == 0)
            return;
    }
    g_ptr_array_add(closed, (gpointer)scope);
}

static void take_entry(const struct question *question, struct suppression *entry)
{
    struct store *store = question->store;

    if (entry->until != 0 && entry->until <= question->now)
        return;
    if (applies(question, entry->scope)) {
        row_keep_suppression(store->found, entry);
        g_array_append_vals(store->answer, entry, 1);
    } else if (entry->wave == 0) {
        add_closed(store->closed, row_keep(store->found, entry->scope));
    }
}

static bool ask(const struct question *question, const char *subject, GError **error)
{
    struct query query = query_new(question->store->connection, SQL_ENTRIES_OF);
    bool row = true;

    query_text(&query, subject);
    while (row) {
        if (!query_step(&query, &row, error))
            return false;
        struct suppression entry;
        if (row) {
            row_suppression(&query, &entry);
            take_entry(question, &entry);
        }
    }
    return true;
}

/* Those that a forgotten address has by its hash. */
static bool ask_tombstones(const struct question *question, GError **error)
{
    g_autoptr(GArray) entries = g_array_new(FALSE, FALSE, sizeof(struct suppression));

    if (!tombstone_list(question->store, question->now, entries, error))
        return false;
    for (guint i = 0; i < entries->len; i++)
        take_entry(question, &g_array_index(entries, struct suppression, i));
    return true;
}

/* `name` begins with "@", and each domain above it with the dot before it. */
static bool ask_domains(const struct question *question, const char *name, GError **error)
{
    if (!ask(question, name, error))
        return false;
    for (name = strchr(name, '.'); name != NULL; name = strchr(name + 1, '.')) {
        if (!ask(question, name, error))
            return false;
    }
    return true;
}

/* The later end is less: it comes first. */
static int compare_ends(gint64 one, gint64 other)
{
    if (one == other || one == 0 || other == 0)
        return (one != 0) - (other != 0);
    return one > other ? -1 : 1;
}

static int compare(gconstpointer a, gconstpointer b)
{
    const struct suppression *one = a, *other = b;
    int held = (one->wave != 0) - (other->wave != 0);
    int kind = (int)entry_subject_kind(one->subject) - (int)entry_subject_kind(other->subject);
    size_t lengths[] = {strlen(one->subject), strlen(other->subject)};

    if (held != 0 || kind != 0)
        return held != 0 ? held : kind;
    /* the nearest domain above */
    if (lengths[0] != lengths[1])
        return lengths[0] > lengths[1] ? -1 : 1;
    int ends = compare_ends(one->until, other->until);
    return ends != 0 ? ends : strcmp(one->scope, other->scope);
}

bool answer_find(struct store *store, const char *address, const struct store_asker *asker, gint64 now,
                 struct store_answer *answer, GError **error)
{
    const struct question question = {store, asker->stream,
                                      asker->tenant != NULL ? asker->tenant : state_tenant(store, asker->stream), now};

    *answer = (struct store_answer){0};
    g_array_set_size(store->answer, 0);
    g_ptr_array_set_size(store->closed, 0);
    g_string_chunk_clear(store->found);
    if (!state_take_address(store, address, error))
        return false;
    if (!ask(&question, store->recipient->str, error) || !ask_tombstones(&question, error) ||
        !ask_domains(&question, strrchr(store->recipient->str, '@'), error))
        return false;
    g_array_sort(store->answer, compare);
    answer->entries = (const struct suppression *)(const void *)store->answer->data;
    answer->n = store->answer->len;
    answer->suppressed = answer->n > 0 && answer->entries->wave == 0;
    answer->closed = (const char *const *)store->closed->pdata;
    answer->n_closed = store->closed->len;
    return true;
}
