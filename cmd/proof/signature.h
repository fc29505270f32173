/* signature.h: the DKIM signatures of a message (RFC 6376, RFC 8301, RFC 8463), verified by libopendkim with keys that
 * are at hand: it asks no name server here.
 *
 * It goes in two steps, so that nobody waits for a key: signature_list() says which keys are needed; whoever has them
 * puts them into the list, and signature_verify() says which signatures are good. */
#pragma once

#include <glib.h>
#include <stdbool.h>

#include "cmd/proof/header.h"

enum {
    SIGNATURE_MAX = 5,         /* of one message that are looked at, topmost first */
    SIGNATURE_KEY_BITS = 1024, /* at least, of an RSA key (RFC 8301) */
};

struct signature {
    char *domain;   /* d=, lower case */
    char *selector; /* s= */
    char *key_name; /* where its key is: SELECTOR._domainkey.DOMAIN */
    /* Would it prove anything if it were good? It covers From, To and Subject and all of the body (no l=), is of an
     * algorithm that counts and has not expired. */
    bool usable;
    char *key;  /* the TXT record; NULL: not at hand. signature_list() leaves it so */
    bool valid; /* signature_verify() says so: good, by a key that is not for tests (t=y) and is long enough */
};

/* libopendkim's own state; for all threads at once. NULL when it cannot be had. */
struct signatures;
struct signatures *signatures_new(void);
void signatures_free(struct signatures *signatures);

/* Of struct signature *, topmost first; may be empty. */
GPtrArray *signature_list(const struct signatures *signatures, const struct header *header);
/* Sets `valid` in the list that signature_list() made of the same header. */
void signature_verify(const struct signatures *signatures, const struct header *header, GPtrArray *list);

typedef struct signatures Signatures;
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Signatures, signatures_free)
