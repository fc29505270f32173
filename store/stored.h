/* stored.h: what is kept in a store and given back, as plain data: messages, suppressions, events, changes and
 * counters.
 */
#pragma once

#include <glib.h>
#include <stdbool.h>

#include "store/event.h"
#include "store/policy.h"

enum {
    STORE_DIGEST_SIZE = 32, /* bytes */
    STORE_DIGEST_MIN = 8,   /* hex digits that name a message at least, see store_digest() */
    STORE_TEXT_MAX = 1000,  /* octets of a text that a report gives: what is longer is cut */
};

/* One message as it is kept. `digest` (STORE_DIGEST_SIZE bytes) says that two deliveries are the same message. */
struct store_message {
    const guint8 *digest;
    size_t key_size; /* the first octets of the digest that no other message may have; 0: it may */
    gint64 received;
    const char *source;       /* "smtp", "lmtp", "api", or the path it was read from */
    const char *mail_from;    /* NULL when not known, "" for the null sender */
    const char *rcpt_to;      /* the envelope recipients, comma-separated; NULL when not known */
    size_t size;              /* of the message, octets */
    GBytes *raw;              /* the message, compressed by zstd; NULL: not kept */
    const char *rule_version; /* classifier_version() */
    const char *batch;        /* the run of `bouncectl ingest` that read it; NULL: none */
    size_t keep_unproven;     /* of events that prove nothing the first so many are kept, the others counted; 0: all */
};

/* For how many seconds what is kept; 0: for good. */
struct store_keeping {
    gint64 raws;     /* raw messages; not those that still go on to a person, or whose claim waits */
    gint64 events;   /* not those that an entry of the list is of */
    gint64 messages; /* their rows, when nothing else is kept of them */
    gint64 changes;  /* not the last one of an address on the list: what the log gives is the list */
    gint64 counters; /* older ones are added up over their domains, and stay */
};

/* The section [wave]: when a receiver is in a wave (wave.h). */
struct wave_settings {
    bool enabled;
    gint64 minimum; /* addresses that fail within an hour, at least */
    gint64 factor;  /* times the baseline, at least */
    gint64 hold;    /* seconds after its end that an entry waits for another failure */
};

/* The size of the database, and the room left on its file system, octets. */
struct store_room {
    gint64 used; /* without what is free within the file, which is used first */
    gint64 free;
};

enum store_result {
    STORE_RESULT_ADDED,
    STORE_RESULT_DUPLICATE, /* the same digest is in the store: nothing was counted */
    STORE_RESULT_CONFLICT,  /* another one of the same key is (store_message.key_size): likewise */
    STORE_RESULT_FAILED,    /* see the error; the transaction must be rolled back */
};

/* The way that an entry or a change came by. */
extern const char *const store_door_names[];
enum store_door {
    STORE_DOOR_CLI,
    STORE_DOOR_API,
    STORE_DOOR_PAGE,
    STORE_DOOR_POLICY,
    STORE_DOOR_FEED,
    STORE_DOOR_IMPORT,
    STORE_DOOR_SYNC,
};

/* One entry of the list. Its key is the subject and the scope. */
struct suppression {
    const char *subject; /* an address, "@example.org" or ".example.org" (entry_key.h) */
    const char *scope;   /* "all", "tenant=NAME" or "stream=NAME" (entry_key.h); NULL is all, too, in what is given */
    gint64 wave;         /* that holds it: it is not in force; 0: it is */
    enum reason reason;  /* REASON_NONE: the operator's own entry */
    enum verdict_kind verdict;
    const char *stream; /* of the event that caused it */
    const char *policy; /* the row that decided, as text: "1", "5 in 30d, for 90d"; NULL in an operator's entry */
    const char *rule;
    const char *diagnostic;
    const char *who; /* "policy", or the operator's name */
    enum store_door door;
    const char *note;
    const char *batch; /* of the bulk work that put it there; NULL: none */
    gint64 since;
    gint64 until; /* 0: for good */
};

/* An operator's order, and when it came; `note` may be NULL. */
struct store_order {
    const char *subject; /* as entry_subject_read() takes it */
    const char *who;
    const char *note;
    gint64 now;
    gint64 until;      /* 0: for good; of store_suppress() alone */
    const char *scope; /* NULL: all */
    enum store_door door;
    const char *batch; /* NULL: none */
    enum reason
        reason; /* of store_suppress() alone: why, where it is known; REASON_NONE: the operator's own entry, ... */
    enum verdict_kind verdict; /* ... and what it weighs */
};

/* An order about `n` subjects, which stand in the place of the order's. */
struct store_batch {
    struct store_order order;
    const char *const *subjects;
    guint n;
    bool replace;  /* of store_suppress_all(): an entry that lasts longer than `order.until` is made shorter */
    bool *changed; /* `n` of them: was the subject's entry changed? */
};

/* For whose mail an address is looked up: a stream's, a tenant's, or, by neither, anybody's. */
struct store_asker {
    const char *stream;
    const char *tenant; /* NULL with a stream: the one that the config gives it */
};

extern const char *const store_state_names[]; /* from STORE_STATE_ACTIVE on */
enum store_state {
    STORE_STATE_ANY,
    STORE_STATE_ACTIVE,
    STORE_STATE_HELD,
};

/* Which rows; a zero field is no condition. Times: since <= t < until; of events when they were received, of
 * suppressions when they began, of counters whole days, and only these have `recipient` for no condition. */
struct store_filter {
    const char *recipient; /* of the list and its changes, any subject */
    const char *domain;    /* the recipient's */
    const char *stream;
    const char *kind;
    const char *reason;
    gint64 since;
    gint64 until;
    const char *scope; /* the list and its changes: of this one alone; events: that count towards such an entry */
    const struct store_asker *asker; /* the list: what applies to the asker, see store_look_up() */
    enum store_state state; /* of the entry: of the list, as a change left or found it, or that an event made */
    gint64 after;           /* the log: changes with a greater sequence number */
    const char *batch;      /* of this batch: the run that read an event, made an entry, or made a change */
    const char *door;       /* the list and its changes: they came by it */
    const char *rule;       /* of the event, that of an entry or of a change, too; so are these: */
    const char *receiver;   /* who takes the recipient's mail */
    const char *diagnostic; /* a part of it, in any case of ASCII letters */
    const char *evidence;
    const char *after_subject; /* the list: entries after that of this subject and scope, in its order */
    const char *after_scope;
    gint64 limit; /* at most so many rows: of events the newest, of all others the first */
};

/* An event as it is kept. */
struct stored_event {
    struct event event;
    gint64 received;
    const char *digest;    /* of its message, 64 hex digits: its name wherever a message is named */
    const char *mail_from; /* of its envelope; "" is the null sender, which reports have; NULL when not known */
    const char *rcpt_to;   /* likewise, with commas between its recipients; "" or NULL when not known */
    const char *rule_version;
    enum policy_effect effect;
    const char *tenant; /* whose its stream is; NULL when not known */
    const char *scope;  /* of the entry that it makes or counts towards */
    const char *policy; /* the row that was applied, as text; NULL when none */
    unsigned failures;  /* that had been counted, this one included, when its row waits for several; else 0 */
    unsigned left_out;  /* how many more its message reported that are not kept (store_message.keep_unproven) */
    gint64 revised;     /* when it was last judged again (revision.h); 0: never */
    const char *revised_by;
    const char *revised_from; /* "user_unknown hard, rule ID, rules VERSION"; "believed", of one that was rolled back */
    const char *rolled_back;  /* the batch by which it was; NULL: it was not, or that was undone */
    const char *rollback_note;
};

/* Every entry that applies: those about the address, its domain and the domains above that, of scope all, and of the
 * asker's stream and tenant. */
struct store_answer {
    bool suppressed;                   /* one of them is in force */
    const struct suppression *entries; /* the decisive one first: in force before held, of the address before its
                                        * domain before one above, later end before earlier */
    guint n;
    const char *const *closed; /* scopes in which there are entries in force that do not apply to the asker */
    guint n_closed;
};

/* One change of the list, as feeds read it. */
struct change {
    gint64 sequence; /* grows, never used again */
    gint64 at;
    const char *change; /* "add", "update", "hold", "confirm", "remove", "expire", "forget" */
    const char *subject;
    const char *scope;
    enum reason reason; /* of the entry as the change left it, or as it was when it went; so are these: */
    enum verdict_kind verdict;
    const char *policy;
    gint64 since;
    gint64 until;
    gint64 wave;     /* 0: none */
    const char *who; /* made the change; so are these: */
    enum store_door door;
    const char *note;
    const char *batch;
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
