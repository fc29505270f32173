/* state.h: what an open store holds. Internal to store/. */
#pragma once

#include "store/sqlite/connection.h"
#include "store/store.h"

struct store {
    struct connection *connection; /* that writes; NULL: store_reopen() has failed */
    GPtrArray *readers;            /* of struct connection *: for cursors, while none uses them */
    char *path;                    /* of the file; links are resolved once it is open */
    guint64 inode;                 /* of the file that was opened last; 0: none */
    const GPtrArray *policies;
    enum store_mode mode;
    unsigned busy_timeout;
    unsigned cursors;    /* that are open */
    int lock;            /* the file that the daemon holds; -1: none */
    bool writing;        /* between store_begin() and its end */
    GString *recipient;  /* the address that is being asked for, normalised */
    GStringChunk *found; /* what store_check() gave */
    gint64 day;          /* since 1970, that `day_text` is of */
    char *day_text;
};

/* Reads the columns of an event (SELECT_EVENT in sql.c); its id. */
gint64 cursor_read_event(const struct query *query, struct stored_event *row);
/* store_next_event(), with its id. */
bool cursor_next_event(struct store_cursor *cursor, struct stored_event *row, gint64 *id, GError **error);

/* "YYYY-MM-DD" of `seconds`; lives until the next call. */
const char *store_day(struct store *store, gint64 seconds);

/* The bytes of a whole digest; STORE_ERROR_DIGEST when it is none. */
#define DIGEST_SIZE 32
bool store_digest_bytes(const char *digest, guint8 bytes[DIGEST_SIZE], GError **error);

/* Reads the columns of an outgoing message (SELECT_OUTGOING in sql.c). */
struct outgoing;
void outgoing_read(const struct query *query, struct outgoing *row);

/* Puts `address`, normalised, into `out`; STORE_ERROR_ADDRESS when it is none. */
bool store_address(const char *address, GString *out, GError **error);
