/* chronicle.h: what was done about an address: the changes of its entries, in words, and how the last one ended. */
#pragma once

#include "reports/story/question.h"

/* The end of the entry that an address had last; all zero if it has one yet. */
struct chronicle_end {
    gint64 expired; /* by itself; 0: it did not */
    gint64 removed; /* when somebody took it off; 0: nobody did */
    char *remover;  /* who that was */
    char *note;     /* may be NULL */
    char *batch;    /* likewise */
    guint changes;  /* how many there were */
};

/* Appends the changes, and fills `end`. */
bool chronicle_tell(const struct question *question, GString *out, struct chronicle_end *end, GError **error);
void chronicle_end_clear(struct chronicle_end *end);
