#include "store/asking/answer.h"

#include <string.h>

#include "store/asking/entries.h"
#include "store/entry_key.h"

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

static struct question question_of(struct store *store, const struct store_asker *asker)
{
    const char *tenant = asker->tenant != NULL ? asker->tenant : state_tenant(store, asker->stream);

    return (struct question){.store = store, .stream = asker->stream, .tenant = tenant};
}

void answer_keep(struct store *store, const struct store_asker *asker)
{
    const struct question question = question_of(store, asker);
    guint n = 0;

    g_ptr_array_set_size(store->closed, 0);
    for (guint i = 0; i < store->answer->len; i++) {
        const struct suppression entry = g_array_index(store->answer, struct suppression, i);
        if (applies(&question, entry.scope))
            g_array_index(store->answer, struct suppression, n++) = entry;
        else if (entry.wave == 0)
            add_closed(store->closed, entry.scope);
    }
    g_array_set_size(store->answer, n);
}

/* `name` begins with "@", and each domain above it with the dot before it. */
static bool read_domains(const struct question *question, const char *name, GError **error)
{
    for (; name != NULL; name = strchr(name + 1, '.')) {
        if (!entries_read(question->store, name, question->now, question->store->answer, error))
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

bool answer_find(struct store *store, const struct store_asker *asker, gint64 now, struct store_answer *answer,
                 GError **error)
{
    struct question question = question_of(store, asker);

    question.now = now;
    *answer = (struct store_answer){0};
    g_array_set_size(store->answer, 0);
    const char *folded = store->folded->str;
    if (!entries_read(store, folded, now, store->answer, error) ||
        !read_domains(&question, strrchr(folded, '@'), error) ||
        !entries_read_forgotten(store, now, store->answer, error))
        return false;
    answer_keep(store, asker);
    g_array_sort(store->answer, compare);
    answer->entries = (const struct suppression *)(const void *)store->answer->data;
    answer->n = store->answer->len;
    answer->suppressed = answer->n > 0 && answer->entries->wave == 0;
    answer->closed = (const char *const *)store->closed->pdata;
    answer->n_closed = store->closed->len;
    return true;
}
