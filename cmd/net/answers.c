#include "cmd/net/answers.h"

struct answers {
    GHashTable *by_name; /* to its link in `order` */
    GQueue order;        /* of struct kept *, used last first */
    guint most;
};

struct kept {
    char *name;
    GPtrArray *texts;
    gint64 until;
};

struct answers *answers_new(guint most)
{
    struct answers *answers = g_new0(struct answers, 1);

    answers->by_name = g_hash_table_new(g_str_hash, g_str_equal);
    g_queue_init(&answers->order);
    answers->most = most;
    return answers;
}

static void drop(struct answers *answers, GList *link)
{
    struct kept *kept = link->data;

    g_hash_table_remove(answers->by_name, kept->name);
    g_queue_delete_link(&answers->order, link);
    g_ptr_array_unref(kept->texts);
    g_free(kept->name);
    g_free(kept);
}

void answers_free(struct answers *answers)
{
    if (answers == NULL)
        return;
    while (answers->order.head != NULL)
        drop(answers, answers->order.head);
    g_hash_table_unref(answers->by_name);
    g_free(answers);
}

GPtrArray *answers_get(struct answers *answers, const char *name, gint64 now)
{
    GList *link = g_hash_table_lookup(answers->by_name, name);
    const struct kept *kept;

    if (link == NULL)
        return NULL;
    kept = link->data;
    if (kept->until <= now) {
        drop(answers, link);
        return NULL;
    }
    g_queue_unlink(&answers->order, link);
    g_queue_push_head_link(&answers->order, link);
    return g_ptr_array_ref(kept->texts);
}

void answers_put(struct answers *answers, const char *name, GPtrArray *texts, gint64 until)
{
    GList *old = g_hash_table_lookup(answers->by_name, name);
    struct kept *kept;

    if (old != NULL)
        drop(answers, old);
    if (answers->most == 0)
        return;
    while (answers->order.length >= answers->most)
        drop(answers, answers->order.tail);
    kept = g_new(struct kept, 1);
    *kept = (struct kept){.name = g_strdup(name), .texts = g_ptr_array_ref(texts), .until = until};
    g_queue_push_head(&answers->order, kept);
    g_hash_table_insert(answers->by_name, kept->name, answers->order.head);
}
