/* selection.h: which rows of the store a subcommand is about: the options that several of them share. A command's
 * struct starts with a struct selection; its rows take those of these that make sense for it. */
#pragma once

#include <glib.h>

#include "cmd/bouncectl/context.h"
#include "cmd/bouncectl/options.h"
#include "store/store.h"

struct selection {
    char *recipient;
    char *domain;
    char *stream;
    unsigned kind;
    unsigned reason;
    gint64 since;
    gint64 until;
    gint64 limit;
};

/* clang-format off */
#define SELECTION_RECIPIENT {"recipient", 0, OPTION_TEXT, offsetof(struct selection, recipient), "ADDRESS", "of this address only", NULL}
#define SELECTION_DOMAIN {"domain", 'd', OPTION_TEXT, offsetof(struct selection, domain), "DOMAIN", "of recipients at this domain only", NULL}
#define SELECTION_STREAM {"stream", 's', OPTION_TEXT, offsetof(struct selection, stream), "NAME", "of this sending stream only", NULL}
#define SELECTION_KIND {"kind", 'k', OPTION_CHOICE, offsetof(struct selection, kind), "KIND", "of this kind only", report_kind_names}
#define SELECTION_REASON {"reason", 'r', OPTION_CHOICE, offsetof(struct selection, reason), "REASON", "with this reason only", reason_names}
#define SELECTION_SINCE {"since", 0, OPTION_MOMENT, offsetof(struct selection, since), "TIME", "from then on: 2026-11-22, RFC 3339, today, or 7d (ago)", NULL}
#define SELECTION_RECENT {"since", 0, OPTION_MOMENT, offsetof(struct selection, since), "TIME", "from then on: 2026-11-22, RFC 3339, today, or 7d (ago); default: 30d", NULL}
#define SELECTION_UNTIL {"until", 0, OPTION_MOMENT, offsetof(struct selection, until), "TIME", "before then", NULL}
#define SELECTION_LIMIT {"limit", 'n', OPTION_NUMBER, offsetof(struct selection, limit), "N", "at most N rows", NULL}
/* clang-format on */

/* context_store(), for one who selects. An error if nothing can be selected, since that would look as if there were
 * nothing: a time to come, an end before the beginning, a stream that neither the config nor a report knows. */
struct store *selection_store(struct context *context, enum store_mode mode, const struct selection *selection,
                              GError **error);

/* The filter borrows from the selection. */
struct store_filter selection_filter(const struct selection *selection);

/* The same; without --since it is the last 30 days. */
struct store_filter selection_recent(const struct selection *selection, gint64 now);
