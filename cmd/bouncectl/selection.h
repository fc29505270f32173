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
    char *scope;
    char *batch;
    char *rule;
    char *receiver;
    char *diagnostic;
    unsigned kind;
    unsigned reason;
    unsigned evidence;
    unsigned state;
    unsigned door;
    gint64 since;
    gint64 until;
    gint64 limit;
};

/* clang-format off */
#define SELECTION_RECIPIENT {"recipient", 0, OPTION_TEXT, offsetof(struct selection, recipient), "ADDRESS", "of this address only", NULL}
#define SELECTION_DOMAIN {"domain", 'd', OPTION_TEXT, offsetof(struct selection, domain), "DOMAIN", "of recipients at this domain only", NULL}
#define SELECTION_STREAM {"stream", 's', OPTION_TEXT, offsetof(struct selection, stream), "NAME", "of this sending stream only", NULL}
#define SELECTION_FOR_STREAM(member) {"stream", 's', OPTION_TEXT, member, "NAME", "for the mail of this stream: what holds for all, for its tenant and for itself", NULL}
#define SELECTION_FOR_TENANT(member) {"tenant", 't', OPTION_TEXT, member, "NAME", "for the mail of this tenant: what holds for all and for the tenant", NULL}
#define SELECTION_ON_STREAM(member) {"stream", 's', OPTION_TEXT, member, "NAME", "for the mail of this stream alone", NULL}
#define SELECTION_ON_TENANT(member) {"tenant", 't', OPTION_TEXT, member, "NAME", "for the mail of this tenant alone", NULL}
#define SELECTION_KIND {"kind", 'k', OPTION_CHOICE, offsetof(struct selection, kind), "KIND", "of this kind only", report_kind_names}
#define SELECTION_REASON {"reason", 'r', OPTION_CHOICE, offsetof(struct selection, reason), "REASON", "with this reason only", reason_names}
#define SELECTION_RULE {"rule", 0, OPTION_TEXT, offsetof(struct selection, rule), "ID", "judged by this rule only", NULL}
#define SELECTION_RECEIVER {"receiver", 0, OPTION_TEXT, offsetof(struct selection, receiver), "NAME", "whose mail this provider or domain takes only", NULL}
#define SELECTION_DIAGNOSTIC {"diagnostic", 0, OPTION_TEXT, offsetof(struct selection, diagnostic), "TEXT", "with this in the diagnostic only, in upper or lower case", NULL}
#define SELECTION_EVIDENCE {"evidence", 0, OPTION_CHOICE, offsetof(struct selection, evidence), "EVIDENCE", "proven so only", report_evidence_names}
#define SELECTION_BY_REPORT SELECTION_DOMAIN, SELECTION_KIND, SELECTION_REASON, SELECTION_RULE, SELECTION_RECEIVER, SELECTION_DIAGNOSTIC, SELECTION_EVIDENCE
#define SELECTION_SCOPE {"scope", 0, OPTION_TEXT, offsetof(struct selection, scope), "SCOPE", "of this scope only: all, tenant=NAME or stream=NAME", NULL}
#define SELECTION_STATE {"state", 0, OPTION_CHOICE, offsetof(struct selection, state), "STATE", "in this state only", store_state_names}
#define SELECTION_BATCH {"batch", 0, OPTION_TEXT, offsetof(struct selection, batch), "ID", "of this batch only", NULL}
#define SELECTION_DOOR {"door", 0, OPTION_CHOICE, offsetof(struct selection, door), "DOOR", "that came by it only", store_door_names}
#define SELECTION_SINCE {"since", 0, OPTION_MOMENT, offsetof(struct selection, since), "TIME", "from then on: 2026-11-22, RFC 3339, today, or 7d (ago)", NULL}
#define SELECTION_RECENT {"since", 0, OPTION_MOMENT, offsetof(struct selection, since), "TIME", "from then on: 2026-11-22, RFC 3339, today, or 7d (ago); default: 30d", NULL}
#define SELECTION_UNTIL {"until", 0, OPTION_MOMENT, offsetof(struct selection, until), "TIME", "before then", NULL}
#define SELECTION_LIMIT {"limit", 'n', OPTION_NUMBER, offsetof(struct selection, limit), "N", "at most N rows", NULL}
/* clang-format on */

/* context_store(), for one who selects. An error if nothing can be selected, since that would look as if there were
 * nothing: a time to come, an end before the beginning, a stream that neither the config nor a report knows, a text
 * that is no scope, a receiver that can be none. */
struct store *selection_store(struct context *context, enum store_mode mode, const struct selection *selection,
                              GError **error);

/* The stream of one who asks or is put on the list for it: an error if neither the config nor a report names it. NULL
 * is fine. Opens the store. */
struct store *selection_asking(struct context *context, enum store_mode mode, const struct store_asker *asker,
                               GError **error);
/* The same of the store that is open, which there may not be yet. */
bool selection_check_stream(const struct context *context, const char *stream, GError **error);
/* Does the config name it? */
bool selection_names_stream(const struct config *config, const char *stream);
/* "stream=NAME", "tenant=NAME" or "all", which the caller frees; NULL and an error if both are named. */
char *selection_scope(const struct store_asker *asker, GError **error);

/* Is anything selected, but for a limit? */
bool selection_given(const struct selection *selection);

/* The filter borrows from the selection. */
struct store_filter selection_filter(const struct selection *selection);

/* The same; without --since it is the last 30 days. */
struct store_filter selection_recent(const struct selection *selection, gint64 now);
