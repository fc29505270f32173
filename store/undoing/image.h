/* image.h: what a batch changes, kept as it was before: events and what is forgiven, in the transaction that is open.
 * The entries of the list are in its log. Internal to store/. */
#pragma once

#include "store/ledger/list.h"
#include "store/stored.h"

/* The number of the batch of a cause, which is made when there is none, by whom, when and why the cause says; without
 * one it is 0, and there are no images. */
bool image_batch(struct connection *connection, const struct list_cause *cause, gint64 *number, GError **error);

/* The first image of a batch stays. */
bool image_event(struct connection *connection, gint64 batch, gint64 event, GError **error);
bool image_forgiven(struct connection *connection, gint64 batch, const char *recipient, const char *scope,
                    GError **error);

/* The same of what mail that went through clears, in a scope, or, "", in every one. */
bool image_cleared(struct connection *connection, gint64 batch, const char *recipient, const char *scope,
                   GError **error);

/* list_forgive() of an entry's address; with an image if the cause has a batch. */
bool image_forgive(struct connection *connection, const struct list_cause *cause, const struct suppression *entry,
                   GError **error);

/* The first events of a batch that have images: at most `limit` ids are appended to `events`. */
bool image_events(struct connection *connection, gint64 batch, unsigned limit, GArray *events, GError **error);

/* An image of an event. */
struct image {
    bool found;  /* there is one, and: */
    bool stands; /* nothing else changed the event since */
    enum policy_effect effect;
};
bool image_read(struct connection *connection, gint64 batch, gint64 event, struct image *image, GError **error);

/* Makes the event as it was, or, where something else changed it since, believed at least; its image goes. `batch_name`
 * doubts it. */
bool image_restore_event(struct connection *connection, gint64 batch, const char *batch_name, gint64 event, bool stands,
                         GError **error);
/* The same is forgiven as before, but for mail that went through since. */
bool image_restore_forgiven(struct connection *connection, gint64 batch, const char *recipient, const char *scope,
                            GError **error);
/* The same for what mail that went through clears, of at most `limit` addresses and scopes; `*n` of them. */
bool image_restore_cleared(struct connection *connection, gint64 batch, unsigned limit, guint *n, GError **error);
