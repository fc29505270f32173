#include "cmd/batches/haul.h"

#include "cmd/lists/pile.h"
#include "parser/return_path.h"
#include "store/entry_key.h"

struct haul {
    struct haul_settings settings;
    struct roster *roster;
    struct pile *pile;
    const char *fault;         /* of the row that was read last */
    struct pile_entries taken; /* last */
    struct haul_sums sums;
};

static void add_scope(GHashTable *scopes, enum entry_scope_kind kind, const char *name)
{
    const struct entry_scope scope = {kind, name};

    if (name != NULL)
        g_hash_table_insert(scopes, g_strdup(name), entry_scope_format(&scope));
}

GHashTable *haul_streams(const GPtrArray *return_paths)
{
    GHashTable *scopes = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, g_free);

    for (guint i = 0; i < return_paths->len; i++)
        add_scope(scopes, ENTRY_SCOPE_STREAM, ((const struct return_path *)return_paths->pdata[i])->stream);
    return scopes;
}

GHashTable *haul_tenants(const GPtrArray *return_paths)
{
    GHashTable *scopes = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, g_free);

    for (guint i = 0; i < return_paths->len; i++)
        add_scope(scopes, ENTRY_SCOPE_TENANT, ((const struct return_path *)return_paths->pdata[i])->tenant);
    return scopes;
}

struct haul *haul_new(const struct haul_settings *settings, GError **error)
{
    struct roster *roster = roster_open(&settings->list, error);

    if (roster == NULL)
        return NULL;
    struct haul *haul = g_new0(struct haul, 1);
    haul->settings = *settings;
    haul->roster = roster;
    haul->pile = pile_new();
    return haul;
}

void haul_free(struct haul *haul)
{
    if (haul == NULL)
        return;
    roster_free(haul->roster);
    pile_free(haul->pile);
    g_free(haul);
}

/* --- reading ------------------------------------------------------------------------------------------------------ */

static enum roster_result reject(struct haul *haul, const char *fault)
{
    haul->fault = fault;
    haul->sums.rejected++;
    return ROSTER_RESULT_REJECTED;
}

enum roster_result haul_read(struct haul *haul, GError **error)
{
    struct entry entry;
    enum roster_result result = roster_next(haul->roster, &entry, error);

    if (result == ROSTER_RESULT_REJECTED)
        return reject(haul, roster_fault(haul->roster));
    if (result != ROSTER_RESULT_ENTRY)
        return result;
    if (entry.row.scope == NULL)
        entry.row.scope = haul->settings.scope;
    if (!audience_owns(&haul->settings.audience, entry.row.scope))
        return reject(haul, "its scope is another tenant's");
    haul->sums.unknown += entry.unplaced;
    return pile_add(haul->pile, &entry.row, error) ? ROSTER_RESULT_ENTRY : ROSTER_RESULT_FAILED;
}

const char *haul_fault(const struct haul *haul)
{
    return haul->fault;
}

guint64 haul_line(const struct haul *haul)
{
    return roster_line(haul->roster);
}

struct span haul_text(const struct haul *haul)
{
    return roster_text(haul->roster);
}

char *haul_form(const struct haul *haul)
{
    return roster_form(haul->roster);
}

/* --- taking ------------------------------------------------------------------------------------------------------- */

guint64 haul_count(const struct haul *haul)
{
    return pile_count(haul->pile);
}

/* A second row about an entry counts for itself if it changed the entry: not so while nothing is written, when it is
 * compared with what was there before. */
static void count(struct haul *haul, const enum import_outcome *outcomes)
{
    for (guint i = 0; i < haul->taken.n; i++) {
        bool changed = !haul->settings.dry_run && (outcomes[i] == IMPORT_ADDED || outcomes[i] == IMPORT_CHANGED);

        if (haul->taken.again[i] && !changed)
            haul->sums.duplicates++;
        else
            haul->sums.outcomes[outcomes[i]]++;
    }
}

bool haul_take(struct haul *haul, guint *n, GError **error)
{
    bool good = pile_take(haul->pile, HAUL_AT_ONCE, &haul->taken, error);

    *n = good ? haul->taken.n : 0;
    return good;
}

bool haul_put(struct haul *haul, struct import *import, GError **error)
{
    enum import_outcome outcomes[HAUL_AT_ONCE];

    if (!import_take(import, haul->taken.entries, haul->taken.n, outcomes, error))
        return false;
    count(haul, outcomes);
    return true;
}

const struct haul_sums *haul_sums(const struct haul *haul)
{
    return &haul->sums;
}
