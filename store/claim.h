/* claim.h: a stored message that says who signed it, which would prove its events, as plain data. */
#pragma once

#include <glib.h>
#include <stdbool.h>

struct claim {
    char *digest;      /* of the message, 64 hex digits */
    char *signers;     /* domains, blanks between: whose signatures matter */
    unsigned attempts; /* that were begun, this one included */
    bool last;         /* there is no other attempt after this one */
};
void claim_free(struct claim *claim);

/* One good signature, and what is to be written of it: "dkim d=example.org s=key1". */
struct claim_proof {
    const char *signer;
    const char *text;
};

/* The end of a claim, and when it came. */
struct claim_outcome {
    const char *digest;
    const struct claim_proof *proofs;
    guint n;
    gint64 now;
    bool drops_raw; /* the raw message goes if nothing that it reports is left to prove */
};
