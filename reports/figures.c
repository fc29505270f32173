#include "reports/figures.h"

#include <string.h>

const char *const figures_key_names[] = {
    [FIGURES_KEY_SENDER] = "sender_domain",
    [FIGURES_KEY_RECIPIENT] = "recipient_domain",
    [FIGURES_KEY_REASON] = "reason",
    [FIGURES_KEYS] = NULL,
};

const char *const figures_count_names[] = {
    [FIGURES_COUNT_BOUNCES] = "bounces",
    [FIGURES_COUNT_COMPLAINTS] = "complaints",
    [FIGURES_COUNT_DELAYS] = "delays",
    [FIGURES_COUNT_HARD] = "hard",
    [FIGURES_COUNT_SOFT] = "soft",
    [FIGURES_COUNT_OPT_OUTS] = "opt_outs",
    [FIGURES_COUNT_DELIVERED] = "delivered",
    [FIGURES_COUNT_AUTO_REPLIES] = "auto_replies",
    [FIGURES_COUNT_OTHER] = "other",
    [FIGURES_COUNT_NO_COMPLAINTS] = "other_feedback",
    [FIGURES_COUNTS] = NULL,
};

static const enum figures_count by_kind[] = {
    [REPORT_KIND_OTHER] = FIGURES_COUNT_OTHER,          [REPORT_KIND_BOUNCE] = FIGURES_COUNT_BOUNCES,
    [REPORT_KIND_DELAY] = FIGURES_COUNT_DELAYS,         [REPORT_KIND_DELIVERED] = FIGURES_COUNT_DELIVERED,
    [REPORT_KIND_FEEDBACK] = FIGURES_COUNT_COMPLAINTS,  [REPORT_KIND_AUTO_REPLY] = FIGURES_COUNT_AUTO_REPLIES,
    [REPORT_KIND_UNSUBSCRIBE] = FIGURES_COUNT_OPT_OUTS,
};

static enum figures_count count_of(const struct counter *counter)
{
    if (counter->kind == REPORT_KIND_FEEDBACK && counter->verdict != VERDICT_COMPLAINT)
        return FIGURES_COUNT_NO_COMPLAINTS;
    return by_kind[counter->kind];
}

static int compare_keys(gconstpointer first, gconstpointer second)
{
    const struct figure *a = first;
    const struct figure *b = second;
    int order = 0;

    for (unsigned key = 0; key < FIGURES_KEYS && order == 0; key++)
        order = g_strcmp0(a->keys[key], b->keys[key]);
    return order;
}

static int compare_counts(gconstpointer first, gconstpointer second)
{
    const struct figure *a = first;
    const struct figure *b = second;
    gint64 difference = 0;

    for (unsigned count = 0; count < FIGURES_COUNT_BY_KEY; count++)
        difference += b->counts[count] - a->counts[count];
    if (difference != 0)
        return difference > 0 ? 1 : -1;
    return compare_keys(first, second);
}

/* Rows of the same keys that follow each other become one. */
static void merge(GArray *rows)
{
    struct figure *all = (struct figure *)(void *)rows->data;
    guint kept = 0;

    for (guint i = 1; i < rows->len; i++) {
        if (compare_keys(&all[kept], &all[i]) != 0) {
            all[++kept] = all[i];
            continue;
        }
        for (unsigned count = 0; count < FIGURES_COUNT_BY_KEY; count++)
            all[kept].counts[count] += all[i].counts[count];
    }
    if (rows->len > 0)
        g_array_set_size(rows, kept + 1);
}

static void add(struct figures *figures, const struct counter *counter)
{
    enum figures_count count = count_of(counter);

    figures->totals[count] += counter->count;
    if (count == FIGURES_COUNT_BOUNCES && counter->verdict == VERDICT_HARD)
        figures->totals[FIGURES_COUNT_HARD] += counter->count;
    if (count == FIGURES_COUNT_BOUNCES && counter->verdict == VERDICT_SOFT)
        figures->totals[FIGURES_COUNT_SOFT] += counter->count;
    if (count >= FIGURES_COUNT_BY_KEY)
        return;

    struct figure row = {
        .keys = {g_string_chunk_insert_const(figures->strings, counter->sender_domain),
                 g_string_chunk_insert_const(figures->strings, counter->recipient_domain),
                 reason_names[counter->reason]},
    };
    row.counts[count] = counter->count;
    g_array_append_val(figures->rows, row);
}

static bool read_counters(struct figures *figures, struct store *store, const struct store_filter *filter,
                          GError **error)
{
    g_autoptr(StoreCursor) cursor = store_counters(store, filter, error);
    g_autoptr(GError) failure = NULL;
    struct counter counter;

    if (cursor == NULL)
        return false;
    while (store_next_counter(cursor, &counter, &failure))
        add(figures, &counter);
    if (failure == NULL)
        return true;
    g_propagate_error(error, g_steal_pointer(&failure));
    return false;
}

struct figures *figures_read(struct store *store, gint64 since, gint64 until, GError **error)
{
    const struct store_filter filter = {.since = since, .until = until};
    struct figures *figures = g_new0(struct figures, 1);

    figures->rows = g_array_new(FALSE, FALSE, sizeof(struct figure));
    figures->strings = g_string_chunk_new(4096);
    if (!read_counters(figures, store, &filter, error)) {
        figures_free(figures);
        return NULL;
    }
    g_array_sort(figures->rows, compare_keys);
    merge(figures->rows);
    return figures;
}

void figures_free(struct figures *figures)
{
    if (figures == NULL)
        return;
    g_array_unref(figures->rows);
    g_string_chunk_free(figures->strings);
    g_free(figures);
}

GArray *figures_by(const struct figures *figures, unsigned keys)
{
    GArray *rows = g_array_copy(figures->rows);

    for (guint i = 0; i < rows->len; i++) {
        struct figure *row = &g_array_index(rows, struct figure, i);
        for (unsigned key = 0; key < FIGURES_KEYS; key++) {
            if ((keys & 1U << key) == 0)
                row->keys[key] = NULL;
        }
    }
    g_array_sort(rows, compare_keys);
    merge(rows);
    g_array_sort(rows, compare_counts);
    return rows;
}
