/* proof.h: what a report proves by who signed it. A signature says who wrote a message; whether that proves the report
 * depends on whom the report is about:
 *
 *   a complaint of a known feedback loop (reporter.h), whose From is of the signer's organization;
 *   a complaint as RFC 9477 has it: the signer speaks for the From domain, the reported message asked us for reports by
 *     CFBL-Address, the From domain belongs to the recipient's domain, and From is a mailbox that no user of it has
 *     ("abuse", "postmaster", ...);
 *   an unsubscribe whose From is the address that unsubscribes, where the signer speaks for its domain.
 *
 * In all three the message must be addressed to us: its signed To names the organization that it came to, so that a
 * report of another sender's, or another mail of the same person, cannot be sent on to us. Everything else proves
 * nothing. Pure: no I/O, no clock. */
#pragma once

#include <glib.h>
#include <stdbool.h>

#include "cmd/proof/header.h"
#include "parser/report.h"

/* The domains that sign, and the address that it came to. */
struct proof_letter {
    char *author;  /* the address in From; NULL when that is not clear: nothing is proven */
    bool to_us;    /* To is of the organization of an envelope recipient */
    bool asked_us; /* the reported message has a CFBL-Address of the organization of an envelope recipient */
};

/* `recipients` is the envelope's, of char *. `cfbl_address` is the reported message's, NULL when it has none. */
void proof_letter_read(struct proof_letter *letter, const struct header *header, const GPtrArray *recipients,
                       const char *cfbl_address);
void proof_letter_clear(struct proof_letter *letter);

/* Would a good signature by `signer` prove what `recipient` says? `trust` is reporter_trusted()'s. */
bool proof_judge(const struct proof_letter *letter, const GPtrArray *trust, const char *signer,
                 const struct report_recipient *recipient);
