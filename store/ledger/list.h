/* list.h: changes of the suppression list, each with its line in the change log. They belong to the transaction that is
 * open. Internal to store/. */
#pragma once

#include "store/sqlite/connection.h"
#include "store/stored.h"

/* The name under which the policy puts entries on the list; operators have their own. */
#define LIST_POLICY "policy"

/* An entry before a change. */
struct list_before {
    bool listed; /* there is a row, expired or not */
    bool by_policy;
    enum reason reason;
    enum verdict_kind verdict;
    gint64 since;
    gint64 until; /* 0: for good */
    gint64 wave;  /* that holds it; 0: none */
};

/* Where a change comes from, for the log. */
struct list_cause {
    const char *who; /* LIST_POLICY or an operator */
    enum store_door door;
    const char *note;
    const char *batch;
    gint64 now;
    gint64 event;   /* its id; 0: none */
    gint64 message; /* its id; 0: none */
    gint64 number;  /* by which the entry's own is known (list_number()); 0: it is looked for */
};

/* The effect on an entry of a failure that should suppress. */
enum list_change {
    LIST_KEEP,    /* nothing: it lasts as long already, for as good a reason */
    LIST_PUT,     /* a new entry, a longer stay or a stronger reason */
    LIST_PROLONG, /* a longer stay for a weaker reason: the stronger one stays in the entry */
    LIST_CONFIRM, /* a wave held it, and it takes effect */
};

/* A scope is given as the database has it (entry_scope_key()), here and in an entry's `scope`. */
bool list_read(struct connection *connection, const char *subject, const char *scope, struct list_before *before,
               GError **error);

/* Does the entry hold at `now`? */
bool list_holds(const struct list_before *before, gint64 now);

/* Does it end when mail went through, where the policy says so (policy_lifts())? It is the policy's, soft and in force,
 * and would end by itself. */
bool list_lifted(const struct list_before *before, gint64 now);

/* A stay is never made shorter, and an operator's entry for good stays the operator's: `*until` becomes the later time.
 * `verdict` is the failure's. */
enum list_change list_plan(const struct list_before *before, enum verdict_kind verdict, gint64 now, gint64 *until);

/* The number of the reason, policy, who, door, note and batch of an entry, for one who has many with the same. */
bool list_number(struct connection *connection, const struct suppression *entry, gint64 *number, GError **error);

/* Puts `entry`, with its own who, door, note and batch, in the place of what was there; a new one holds since
 * `entry->since`, 0: now. */
bool list_put(struct connection *connection, const struct suppression *entry, const struct list_before *before,
              const struct list_cause *cause, GError **error);
/* New entries, of which there is no row. NEWCOMERS_AT_ONCE of them together cost half as much as one by one. */
enum { NEWCOMERS_AT_ONCE = 16 };
struct list_newcomer {
    struct suppression entry; /* with its since */
    gint64 number;            /* list_number() */
    gint64 event;             /* its id; 0: none */
};
bool list_put_new(struct connection *connection, const struct list_newcomer *newcomers, guint n,
                  const struct list_cause *cause, GError **error);
/* Prolongs it to `entry->until`; its reason and the like stay. */
bool list_prolong(struct connection *connection, const struct suppression *entry, const struct list_cause *cause,
                  GError **error);
/* The entry is not in force from now on, since the wave holds it; or it is. */
bool list_hold(struct connection *connection, const struct suppression *entry, gint64 wave,
               const struct list_cause *cause, GError **error);
bool list_confirm(struct connection *connection, const struct suppression *entry, const struct list_cause *cause,
                  GError **error);
/* Takes the entry of this subject and scope off. */
bool list_remove(struct connection *connection, const struct suppression *entry, const struct list_cause *cause,
                 GError **error);

/* Logs what happened to entries that are no more, under another name than that of the subject. */
bool list_note(struct connection *connection, const char *change, const struct suppression *entry,
               const struct list_cause *cause, GError **error);
/* Puts the entry of this subject, scope and wave back as the change `sequence` left it, or, if that took it off, found
 * it. */
bool list_restore(struct connection *connection, const struct suppression *entry, gint64 sequence, bool listed,
                  const struct list_cause *cause, GError **error);

/* Reports about an address count no more: those of a scope until now, or, since mail went through, what a policy counts
 * in a scope, "" for every one, up to the event `id`. */
bool list_forgive(struct connection *connection, const char *recipient, const char *scope, GError **error);
bool list_forgive_counted(struct connection *connection, const char *recipient, const char *scope, gint64 id,
                          GError **error);

/* Takes at most `limit` expired entries off; `*n` of them. */
bool list_expire(struct connection *connection, gint64 now, unsigned limit, gint64 *n, GError **error);
