#include "reports/story/prospect.h"

#include <string.h>

#include "reports/moment.h"

enum { DAYS_TOLD = 10 };

/* --- an entry ----------------------------------------------------------------------------------------------------- */

static char *held(const struct suppression *entry)
{
    return g_strdup_printf(
        "Mail goes to it meanwhile. The entry takes effect if the address fails hard again a day after "
        "the wave or later, and is dropped when mail goes through, or without either after a while "
        "(bouncectl waves show %" G_GINT64_FORMAT ").",
        entry->wave);
}

char *prospect_of_entry(const struct suppression *entry)
{
    struct policy_row row = {0};

    if (entry->wave != 0)
        return held(entry);
    if (entry->until == 0)
        return g_strdup("It stays on the list until somebody takes it off.");
    g_autofree char *until = moment_text(entry->until);
    bool by_policy = entry->policy != NULL && policy_row_parse(entry->policy, &row, NULL);
    return g_strdup_printf("It comes off by itself on %s.%s%s", until,
                           by_policy ? " Another such failure before that makes it stay longer." : "",
                           row.stays_n > 1 ? " Each time that it comes back after that it stays longer." : "");
}

/* --- failures that count ------------------------------------------------------------------------------------------ */

/* " for 90d, then for good", as the row says it. */
static void append_stay(GString *out, const char *row)
{
    const char *stay = strstr(row, ", for ");

    g_string_append(out, stay != NULL ? stay + 1 : " for good");
}

/* "2026-11-03, 2026-11-09": the newest ones, if there are many. */
static void append_days(GString *out, const GArray *times)
{
    guint first = times->len > DAYS_TOLD ? times->len - DAYS_TOLD : 0;

    if (first > 0)
        g_string_append(out, "..., ");
    for (guint i = first; i < times->len; i++) {
        g_autofree char *day = moment_day(g_array_index(times, gint64, i));
        g_string_append_printf(out, "%s%s", i > first ? ", " : "", day);
    }
}

char *prospect_of_failures(const struct outlook *outlook)
{
    g_autoptr(GString) out = g_string_new(NULL);
    g_autofree char *row = policy_row_format(&outlook->row);
    unsigned missing = outlook->row.count - MIN(outlook->reached, outlook->row.count - 1);
    bool all = strcmp(outlook->scope, "all") == 0;

    g_string_append_printf(out, "%u more failure%s for %s%s", missing, missing == 1 ? "" : "s",
                           reason_names[outlook->reason], missing == 1 ? " on another day" : " on other days");
    if (outlook->lapses != 0) {
        g_autofree char *lapses = moment_text(outlook->lapses);
        g_string_append_printf(out, " before %s", lapses);
    }
    g_string_append_printf(out, " put%s it on the list", missing == 1 ? "s" : "");
    append_stay(out, row);
    if (!all)
        g_string_append_printf(out, " (%s)", outlook->scope);
    g_string_append_printf(out, ". So far it is %u of %.*s: ", outlook->reached, (int)strcspn(row, ","), row);
    append_days(out, outlook->times);
    g_string_append_c(out, '.');
    return g_string_free(g_steal_pointer(&out), FALSE);
}
