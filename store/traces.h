/* traces.h: how much is kept about an address, and which texts name it, as plain data. */
#pragma once

#include <glib.h>

/* How much there was of an address. */
struct privacy_traces {
    gint64 entries; /* of the list */
    gint64 changes; /* in its log */
    gint64 events;
    gint64 messages; /* raw ones, in which it is or that report on it; who else is in one has his events still */
    gint64 outbox;   /* such messages that go, went or did not go on to a person */
    gint64 texts;    /* rows about others that named it in a text, which is gone from them */
    gint64 notes;
    gint64 forgiven; /* marks after which its failures count */
};

/* A text of a row that is not about the address, and names it. */
struct privacy_mention {
    char *of; /* the kind of row: "event", "message", "change", "batch", "figure", "feed" */
    char *field;
    char *text;
};
void privacy_mention_free(struct privacy_mention *mention);
