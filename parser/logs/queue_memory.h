/* queue_memory.h: what lines of a log told of messages that are still in the queue of their server, for its later
 * lines: who sent it, its Message-ID, and who has not got it yet. It forgets what was named longest ago when it would
 * take more memory than it may. */
#pragma once

#include <glib.h>
#include <stdbool.h>

#include "parser/text/span.h"

/* Somebody whose mail waits: the last that was told of it. Plain data; the strings are owned, "" if there is none. */
struct queue_waiting {
    char *recipient;
    char *final_recipient;
    char *host;
    char *diagnostic;
};

/* One message. Strings are owned, NULL if they are not known; "" as the sender is the null sender. */
struct queue_message {
    bool report; /* its server made it */
    char *sender;
    char *message_id;
    GPtrArray *waiting; /* of struct queue_waiting *; NULL: nobody */
};

struct queue_memory;

struct queue_memory *queue_memory_new(size_t most_octets);
void queue_memory_free(struct queue_memory *memory);

/* A message by its key; NULL if nothing is known of it. It lives until the next call for another. */
const struct queue_message *queue_memory_find(struct queue_memory *memory, struct span key);

/* Each remembers, or replaces, a thing of the message. */
void queue_memory_set_sender(struct queue_memory *memory, struct span key, struct span sender);
void queue_memory_set_report(struct queue_memory *memory, struct span key);
void queue_memory_set_message_id(struct queue_memory *memory, struct span key, struct span message_id);
/* Of one recipient at a time; no more of them than a message should have. */
void queue_memory_wait(struct queue_memory *memory, struct span key, const struct queue_waiting *waiting);
/* The recipient, by both addresses, does not wait any more. */
void queue_memory_end_wait(struct queue_memory *memory, struct span key, struct span recipient, struct span final);
void queue_memory_drop(struct queue_memory *memory, struct span key);

/* About how much memory it takes. */
size_t queue_memory_octets(const struct queue_memory *memory);
