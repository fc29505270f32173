/* relisting.h: what a revision, or the undoing of a batch, does to the list, as plain data. */
#pragma once

#include <glib.h>

#include "classifier/classifier.h"
#include "store/stored.h"

/* The order to revise: the operator who gives it, when, and by which rules (classifier_version()). */
struct revision_order {
    const char *who;
    const char *rule_version;
    gint64 now;
    const char *note;  /* for the log; NULL: "reclassify: RULE" */
    const char *batch; /* the name by which it can be undone (reversal.h); NULL: none */
    enum store_door door;
};

enum revision_effect {
    REVISION_APPEARS, /* the address comes on the list */
    REVISION_GOES,    /* it is taken off */
    REVISION_CHANGES, /* its entry has another reason or end */
};
extern const char *const revision_effect_names[];

/* One change of the list. */
struct revision_listing {
    const char *recipient;
    const char *scope; /* as in struct suppression */
    enum revision_effect effect;
    enum reason from; /* REASON_NONE: was not on it, or the operator's */
    enum reason to;
    const char *rule; /* by which the event that made or carried the entry is judged now */
};

extern const char *const reversal_effect_names[];
enum reversal_effect {
    REVERSAL_RETURNS, /* the entry comes back */
    REVERSAL_GOES,    /* it goes again */
    REVERSAL_CHANGES, /* it is what it was */
    REVERSAL_STAYS,   /* something changed it since, or what it was is not known any more */
    REVERSAL_EFFECTS
};

struct reversal_listing {
    const char *subject;
    const char *scope;
    enum reason reason; /* of the entry that comes back, goes, or stays */
    enum reversal_effect effect;
};
