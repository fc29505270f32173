/* store.h: what was reported, and who is suppressed because of it, in one SQLite database: messages, events,
 * suppressions, the append-only log of changes that feeds read, and counters a day. Nothing outside store/ knows SQL.
 *
 * Addresses compare without regard to the case of ASCII letters, the local part's too: senders' lists do not keep it.
 * What is given by hand is read as the parser reads addresses (parser/address.h): domain lower-case, A-labels. What is
 * kept and shown has the local part as it was first given.
 *
 * A store is used by one thread at a time. Time is always passed in, as seconds since 1970 UTC. Strings that a cursor
 * hands out live until its next step. Several processes may open one database; one of them may hold it as the daemon.
 */
#pragma once

#include <glib.h>
#include <stdbool.h>
#include <sys/types.h>

#include "store/event.h"
#include "store/policy.h"

struct store;

#define STORE_ERROR (store_error_quark())
GQuark store_error_quark(void);
enum store_error {
    STORE_ERROR_FAILED,
    STORE_ERROR_BUSY,      /* locked beyond the busy timeout: try again */
    STORE_ERROR_FULL,      /* no space: try again */
    STORE_ERROR_READ_ONLY, /* the file, or its file system */
    STORE_ERROR_LOST,      /* the file was removed or replaced since it was opened */
    STORE_ERROR_HELD,      /* another daemon holds this database */
    STORE_ERROR_CORRUPT,   /* damaged, no database, or that of another program */
    STORE_ERROR_DAMAGED,   /* one message is; the database is good */
    STORE_ERROR_VERSION,   /* made by a newer bounced; with STORE_READ also by an older one */
    STORE_ERROR_ADDRESS,   /* what was given as an address is none */
    STORE_ERROR_DIGEST,    /* what was given as a digest is none */
    STORE_ERROR_AMBIGUOUS, /* several digests begin so */
};

enum store_mode {
    STORE_READ,   /* must exist */
    STORE_WRITE,  /* is made when missing */
    STORE_DAEMON, /* as STORE_WRITE, and no other daemon may hold it (a lock on PATH.lock): STORE_ERROR_HELD */
};

struct store_settings {
    const char *path;
    enum store_mode mode;
    const GPtrArray *policies; /* of struct policy *; borrowed, may be NULL */
    unsigned busy_timeout;     /* milliseconds */
};

struct store *store_open(const struct store_settings *settings, GError **error);
void store_free(struct store *store);
/* Opens the database again, which must be there: for a failure that the same connection will not get over (anything but
 * STORE_ERROR_BUSY and STORE_ERROR_FULL). Another file in its place is taken when no write-ahead log is left of the one
 * before, which would damage it. While that fails the store has no file open, so that its file system can be repaired,
 * and store_begin() fails. */
bool store_reopen(struct store *store, GError **error);
/* The process that holds the database at `path` with STORE_DAEMON, 0 when none does. */
bool store_holder(const char *path, pid_t *holder, GError **error);
/* In place of those of the settings; borrowed. Not between store_begin() and its end. */
void store_set_policies(struct store *store, const GPtrArray *policies);

/* --- writing: one transaction for many messages ----------------------------------------------------------------- */

/* One message as it is kept. `digest` (32 bytes) says that two deliveries are the same message. */
struct store_message {
    const guint8 *digest;
    gint64 received;
    const char *source;       /* "smtp", "lmtp", or the path it was read from */
    const char *mail_from;    /* NULL when not known, "" for the null sender */
    const char *rcpt_to;      /* the envelope recipients, comma-separated; NULL when not known */
    gsize size;               /* of the message, octets */
    GBytes *raw;              /* the message, compressed by zstd; NULL: not kept */
    const char *rule_version; /* classifier_version() */
};

enum store_result {
    STORE_ADDED,
    STORE_DUPLICATE, /* the same digest is in the store: nothing was counted */
    STORE_FAILED,    /* see the error; the transaction must be rolled back */
};

/* STORE_ERROR_LOST when the file is not where it was any more: what were written would be gone. */
bool store_begin(struct store *store, GError **error);
/* `events` of struct event, `n` of them. Counts, and does what the policy says, at `message->received`.
 *
 * Failures of one reason count once a message, over all streams, by the row of the event's stream. A suppression is
 * never made shorter: a failure that would last longer prolongs the entry, and one that weighs more (soft, hard,
 * complaint or opt-out) becomes its reason. An entry that has expired is renewed. A delivery report clears what was
 * counted, but takes nobody off the list: who complained still has a mailbox. An operator's entry for good stays as it
 * is. */
enum store_result store_add(struct store *store, const struct store_message *message, const struct event *events,
                            size_t n, GError **error);
/* What was added is on disk when this returns true (synchronous=FULL); a false has rolled back. */
bool store_commit(struct store *store, GError **error);
void store_rollback(struct store *store);

/* --- suppressions ----------------------------------------------------------------------------------------------- */

/* One suppressed address. */
struct suppression {
    const char *recipient;
    enum reason reason; /* REASON_NONE: the operator's own entry */
    enum verdict_kind verdict;
    const char *stream; /* of the event that caused it; it holds for all streams */
    const char *policy; /* the row that decided, as text: "1", "5 in 30d, for 90d"; NULL in an operator's entry */
    const char *rule;
    const char *diagnostic;
    const char *who; /* "policy", or the operator's name */
    const char *note;
    gint64 since;
    gint64 until; /* 0: for good */
};

/* Each of these is its own transaction, and none may be open.
 *
 * Is `recipient` suppressed at `now`? `found` (may be NULL) is filled when it is; its strings live until the next call.
 */
bool store_check(struct store *store, const char *recipient, gint64 now, struct suppression *found, bool *suppressed,
                 GError **error);

/* What an operator orders, and when; `note` may be NULL. */
struct store_order {
    const char *recipient;
    const char *who;
    const char *note;
    gint64 now;
    gint64 until; /* 0: for good; of store_suppress() alone */
};

/* Puts an address on the list by hand, or changes the entry, whoever made it. */
bool store_suppress(struct store *store, const struct store_order *order, GError **error);
/* Takes it off. What came before counts no more. `*removed` is false when it was not on the list. */
bool store_unsuppress(struct store *store, const struct store_order *order, bool *removed, GError **error);

/* --- reading: a cursor is stepped until it gives false; `*error` tells the end from a failure -------------------- *
 *
 * A cursor sees what was committed when it was made, whatever is written while it is open, and is freed before its
 * store. The order: suppressions by address, events by the time they were received, changes by sequence, counters by
 * day. */

struct store_cursor;
void store_cursor_free(struct store_cursor *cursor);

/* Which rows; a zero field is no condition. Times: since <= t < until; of events when they were received, of
 * suppressions when they began, of counters whole days. `recipient` is no condition for counters; kind and stream none
 * for changes. */
struct store_filter {
    const char *recipient;
    const char *domain; /* the recipient's */
    const char *stream;
    const char *kind;
    const char *reason;
    gint64 since;
    gint64 until;
    gint64 after; /* the log: changes with a greater sequence number */
    gint64 limit; /* at most so many rows: of events the newest, of all others the first */
};

/* An event as it is kept. */
struct stored_event {
    struct event event;
    gint64 received;
    const char *digest;    /* of its message, 64 hex digits: its name wherever a message is named */
    const char *mail_from; /* of its envelope; "" is the null sender, which reports have; NULL when not known */
    const char *rule_version;
    enum policy_effect effect;
    const char *policy; /* the row that was applied, as text; NULL when none */
    unsigned failures;  /* that had been counted, this one included, when its row waits for several; else 0 */
    gint64 revised;     /* when it was last judged again (revision.h); 0: never */
    const char *revised_by;
    const char *revised_from; /* "user_unknown hard, rule ID, rules VERSION" */
};

/* One change of the list, as feeds read it. */
struct change {
    gint64 sequence; /* grows, never used again */
    gint64 at;
    const char *change; /* "add", "update", "remove", "expire" */
    const char *recipient;
    enum reason reason;
    enum verdict_kind verdict;
    gint64 until;
    const char *who;
    const char *note;
    const char *digest; /* of the message that caused it; NULL for an operator's change and for "expire" */
};

/* One counter: so many events on a day (YYYY-MM-DD, UTC). */
struct counter {
    const char *day;
    const char *stream;
    const char *sender_domain;    /* of the returned message's From; "" when unknown */
    const char *recipient_domain; /* "" when unknown */
    enum report_kind kind;
    enum verdict_kind verdict;
    enum reason reason;
    gint64 count;
};

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

/* The digest of the message whose digest begins with `prefix`, hex digits, at least STORE_DIGEST_MIN: all 64; the
 * caller frees. NULL without an error when there is none. */
#define STORE_DIGEST_MIN 8
char *store_digest(struct store *store, const char *prefix, GError **error);

/* The raw message of a whole digest, decompressed; NULL without an error when it is not kept any more. */
GBytes *store_message_raw(struct store *store, const char *digest, GError **error);

/* --- keeping ---------------------------------------------------------------------------------------------------- */

/* Takes expired suppressions off the list, and raw messages older than `retention` seconds (0: keeps them for good) out
 * of the database; at most `limit` of each in one transaction, so that a writer is not held up. `*more` when some are
 * left. */
bool store_maintain(struct store *store, gint64 retention, gint64 now, unsigned limit, bool *more, GError **error);

typedef struct store Store;
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Store, store_free)
typedef struct store_cursor StoreCursor;
G_DEFINE_AUTOPTR_CLEANUP_FUNC(StoreCursor, store_cursor_free)
