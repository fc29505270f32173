/* backtest.h: what the present policies would have done with the events of a time, and how the list differs from that.
 * Only entries of the policy are compared that began in that time; an operator's entry, and an operator's removal,
 * stand. It changes nothing. */
#pragma once

#include "store/store.h"

extern const char *const backtest_difference_names[];
enum backtest_difference {
    BACKTEST_MISSING, /* would be on the list, and is not */
    BACKTEST_SURPLUS, /* is on the list, and would not be */
};

struct backtest_row {
    const char *recipient;
    const char *scope; /* "all", ... */
    enum backtest_difference difference;
    enum reason reason; /* of the entry that would be, or is */
    gint64 until;       /* 0: for good */
    char *policy;       /* of the entry that would be: the row that decides; NULL of a surplus one */
};

struct backtest;

/* Of the filter since and until are conditions, of events when they were received. It reads on the store's own
 * connection, in one snapshot, as store_freeze() has it. `now`: when an entry must hold. */
struct backtest *backtest_new(struct store *store, const struct store_filter *filter, gint64 now, GError **error);
void backtest_free(struct backtest *backtest);

/* In the order of the addresses; the strings live until the next call. False at the end, or with an error. */
bool backtest_next(struct backtest *backtest, struct backtest_row *row, GError **error);

/* So far. */
guint64 backtest_addresses(const struct backtest *backtest);
guint64 backtest_events(const struct backtest *backtest);

typedef struct backtest Backtest;
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Backtest, backtest_free)
