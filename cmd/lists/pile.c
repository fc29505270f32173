#include "cmd/lists/pile.h"

#include <string.h>

enum {
    CHUNK = 65536,
    ENTRIES_MAX = 250000,
    TEXTS_MAX = 64 * 1024 * 1024,
    SEEN_START = 1 << 16,
    PROBES_MAX = 64, /* whatever keys a file has, each takes so long at most */
};

struct pile {
    GArray *entries; /* of struct suppression */
    GStringChunk *texts;
    size_t octets; /* of texts */
    /* Hashes of the keys that were seen, at the first free place from where they belong; 0: free. */
    guint64 *seen;
    size_t room; /* a power of two */
    size_t n_seen;
};

struct pile *pile_new(void)
{
    struct pile *pile = g_new0(struct pile, 1);

    pile->entries = g_array_new(FALSE, FALSE, sizeof(struct suppression));
    pile->texts = g_string_chunk_new(CHUNK);
    pile->room = SEEN_START;
    pile->seen = g_new0(guint64, pile->room);
    return pile;
}

void pile_free(struct pile *pile)
{
    if (pile == NULL)
        return;
    g_array_unref(pile->entries);
    g_string_chunk_free(pile->texts);
    g_free(pile->seen);
    g_free(pile);
}

static const char *keep(struct pile *pile, const char *text)
{
    if (text == NULL)
        return NULL;
    pile->octets += strlen(text) + 1;
    return g_string_chunk_insert(pile->texts, text);
}

/* Of texts that many entries have. */
static const char *keep_once(struct pile *pile, const char *text)
{
    return text == NULL ? NULL : g_string_chunk_insert_const(pile->texts, text);
}

bool pile_add(struct pile *pile, const struct suppression *entry)
{
    if (pile->entries->len == ENTRIES_MAX || pile->octets > TEXTS_MAX)
        return false;
    struct suppression kept = *entry;
    kept.subject = keep(pile, entry->subject);
    kept.diagnostic = keep(pile, entry->diagnostic);
    kept.scope = keep_once(pile, entry->scope);
    kept.stream = keep_once(pile, entry->stream);
    kept.policy = keep_once(pile, entry->policy);
    kept.rule = keep_once(pile, entry->rule);
    kept.who = keep_once(pile, entry->who);
    kept.note = keep_once(pile, entry->note);
    kept.batch = keep_once(pile, entry->batch);
    g_array_append_val(pile->entries, kept);
    return true;
}

/* A merge sort, as g_array_sort() is: equal ones stay in their order. */
static gint compare(gconstpointer a, gconstpointer b)
{
    const struct suppression *one = a, *other = b;
    int order = g_ascii_strcasecmp(one->subject, other->subject);

    return order != 0 ? order : g_strcmp0(one->scope, other->scope);
}

const struct suppression *pile_sort(struct pile *pile, guint *n)
{
    g_array_sort(pile->entries, compare);
    *n = pile->entries->len;
    return (const struct suppression *)(const void *)pile->entries->data;
}

void pile_empty(struct pile *pile)
{
    g_array_set_size(pile->entries, 0);
    g_string_chunk_clear(pile->texts);
    pile->octets = 0;
}

/* FNV-1a, with the bits mixed at the end. */
static guint64 hash(guint64 value, const char *text)
{
    for (; *text != '\0'; text++)
        value = (value ^ (guchar)g_ascii_tolower(*text)) * G_GUINT64_CONSTANT(0x100000001b3);
    return value;
}

static guint64 hash_of(const struct suppression *entry)
{
    guint64 value = hash(G_GUINT64_CONSTANT(0xcbf29ce484222325), entry->subject);

    value = hash(value ^ ' ', entry->scope != NULL ? entry->scope : "");
    value = (value ^ value >> 32) * G_GUINT64_CONSTANT(0x9fb21c651e98df25);
    value ^= value >> 28;
    return value != 0 ? value : 1;
}

/* True if it was there. One that finds no place is not kept. */
static bool insert(struct pile *pile, guint64 value)
{
    for (size_t i = 0; i < PROBES_MAX; i++) {
        guint64 *place = &pile->seen[(value + i) & (pile->room - 1)];

        if (*place == value)
            return true;
        if (*place == 0) {
            *place = value;
            pile->n_seen++;
            break;
        }
    }
    return false;
}

static void grow(struct pile *pile)
{
    guint64 *before = pile->seen;
    size_t room = pile->room;

    pile->room *= 2;
    pile->n_seen = 0;
    pile->seen = g_new0(guint64, pile->room);
    for (size_t i = 0; i < room; i++) {
        if (before[i] != 0)
            insert(pile, before[i]);
    }
    g_free(before);
}

bool pile_seen(struct pile *pile, const struct suppression *entry)
{
    if (pile->n_seen * 4 > pile->room * 3)
        grow(pile);
    return insert(pile, hash_of(entry));
}
