#include "cmd/lists/pile.h"

#include <string.h>

#include "cmd/lists/sheaf.h"
#include "store/entry_key.h"

enum {
    CHUNK = 65536,
    ENTRIES_MAX = 250000, /* in memory */
    TEXTS_MAX = 64 * 1024 * 1024,
};

/* Entries in order: of a sheaf, or those that are in memory, which came last. */
struct source {
    guint number;
    struct sheaf *sheaf; /* NULL: they are in memory */
    guint next;          /* of those in memory */
    struct suppression head;
};

struct pile {
    GArray *entries; /* of struct suppression; in order once the first was taken */
    GStringChunk *texts;
    size_t octets; /* of texts */
    guint64 count;
    GPtrArray *sources; /* of struct source *; once the first was taken a heap: none is less than that at (i - 1) / 2 */
    bool ordered;
    /* those that were taken last */
    GArray *taken;
    GArray *again; /* of bool */
    GStringChunk *taken_texts;
    GString *subject, *scope; /* of the last one */
};

static void free_source(void *data)
{
    struct source *source = data;

    sheaf_free(source->sheaf);
    g_free(source);
}

struct pile *pile_new(void)
{
    struct pile *pile = g_new0(struct pile, 1);

    pile->entries = g_array_new(FALSE, FALSE, sizeof(struct suppression));
    pile->texts = g_string_chunk_new(CHUNK);
    pile->sources = g_ptr_array_new_with_free_func(free_source);
    pile->taken = g_array_new(FALSE, FALSE, sizeof(struct suppression));
    pile->again = g_array_new(FALSE, FALSE, sizeof(bool));
    pile->taken_texts = g_string_chunk_new(CHUNK);
    pile->subject = g_string_new(NULL);
    pile->scope = g_string_new(NULL);
    return pile;
}

void pile_free(struct pile *pile)
{
    if (pile == NULL)
        return;
    g_array_unref(pile->entries);
    g_string_chunk_free(pile->texts);
    g_ptr_array_unref(pile->sources);
    g_array_unref(pile->taken);
    g_array_unref(pile->again);
    g_string_chunk_free(pile->taken_texts);
    g_string_free(pile->subject, TRUE);
    g_string_free(pile->scope, TRUE);
    g_free(pile);
}

/* --- adding ------------------------------------------------------------------------------------------------------- */

/* Its texts are copied into `chunk`, those that many have once. How many octets they have. */
static size_t keep(GStringChunk *chunk, struct suppression *entry)
{
    size_t octets = 0;

    for (unsigned i = 0; i < SHEAF_TEXTS; i++) {
        const char **text = &G_STRUCT_MEMBER(const char *, entry, sheaf_texts[i].member);

        if (*text == NULL)
            continue;
        octets += strlen(*text) + 1;
        *text = sheaf_texts[i].shared ? g_string_chunk_insert_const(chunk, *text) : g_string_chunk_insert(chunk, *text);
    }
    return octets;
}

static int compare_keys(const struct suppression *one, const char *subject, const char *scope)
{
    int order = g_ascii_strcasecmp(one->subject, subject);

    return order != 0 ? order : strcmp(one->scope, scope);
}

/* A merge sort, as g_array_sort() is: equal ones stay in their order. */
static gint compare(gconstpointer a, gconstpointer b)
{
    const struct suppression *other = b;

    return compare_keys(a, other->subject, other->scope);
}

static void add_source(struct pile *pile, struct sheaf *sheaf)
{
    struct source *source = g_new0(struct source, 1);

    source->number = pile->sources->len;
    source->sheaf = sheaf;
    g_ptr_array_add(pile->sources, source);
}

/* Makes room. */
static bool put_away(struct pile *pile, GError **error)
{
    g_array_sort(pile->entries, compare);
    struct sheaf *sheaf =
        sheaf_new((const struct suppression *)(const void *)pile->entries->data, pile->entries->len, error);
    if (sheaf == NULL)
        return false;
    add_source(pile, sheaf);
    g_array_set_size(pile->entries, 0);
    g_string_chunk_clear(pile->texts);
    pile->octets = 0;
    return true;
}

bool pile_add(struct pile *pile, const struct suppression *entry, GError **error)
{
    struct suppression kept = *entry;

    kept.scope = entry_scope_key(entry->scope);
    g_assert(!pile->ordered);
    if ((pile->entries->len == ENTRIES_MAX || pile->octets > TEXTS_MAX) && !put_away(pile, error))
        return false;
    pile->octets += keep(pile->texts, &kept);
    g_array_append_val(pile->entries, kept);
    pile->count++;
    return true;
}

guint64 pile_count(const struct pile *pile)
{
    return pile->count;
}

/* --- taking ------------------------------------------------------------------------------------------------------- */

static bool step(struct pile *pile, struct source *source, bool *found, GError **error)
{
    if (source->sheaf != NULL)
        return sheaf_next(source->sheaf, &source->head, found, error);
    *found = source->next < pile->entries->len;
    if (*found)
        source->head = g_array_index(pile->entries, struct suppression, source->next++);
    return true;
}

static bool is_less(const struct source *a, const struct source *b)
{
    int order = compare(&a->head, &b->head);

    return order != 0 ? order < 0 : a->number < b->number;
}

static void sink(GPtrArray *heap, guint at)
{
    for (guint child = 2 * at + 1; child < heap->len; child = 2 * at + 1) {
        if (child + 1 < heap->len && is_less(heap->pdata[child + 1], heap->pdata[child]))
            child++;
        if (!is_less(heap->pdata[child], heap->pdata[at]))
            break;
        void *less = heap->pdata[child];
        heap->pdata[child] = heap->pdata[at];
        heap->pdata[at] = less;
        at = child;
    }
}

/* The first source goes on, or goes. */
static bool step_first(struct pile *pile, GError **error)
{
    bool found;

    if (!step(pile, pile->sources->pdata[0], &found, error))
        return false;
    if (!found)
        g_ptr_array_remove_index_fast(pile->sources, 0);
    sink(pile->sources, 0);
    return true;
}

static bool put_in_order(struct pile *pile, GError **error)
{
    pile->ordered = true;
    g_array_sort(pile->entries, compare);
    add_source(pile, NULL);
    for (guint i = pile->sources->len; i-- > 0;) {
        bool found;

        if (!step(pile, pile->sources->pdata[i], &found, error))
            return false;
        if (!found)
            g_ptr_array_remove_index(pile->sources, i);
    }
    for (guint i = pile->sources->len / 2; i-- > 0;)
        sink(pile->sources, i);
    return true;
}

bool pile_take(struct pile *pile, guint most, struct pile_entries *taken, GError **error)
{
    g_array_set_size(pile->taken, 0);
    g_array_set_size(pile->again, 0);
    g_string_chunk_clear(pile->taken_texts);
    if (!pile->ordered && !put_in_order(pile, error))
        return false;
    while (pile->taken->len < most && pile->sources->len > 0) {
        struct suppression entry = ((const struct source *)pile->sources->pdata[0])->head;
        bool again = compare_keys(&entry, pile->subject->str, pile->scope->str) == 0;

        g_string_assign(pile->subject, entry.subject);
        g_string_assign(pile->scope, entry.scope);
        keep(pile->taken_texts, &entry);
        g_array_append_val(pile->taken, entry);
        g_array_append_val(pile->again, again);
        if (!step_first(pile, error))
            return false;
    }
    taken->entries = (const struct suppression *)(const void *)pile->taken->data;
    taken->again = (const bool *)pile->again->data;
    taken->n = pile->taken->len;
    return true;
}
