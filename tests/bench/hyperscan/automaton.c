/* automaton.c: the same as classifier/automaton.c by Hyperscan, to measure ours beside it.
 *
 * It is linked instead of ours, for one thread: the scratch is the automaton's. */
#include "classifier/language/automaton.h"

#include <hs.h>
#include <string.h>

struct automaton {
    GHashTable *numbers; /* literal -> its index in `ids` */
    GPtrArray *literals; /* of char * */
    GPtrArray *ids;      /* of GArray of guint: of each literal */
    hs_database_t *database;
    hs_scratch_t *scratch;
};

struct automaton *automaton_new(void)
{
    struct automaton *automaton = g_new0(struct automaton, 1);

    automaton->numbers = g_hash_table_new(g_str_hash, g_str_equal);
    automaton->literals = g_ptr_array_new_with_free_func(g_free);
    automaton->ids = g_ptr_array_new_with_free_func((GDestroyNotify)g_array_unref);
    return automaton;
}

void automaton_free(struct automaton *automaton)
{
    if (!automaton)
        return;
    hs_free_scratch(automaton->scratch);
    hs_free_database(automaton->database);
    g_hash_table_unref(automaton->numbers);
    g_ptr_array_unref(automaton->literals);
    g_ptr_array_unref(automaton->ids);
    g_free(automaton);
}

void automaton_add(struct automaton *automaton, const char *literal, unsigned id)
{
    gpointer number = NULL;

    if (!g_hash_table_lookup_extended(automaton->numbers, literal, NULL, &number)) {
        number = GUINT_TO_POINTER(automaton->literals->len);
        g_ptr_array_add(automaton->literals, g_strdup(literal));
        g_ptr_array_add(automaton->ids, g_array_new(FALSE, FALSE, sizeof(guint)));
        g_hash_table_insert(automaton->numbers, g_ptr_array_index(automaton->literals, GPOINTER_TO_UINT(number)),
                            number);
    }
    g_array_append_val(automaton->ids->pdata[GPOINTER_TO_UINT(number)], id);
}

static hs_compile_error_t *compile(struct automaton *automaton)
{
    guint n = automaton->literals->len;
    unsigned *flags = g_new(unsigned, n);
    unsigned *numbers = g_new(unsigned, n);
    size_t *lengths = g_new(size_t, n);
    hs_compile_error_t *error = NULL;

    for (guint i = 0; i < n; i++) {
        flags[i] = HS_FLAG_SINGLEMATCH;
        numbers[i] = i;
        lengths[i] = strlen(automaton->literals->pdata[i]);
    }
    hs_error_t rc = hs_compile_lit_multi((const char *const *)automaton->literals->pdata, flags, numbers, lengths, n,
                                         HS_MODE_BLOCK, NULL, &automaton->database, &error);
    g_free(flags);
    g_free(numbers);
    g_free(lengths);
    return rc == HS_SUCCESS ? NULL : error;
}

void automaton_finish(struct automaton *automaton)
{
    const hs_compile_error_t *error = compile(automaton);

    if (error)
        g_error("%s", error->message);
    if (hs_alloc_scratch(automaton->database, &automaton->scratch) != HS_SUCCESS)
        g_error("no scratch");
}

struct found {
    const struct automaton *automaton;
    guint64 *bits;
};

static int mark(unsigned number, G_GNUC_UNUSED unsigned long long from, G_GNUC_UNUSED unsigned long long to,
                G_GNUC_UNUSED unsigned flags, void *context)
{
    struct found *found = context;
    const GArray *ids = found->automaton->ids->pdata[number];

    for (guint i = 0; i < ids->len; i++) {
        guint id = g_array_index(ids, guint, i);
        found->bits[id / 64] |= G_GUINT64_CONSTANT(1) << (id % 64);
    }
    return 0;
}

void automaton_scan(const struct automaton *automaton, const char *text, size_t length, guint64 *found)
{
    struct found context = {automaton, found};

    if (hs_scan(automaton->database, text, (unsigned)length, 0, automaton->scratch, mark, &context) != HS_SUCCESS)
        g_error("a scan failed");
}
