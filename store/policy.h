/* policy.h: when an address is suppressed: for each reason a row (policy_row.h). A policy decides from an event and the
 * history of its address; it does no I/O.
 *
 * The rows are those of a preset (preset.h), but for reasons that are given a row of their own.
 *
 * Two kinds of soft failures do not suppress at once, even where the reason's row is "1": a hard reason that was judged
 * soft (the receiver said 4.x.x: an unknown user or host that may be there tomorrow), and a failure where the mail was
 * forwarded to (one dead member of a group says little of the group). They then count as "5 in 30d, for 90d", and so do
 * they where a preset's row for a hard reason waits for several: that is for hard ones. Any other row that waits, or
 * says "never", holds for them as it is. */
#pragma once

#include <glib.h>
#include <stdbool.h>

#include "store/entry_key.h"
#include "store/event.h"
#include "store/policy/policy_row.h"
#include "store/policy/preset.h"

/* The rows of one stream; `stream` NULL is for all streams that have no policy of their own. */
struct policy {
    char *stream;
    enum preset preset;
    bool success_lifts; /* mail that went through ends a soft entry that would end by itself */
    struct policy_row own[REASON_COUNT];
    bool has_own[REASON_COUNT]; /* else the preset's holds */
    /* for whom the entry of a verdict holds */
    enum entry_scope_kind scope_hard;
    enum entry_scope_kind scope_soft;
    enum entry_scope_kind scope_complaint;
    enum entry_scope_kind scope_unsubscribe;
};

struct policy *policy_new(const char *stream); /* with PRESET_STANDARD */
void policy_free(struct policy *policy);

/* The scope of the entry that an event makes or counts towards, as the database has it (entry_scope_key()), into
 * `scope`: by its verdict and the policy's kind for that; "" (all) where it has no such tenant or stream. One that is
 * confined makes none beyond its tenant. */
void policy_scope(const struct policy *policy, const struct event *event, const char *tenant, GString *scope);

/* Its kind, of entries of that verdict. */
enum entry_scope_kind policy_scope_kind(const struct policy *policy, enum verdict_kind verdict);

/* Parses `text` into the reason's own row. An error says what was expected; a reason that is not the recipient's, its
 * domain's or a person's may only be "never" (reason_may_suppress). */
bool policy_set(struct policy *policy, enum reason reason, const char *text, GError **error);

/* The row of a reason. */
const struct policy_row *policy_row_of(const struct policy *policy, enum reason reason);

/* The policy for `stream` among `policies` (of struct policy *): its own, else the one for all, else the defaults. */
const struct policy *policy_for(const GPtrArray *policies, const char *stream);

/* The policy's effect of an event; when it does not suppress: why. */
enum policy_effect {
    POLICY_IGNORED,      /* it is no failure: other mail, a holiday reply, a complaint taken back */
    POLICY_DELAYED,      /* a temporary failure: the MTA is still trying */
    POLICY_NO_RECIPIENT, /* whose mail it was is not known */
    POLICY_NEVER,        /* no number of these suppresses: not the address's fault, or the row says "never" */
    POLICY_UNPROVEN,     /* it would count, but the operator's setting lets no unproven report do that */
    POLICY_ROLLED_BACK,  /* likewise, since an operator took it back, with others (reversal.h) */
    POLICY_COUNTED,      /* too few yet */
    POLICY_REPEATED,     /* it was reported before: by the same report, about the same mail or on the same day; counts
                          * once, in the figures, too */
    POLICY_STALE,        /* about mail from before an operator took the address off the list */
    POLICY_HELD,         /* enough, but its receiver is not believed just now: the entry is not in force (wave.h) */
    POLICY_SUPPRESSED,   /* it put the address on the list, made its stay longer or gave it a stronger reason */
    POLICY_LISTED,       /* enough, but the address is on the list as long already, for as good a reason */
    POLICY_CLEARED,      /* mail went through: the failures before it count no more; it takes nobody off the list but
                          * for a soft entry, where policy_lifts() */
    POLICY_RELAYED,      /* mail went on to where no success reports come from, and may still fail: clears nothing */
};
extern const char *const policy_effect_names[];

/* The words of a policy on a success, in place of a row, where it lifts; and whether they are to be said. */
#define POLICY_LIFTS "success-lifts"
bool policy_lifts(const struct policy *policy, const struct event *event);
/* The scopes in which it does: those that hold for its mail, as the database has them; and those in which a success
 * clears failures, "" for every one. One that is confined does neither beyond its tenant. The caller frees. */
char **policy_lifted_scopes(const struct event *event, const char *tenant);
char **policy_cleared_scopes(const struct event *event, const char *tenant);

/* The row that an event counts by: its reason's, or for a hard reason that was judged soft the one above. */
const struct policy_row *policy_row_for(const struct policy *policy, const struct event *event);

/* Does a row decide about it: a final failure, a complaint or an opt-out, of an address that is known? */
bool policy_applies(const struct event *event);

/* Is it a failure that counts towards a suppression: the address's own, a complaint or an opt-out, a final one, with
 * evidence enough for the operator's setting? Forged reports must not fill up the count for a proven one. */
bool policy_counts(const struct event *event);

/* By the row of policy_row_for(). `failures`: policy_row_reached() by the messages in which the address has had this
 * reason within the row's time, this one included, since mail last went through and since an operator last took it off
 * the list; only those that policy_counts(). POLICY_REPEATED, POLICY_STALE, POLICY_ROLLED_BACK and POLICY_LISTED
 * depend on more than the event, and are left to the caller.
 */
enum policy_effect policy_decide(const struct policy_row *row, const struct event *event, unsigned failures);
