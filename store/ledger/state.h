/* state.h: what an open store holds. Internal to store/. */
#pragma once

#include "store/policy.h"
#include "store/screen/screen.h"
#include "store/sqlite/connection.h"
#include "store/stored.h"

enum { RETENTION_SWEEPS = 3 };

/* How far it is through a table, see retention.h. */
struct retention_place {
    gint64 after; /* the last id */
    bool done;
};

struct disuse;

/* How many counters a day has, see counter.h. */
struct state_counters {
    gint64 day; /* since 1970 */
    gint64 all;
    gint64 of_strangers; /* that reports without proof made since the store was opened */
};

struct store {
    struct connection *connection;     /* that writes */
    const GPtrArray *policies;         /* of struct policy *; borrowed, may be NULL */
    const struct wave_settings *waves; /* borrowed; NULL: none are looked for */
    GHashTable *tenants;               /* stream to tenant; borrowed, may be NULL */
    unsigned cursors;                  /* that are open */
    bool writing;                      /* between store_begin() and its end */
    GString *recipient;                /* the address or subject that is being asked for, normalised */
    GString *folded;                   /* the same, as the database has its key */
    bool frozen;                       /* between store_freeze() and store_thaw() */
    struct screen *screen;             /* of STORE_MODE_ASK */
    GHashTable *causes;                /* of struct suppression *, by gint64 *: those of the snapshot that were read */
    GStringChunk *cause_texts;
    bool knows_forgotten; /* it is known of the snapshot whether any address was forgotten: ... */
    bool has_forgotten;   /* ... this */
    GArray *answer;       /* of struct suppression, see store_look_up() */
    GPtrArray *closed;    /* of const char * */
    GStringChunk *found;  /* the strings of the row that was given last, by other ways than a cursor */
    gint64 day;           /* since 1970, that `day_text` is of */
    char *day_text;
    struct state_counters counters;
    struct state_counters counters_before; /* the transaction that is open */
    struct retention_place places[RETENTION_SWEEPS];
    bool log_dropped;      /* changes have gone since disuse.h began last */
    struct disuse *disuse; /* NULL: it does not look */
};

/* `connection` becomes the store's. */
struct store *state_new(struct connection *connection, const GPtrArray *policies, GHashTable *tenants);
void state_free(struct store *store);

/* "YYYY-MM-DD" of `seconds`; lives until the next call. */
const char *state_day(struct store *store, gint64 seconds);

/* The tenant that the config gives a stream; NULL if none. */
const char *state_tenant(const struct store *store, const char *stream);

/* Puts `address`, normalised, into `store->recipient`; STORE_ERROR_ADDRESS if it is not an address. */
bool state_take_address(struct store *store, const char *address, GError **error);
/* The same of any subject. */
bool state_take_subject(struct store *store, const char *subject, GError **error);
