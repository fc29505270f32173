#include "parser/logs/queue_memory.h"

#include <string.h>

enum {
    COST = 200,        /* octets of a message, beside its texts, in the table and in the list */
    MOST_WAITING = 500 /* a recipient is looked for among them, one by one */
};

struct queue_memory {
    GHashTable *messages; /* of struct entry *, by their keys */
    GQueue order;         /* of struct entry *, the last that was named first */
    size_t octets, most;
};

struct entry {
    struct queue_message message; /* first: what others see of it */
    GBytes *key;
    GList link;
    size_t octets;
};

static void free_waiting(void *data)
{
    struct queue_waiting *waiting = data;

    g_free(waiting->recipient);
    g_free(waiting->final_recipient);
    g_free(waiting->host);
    g_free(waiting->diagnostic);
    g_free(waiting);
}

static void free_entry(void *data)
{
    struct entry *entry = data;

    g_free(entry->message.sender);
    g_free(entry->message.message_id);
    if (entry->message.waiting != NULL)
        g_ptr_array_unref(entry->message.waiting);
    g_bytes_unref(entry->key);
    g_free(entry);
}

struct queue_memory *queue_memory_new(size_t most_octets)
{
    struct queue_memory *memory = g_new0(struct queue_memory, 1);

    memory->messages = g_hash_table_new_full(g_bytes_hash, g_bytes_equal, NULL, free_entry);
    memory->most = most_octets;
    return memory;
}

void queue_memory_free(struct queue_memory *memory)
{
    if (memory == NULL)
        return;
    g_hash_table_unref(memory->messages);
    g_free(memory);
}

size_t queue_memory_octets(const struct queue_memory *memory)
{
    return memory->octets;
}

/* --- entries ------------------------------------------------------------------------------------------------------ */

static struct entry *look_up(const struct queue_memory *memory, struct span key)
{
    g_autoptr(GBytes) bytes = g_bytes_new_static(key.at, key.length);

    return g_hash_table_lookup(memory->messages, bytes);
}

static void drop(struct queue_memory *memory, struct entry *entry)
{
    memory->octets -= entry->octets;
    g_queue_unlink(&memory->order, &entry->link);
    g_hash_table_remove(memory->messages, entry->key);
}

/* The one that was named last stays, whatever it takes. */
static void shrink(struct queue_memory *memory)
{
    while (memory->octets > memory->most && memory->order.length > 1)
        drop(memory, memory->order.tail->data);
}

static void charge(struct queue_memory *memory, struct entry *entry, size_t octets)
{
    entry->octets += octets;
    memory->octets += octets;
}

static void refund(struct queue_memory *memory, struct entry *entry, size_t octets)
{
    entry->octets -= octets;
    memory->octets -= octets;
}

static struct entry *touch(struct queue_memory *memory, struct span key)
{
    struct entry *entry = look_up(memory, key);

    if (entry != NULL) {
        g_queue_unlink(&memory->order, &entry->link);
    } else {
        entry = g_new0(struct entry, 1);
        entry->key = g_bytes_new(key.at, key.length);
        entry->link.data = entry;
        charge(memory, entry, COST + key.length);
        g_hash_table_insert(memory->messages, entry->key, entry);
    }
    g_queue_push_head_link(&memory->order, &entry->link);
    return entry;
}

static size_t length_of(const char *text)
{
    return text != NULL ? strlen(text) + 1 : 0;
}

static void set(struct queue_memory *memory, struct entry *entry, char **text, struct span value)
{
    refund(memory, entry, length_of(*text));
    g_free(*text);
    *text = g_strndup(value.length > 0 ? value.at : "", value.length);
    charge(memory, entry, length_of(*text));
    shrink(memory);
}

/* --- the door ----------------------------------------------------------------------------------------------------- */

const struct queue_message *queue_memory_find(struct queue_memory *memory, struct span key)
{
    struct entry *entry = look_up(memory, key);

    return entry != NULL ? &entry->message : NULL;
}

void queue_memory_set_sender(struct queue_memory *memory, struct span key, struct span sender)
{
    struct entry *entry = touch(memory, key);

    set(memory, entry, &entry->message.sender, sender);
}

void queue_memory_set_report(struct queue_memory *memory, struct span key)
{
    touch(memory, key)->message.report = true;
    shrink(memory);
}

void queue_memory_set_message_id(struct queue_memory *memory, struct span key, struct span message_id)
{
    struct entry *entry = touch(memory, key);

    set(memory, entry, &entry->message.message_id, message_id);
}

static size_t waiting_octets(const struct queue_waiting *waiting)
{
    return sizeof *waiting + length_of(waiting->recipient) + length_of(waiting->final_recipient) +
           length_of(waiting->host) + length_of(waiting->diagnostic);
}

static void end_wait(struct queue_memory *memory, struct entry *entry, struct span recipient, struct span final)
{
    GPtrArray *all = entry->message.waiting;

    for (guint i = 0; all != NULL && i < all->len; i++) {
        const struct queue_waiting *one = all->pdata[i];

        if (span_is(recipient, one->recipient) && span_is(final, one->final_recipient)) {
            refund(memory, entry, waiting_octets(one));
            g_ptr_array_remove_index(all, i);
            return;
        }
    }
}

void queue_memory_wait(struct queue_memory *memory, struct span key, const struct queue_waiting *waiting)
{
    struct entry *entry = touch(memory, key);
    struct queue_waiting *copy;

    if (entry->message.waiting == NULL)
        entry->message.waiting = g_ptr_array_new_with_free_func(free_waiting);
    end_wait(memory, entry, span_of(waiting->recipient), span_of(waiting->final_recipient));
    if (entry->message.waiting->len >= MOST_WAITING)
        return;
    copy = g_new0(struct queue_waiting, 1);
    copy->recipient = g_strdup(waiting->recipient);
    copy->final_recipient = g_strdup(waiting->final_recipient);
    copy->host = g_strdup(waiting->host);
    copy->diagnostic = g_strdup(waiting->diagnostic);
    g_ptr_array_add(entry->message.waiting, copy);
    charge(memory, entry, waiting_octets(copy));
    shrink(memory);
}

void queue_memory_end_wait(struct queue_memory *memory, struct span key, struct span recipient, struct span final)
{
    struct entry *entry = look_up(memory, key);

    if (entry != NULL)
        end_wait(memory, entry, recipient, final);
}

void queue_memory_drop(struct queue_memory *memory, struct span key)
{
    struct entry *entry = look_up(memory, key);

    if (entry != NULL)
        drop(memory, entry);
}
