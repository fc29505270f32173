/* relisting.h: what a revision does to the list, as plain data. */
#pragma once

#include <glib.h>

#include "classifier/classifier.h"

/* The order to revise: the operator who gives it, when, and by which rules (classifier_version()). */
struct revision_order {
    const char *who;
    const char *rule_version;
    gint64 now;
    const char *note; /* for the log; NULL: "reclassify: RULE" */
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
