#include "cmd/batches/retraction.h"

struct retraction {
    struct retraction_settings settings;
    struct revision *revision;
    GPtrArray *sorts; /* of struct retraction_sort * */
    GHashTable *addresses;
    guint events, spared;
    guint effects[REVISION_CHANGES + 1];
};

static void free_sort(void *data)
{
    struct retraction_sort *sort = data;

    g_free(sort->rule);
    g_free(sort);
}

struct retraction *retraction_new(struct store *store, const struct retraction_settings *settings, GError **error)
{
    struct revision *revision = revision_new(store, &settings->filter, error);

    if (revision == NULL)
        return NULL;
    struct retraction *retraction = g_new0(struct retraction, 1);
    retraction->settings = *settings;
    retraction->revision = revision;
    retraction->sorts = g_ptr_array_new_with_free_func(free_sort);
    retraction->addresses = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
    return retraction;
}

void retraction_free(struct retraction *retraction)
{
    if (retraction == NULL)
        return;
    revision_free(retraction->revision);
    g_ptr_array_unref(retraction->sorts);
    g_hash_table_unref(retraction->addresses);
    g_free(retraction);
}

/* --- selecting ---------------------------------------------------------------------------------------------------- */

static bool is_wish(const struct event *event)
{
    return event->verdict == VERDICT_COMPLAINT || event->verdict == VERDICT_UNSUBSCRIBE;
}

/* Does the filter say that it is not about failures? */
static bool names_others(const struct store_filter *filter)
{
    enum reason reason = filter->reason != NULL ? reason_from_name(filter->reason) : REASON_NONE;

    return filter->kind != NULL || reason == REASON_FEEDBACK || reason == REASON_UNSUBSCRIBE ||
           reason == REASON_DELIVERED;
}

static bool takes(struct retraction *retraction, const struct event *event)
{
    const struct retraction_settings *settings = &retraction->settings;

    if (!event->may_suppress)
        return false;
    if (settings->whole || names_others(&settings->filter))
        return true;
    if (!is_wish(event))
        return event->kind == REPORT_KIND_BOUNCE;
    retraction->spared += !settings->include_complaints;
    return settings->include_complaints;
}

static struct retraction_sort *find_sort(const struct retraction *retraction, const struct event *event)
{
    for (guint i = 0; i < retraction->sorts->len; i++) {
        struct retraction_sort *sort = retraction->sorts->pdata[i];

        if (sort->reason == event->reason && g_strcmp0(sort->rule, event->rule) == 0)
            return sort;
    }
    return NULL;
}

static void count(struct retraction *retraction, const struct event *event)
{
    struct retraction_sort *sort = find_sort(retraction, event);

    if (sort == NULL) {
        sort = g_new0(struct retraction_sort, 1);
        sort->reason = event->reason;
        sort->rule = g_strdup(event->rule);
        g_ptr_array_add(retraction->sorts, sort);
    }
    sort->events++;
    retraction->events++;
    if (event->recipient != NULL)
        g_hash_table_add(retraction->addresses, g_ascii_strdown(event->recipient, -1));
}

bool retraction_select(struct retraction *retraction, guint limit, bool *left, GError **error)
{
    struct stored_event row;
    GError *bad = NULL;

    *left = true;
    for (guint i = 0; i < limit && *left; i++) {
        *left = revision_next(retraction->revision, &row, &bad);
        if (!*left || !takes(retraction, &row.event))
            continue;
        revision_doubt(retraction->revision);
        count(retraction, &row.event);
    }
    if (bad != NULL)
        g_propagate_error(error, bad);
    return bad == NULL;
}

guint retraction_left(const struct retraction *retraction)
{
    return revision_left(retraction->revision);
}

/* --- going through them ------------------------------------------------------------------------------------------- */

bool retraction_take(struct retraction *retraction, const struct revision_order *order, gint64 now, GError **error)
{
    struct revision *revision = retraction->revision;
    guint before, n;

    revision_listings(revision, &before);
    if (!(order != NULL ? revision_apply(revision, order, RETRACTION_AT_ONCE, error)
                        : revision_preview(revision, now, RETRACTION_AT_ONCE, error)))
        return false;
    const struct revision_listing *listings = revision_listings(revision, &n);
    for (guint i = before; i < n; i++)
        retraction->effects[listings[i].effect]++;
    return true;
}

void retraction_read_sums(const struct retraction *retraction, struct retraction_sums *sums)
{
    guint listed = 0;

    *sums = (struct retraction_sums){.events = retraction->events,
                                     .addresses = g_hash_table_size(retraction->addresses),
                                     .spared = retraction->spared};
    for (enum revision_effect effect = 0; effect <= REVISION_CHANGES; effect++) {
        sums->effects[effect] = retraction->effects[effect];
        listed += retraction->effects[effect];
    }
    sums->stays = sums->addresses > listed ? sums->addresses - listed : 0;
}

static int compare_sorts(gconstpointer a, gconstpointer b)
{
    const struct retraction_sort *one = *(const struct retraction_sort *const *)a;
    const struct retraction_sort *other = *(const struct retraction_sort *const *)b;

    return (one->events < other->events) - (one->events > other->events);
}

const GPtrArray *retraction_sorts(struct retraction *retraction)
{
    g_ptr_array_sort(retraction->sorts, compare_sorts);
    return retraction->sorts;
}

struct revision *retraction_revision(struct retraction *retraction)
{
    return retraction->revision;
}
