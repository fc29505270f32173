/* transaction.h: one mail transaction (RFC 5321 section 3.3): the envelope and, in the end, the message. Plain data. */
#pragma once

#include <glib.h>
#include <stdbool.h>

struct transaction {
    char *mail_from;       /* "" is the null sender; one without "@" stands for it */
    GPtrArray *recipients; /* of char *: those that were accepted, in their order */
    GString *message;      /* NULL until it is complete */
    bool utf8;             /* MAIL said SMTPUTF8 (RFC 6531) */
};

struct transaction *transaction_new(void);
void transaction_free(struct transaction *transaction);

typedef struct transaction Transaction;
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Transaction, transaction_free)
