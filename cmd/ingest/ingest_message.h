/* ingest_message.h: one message on its way from a receiver into the store, and what became of it. Plain data. */
#pragma once

#include <glib.h>

#include "cmd/ingest/forward.h"
#include "cmd/ingest/testimony.h"
#include "parser/report.h"
#include "store/stored.h"

/* The pool's work on a message, for the writer to store. */
struct ingest_work {
    struct report *report;
    GArray *events;
    GPtrArray *forwards; /* of struct forward * */
    guint8 digest[STORE_DIGEST_SIZE];
    GBytes *raw;
    char *rcpt_to;
    size_t octets; /* about what all of it takes */
};

extern const char *const ingest_outcome_names[];
enum ingest_outcome {
    INGEST_OUTCOME_PENDING,
    INGEST_OUTCOME_STORED,
    INGEST_OUTCOME_DUPLICATE,
    INGEST_OUTCOME_CONFLICT, /* a testimony, of whose key another one is there: nothing is kept */
    INGEST_OUTCOME_FAILED,   /* nothing is kept: the peer must try again */
};

/* Rights of a message that proves nothing. */
enum ingest_unproven {
    INGEST_UNPROVEN_CONFIG, /* what the config says of where it came to */
    INGEST_UNPROVEN_COUNT,
    INGEST_UNPROVEN_SUPPRESS,
};

/* One message on its way. Plain data; ingest_message() has it until ingest_done() gives it back. */
struct ingest_message {
    GString *bytes;              /* the message; line ends as they came */
    struct testimony *testimony; /* NULL; or what the bytes say, which are no mail then */
    char *source;                /* "smtp", "lmtp", "api" or a path */
    char *mail_from;             /* NULL: not known; otherwise as in struct report_envelope */
    GPtrArray *rcpt_to;          /* of char *; may be empty */
    GPtrArray *own_mta;          /* of char *, the last NULL: the operator's MTAs that may have made it; NULL: none */
    gint64 received;             /* seconds since 1970 UTC */
    enum ingest_unproven unproven;
    bool confined;     /* a tenant gives it: what it makes holds for that tenant's mail alone, as in struct testimony */
    const char *batch; /* the run that reads it, borrowed; NULL: it came by itself */
    void *owner;       /* the caller's; not touched; so is this: */
    unsigned number;

    enum ingest_outcome outcome;
    char *error;                                 /* of INGEST_OUTCOME_FAILED, for the log */
    char *digest;                                /* 64 hex digits: the message's name in the store */
    unsigned kinds[REPORT_KIND_UNSUBSCRIBE + 1]; /* how many events of each kind it gave */
    unsigned future;                             /* events that were to happen later than it came, by an hour or more */
    unsigned cut;                                /* of enum report_cut: what was too much to read */
    bool claims;                                 /* signatures wait to be verified, which may prove its events */
    enum forward_outcome forward;                /* does it go on to a person? */
    struct ingest_work *work;                    /* ingest's own until it is done, then NULL; as is: */
    gint64 due;                                  /* whose is earlier comes first */
};

struct ingest_message *ingest_message_new(const char *source, gint64 received);
void ingest_message_free(struct ingest_message *message);
/* Frees the work. */
void ingest_message_end_work(struct ingest_message *message);
/* By whose turn is first; a GCompareDataFunc. */
int ingest_message_compare(const void *message, const void *other, void *unused);

typedef struct ingest_message IngestMessage;
G_DEFINE_AUTOPTR_CLEANUP_FUNC(IngestMessage, ingest_message_free)
