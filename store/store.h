/* store.h: the store: what was reported, and which addresses are suppressed for it, in one database: messages, events,
 * suppressions, the append-only log of changes that feeds read, and counters a day. Nothing outside store/ knows SQL.
 *
 * Addresses compare without regard to the case of ASCII letters, the local part's too: senders' lists do not keep it.
 * The store reads an address that is given by hand as the parser reads addresses (parser/address.h): domain lower-case,
 * A-labels. It keeps and shows the local part as it was first given.
 *
 * A store is used by one thread at a time. Time is always passed in, as seconds since 1970 UTC. Strings that a cursor
 * hands out live until its next step. Several processes may open one database; one of them may hold it as the daemon.
 */
#pragma once

#include <glib.h>
#include <stdbool.h>
#include <sys/types.h>

#include "store/error.h"
#include "store/lookup.h"
#include "store/position.h"
#include "store/stored.h"

struct store;

enum store_mode {
    STORE_MODE_READ,   /* must exist */
    STORE_MODE_ASK,    /* as STORE_MODE_READ, of one who is asked for long: it is tended (store_tend()) */
    STORE_MODE_WRITE,  /* is made when missing */
    STORE_MODE_DAEMON, /* as STORE_MODE_WRITE, and no other daemon may hold it (a lock on PATH.lock): STORE_ERROR_HELD
                        */
};

struct store_settings {
    const char *path;
    enum store_mode mode;
    const GPtrArray *policies; /* of struct policy *; borrowed, may be NULL */
    GHashTable *tenants;       /* of a stream the tenant, both const char *; borrowed, may be NULL */
    unsigned busy_timeout;     /* milliseconds */
};

struct store *store_open(const struct store_settings *settings, GError **error);
void store_free(struct store *store);
/* Opens the database again, which must be there: for a failure that the same connection will not get over (anything but
 * STORE_ERROR_BUSY and STORE_ERROR_FULL). Another file in its place is taken when no write-ahead log is left of the one
 * before, which would damage it. While that fails the store has no file open, so that its file system can be repaired,
 * and store_begin() fails. */
bool store_reopen(struct store *store, GError **error);
/* Was its file removed or replaced? A store that only reads would go on to read the one that nobody finds any more. */
bool store_moved(const struct store *store);
/* The process that holds the database at `path` with STORE_MODE_DAEMON, 0 when none does. */
bool store_holder(const char *path, pid_t *holder, GError **error);
/* In place of those of the settings; borrowed. Not between store_begin() and its end. */
void store_set_policies(struct store *store, const GPtrArray *policies, GHashTable *tenants);
/* The settings of waves; borrowed. NULL, as it is at first: none are looked for. */
void store_set_waves(struct store *store, const struct wave_settings *waves);

/* --- writing: one transaction for many messages ----------------------------------------------------------------- */

/* STORE_ERROR_LOST if the file is not where it was: a transaction would write to a file that nobody finds. */
bool store_begin(struct store *store, GError **error);
/* `events` of struct event, `n` of them. It counts them, and does what the policy says, at `message->received`.
 *
 * Failures of one reason count once a message, over all streams, by the row of the event's stream. A suppression is
 * never made shorter: a failure that would last longer prolongs the entry, and one that weighs more (soft, hard,
 * complaint or opt-out) becomes its reason. An entry that has expired is renewed. A delivery report clears what was
 * counted, but takes nobody off the list: a person who complained still has a mailbox. An operator's entry for good
 * stays as it is. */
enum store_result store_add(struct store *store, const struct store_message *message, const struct event *events,
                            size_t n, GError **error);
/* All that was added is on disk when this returns true (synchronous=FULL); a false has rolled back. */
bool store_commit(struct store *store, GError **error);
void store_rollback(struct store *store);
/* Rolls back and gives false, for a step that failed: `(step() || store_undo(store)) && store_commit(store, error)`. */
bool store_undo(struct store *store);

/* --- suppressions ----------------------------------------------------------------------------------------------- */

/* Each of these is its own transaction, and none may be open. See lookup.h for questions. */

/* Puts an address on the list by hand, or changes the entry that is there, the policy's too. */
bool store_suppress(struct store *store, const struct store_order *order, GError **error);
/* Takes it off. Earlier reports count no more. `*removed` is false when it was not on the list. */
bool store_unsuppress(struct store *store, const struct store_order *order, bool *removed, GError **error);
/* The same for many addresses in one transaction: of some thousand it is a hundred times as fast as one by one. The
 * first leaves an entry as it is that lasts longer, unless the batch says to replace it; the second, and that is no
 * failure, what is not on the list. */
bool store_suppress_all(struct store *store, const struct store_batch *batch, GError **error);
bool store_unsuppress_all(struct store *store, const struct store_batch *batch, GError **error);

/* After a commit, for those who make many: is the write-ahead log short enough to go on? If not, somebody reads by an
 * old snapshot, and it would grow for as long as that takes. Not within a transaction. */
bool store_settled(struct store *store, bool *settled, GError **error);

/* --- reading: a cursor is stepped until it gives false; `*error` tells the end from a failure -------------------- *
 *
 * A cursor sees what was committed when it was made, whatever is written while it is open, and is freed before its
 * store. The order: suppressions by address, events by the time they were received, changes by sequence, counters by
 * day. */

struct store_cursor;
void store_cursor_free(struct store_cursor *cursor);

struct store_cursor *store_suppressions(struct store *store, const struct store_filter *filter, gint64 now,
                                        GError **error);
struct store_cursor *store_events(struct store *store, const struct store_filter *filter, GError **error);
struct store_cursor *store_changes(struct store *store, const struct store_filter *filter, GError **error);
struct store_cursor *store_counters(struct store *store, const struct store_filter *filter, GError **error);

/* Each takes the next row of a cursor of its kind. */
bool store_next_suppression(struct store_cursor *cursor, struct suppression *row, GError **error);
bool store_next_event(struct store_cursor *cursor, struct stored_event *row, GError **error);
bool store_next_change(struct store_cursor *cursor, struct change *row, GError **error);
bool store_next_counter(struct store_cursor *cursor, struct counter *row, GError **error);

/* Does a counter name the stream? */
bool store_knows_stream(struct store *store, const char *stream, bool *known, GError **error);

/* How many events there are of an address. */
bool store_count_events(struct store *store, const char *recipient, gint64 *n, GError **error);

/* The suppressions again, in pages, each as it is when it is read: for those who may take long over a page, as a person
 * with a pager does. A cursor would keep the write-ahead log from being used again for as long. */
struct store_pages;
struct store_pages *store_pages(struct store *store, const struct store_filter *filter, gint64 now);
void store_pages_free(struct store_pages *pages);
/* All of its pages are as the list is now, and who reads on behind `position` gets what comes later. For one who does
 * not take long. */
bool store_hold_pages(struct store_pages *pages, struct store_position *position, GError **error);
/* The next `size` rows at most, `*n` of them, which live until the next call; none at the end. NULL: an error. */
const struct suppression *store_next_page(struct store_pages *pages, guint size, guint *n, GError **error);

/* The digest of the message whose digest begins with `prefix`, hex digits, at least STORE_DIGEST_MIN: all 64; the
 * caller frees. NULL without an error if there is none. */
char *store_digest(struct store *store, const char *prefix, GError **error);

/* The raw message of a whole digest, decompressed; NULL without an error when it is not kept any more. */
GBytes *store_message_raw(struct store *store, const char *digest, GError **error);

/* How much room there is. */
bool store_room(struct store *store, struct store_room *room, GError **error);

/* --- keeping ---------------------------------------------------------------------------------------------------- */

/* Takes rows from a time to come as of now, since the clock was wrong (an entry lasts as long as it was to). Takes
 * expired suppressions off the list, and what is old out of the database, and gives space that is free back to
 * the file system; at most `limit` rows of each kind at once, so that a writer is not held up. `*more` when it is to be
 * called again for the rest. */
bool store_maintain(struct store *store, const struct store_keeping *keeping, gint64 now, unsigned limit, bool *more,
                    GError **error);

typedef struct store Store;
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Store, store_free)
typedef struct store_pages StorePages;
G_DEFINE_AUTOPTR_CLEANUP_FUNC(StorePages, store_pages_free)
typedef struct store_cursor StoreCursor;
G_DEFINE_AUTOPTR_CLEANUP_FUNC(StoreCursor, store_cursor_free)
