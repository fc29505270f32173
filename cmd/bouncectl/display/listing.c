#include "cmd/bouncectl/display/listing.h"

#include <string.h>

#include "cmd/bouncectl/display/table.h"
#include "parser/address.h"
#include "reports/json.h"
#include "reports/moment.h"

const struct table_column listing_columns[] = {
    {.heading = "ADDRESS", .cut = CELL_ADDRESS, .least = 26},
    {.heading = "REASON", .rank = 1},
    {.heading = "SINCE", .rank = 3},
    {.heading = "UNTIL", .rank = 2},
    {.heading = "STREAM", .rank = 5, .cut = CELL_END, .least = 10},
    {.heading = "WHO", .rank = 6, .cut = CELL_END, .least = 8},
    {.heading = "WHY", .rank = 4, .cut = CELL_END, .least = 16},
    {.heading = "SCOPE", .rank = 7, .cut = CELL_END, .least = 10},
    {0},
};

static void add_row(struct table *table, const struct suppression *entry)
{
    g_autofree char *since = table_day(table, entry->since);
    g_autofree char *until = table_day(table, entry->until);
    const char *why = entry->note != NULL && *entry->note != '\0' ? entry->note : entry->diagnostic;
    const char *cells[] = {entry->subject, reason_names[entry->reason], since, until, entry->stream, entry->who, why,
                           entry->scope};

    table_add(table, cells);
}

GPatternSpec *listing_pattern(const char *text)
{
    const char *at = strrchr(text, '@');
    g_autoptr(GString) address = g_string_new(NULL);
    g_autofree char *sample = at != NULL ? g_strconcat("x", at, NULL) : NULL;
    g_autofree char *folded = NULL;

    if (at != NULL && strpbrk(at, "*?") == NULL && address_read(span_of(sample), ADDRESS_ALONE, address)) {
        g_string_replace(address, "x@", "@", 1);
        g_string_prepend_len(address, text, at - text);
    } else {
        g_string_assign(address, text);
    }
    folded = g_ascii_strdown(address->str, -1);
    return g_pattern_spec_new(folded);
}

bool listing_matches(const GPatternSpec *pattern, const char *address)
{
    g_autofree char *folded = g_ascii_strdown(address, -1);

    return g_pattern_spec_match_string((GPatternSpec *)pattern, folded);
}

enum { PAGE = 4000 }; /* rows; each page looks for its place anew */

bool listing_print(const struct output *output, struct store_pages *pages, const GPatternSpec *pattern,
                   guint64 *printed, GError **error)
{
    g_autoptr(Table) table = output->json ? NULL : table_new(output, listing_columns, "no entries");
    g_autoptr(GString) line = g_string_new(NULL);
    const struct suppression *page;
    guint n = 0;

    *printed = 0;
    while ((page = store_next_page(pages, PAGE, &n, error)) != NULL && n > 0) {
        for (guint i = 0; i < n; i++) {
            if (pattern != NULL && !listing_matches(pattern, page[i].subject))
                continue;
            ++*printed;
            if (table != NULL) {
                add_row(table, &page[i]);
            } else {
                json_suppression(line, &page[i]);
                output_line(output, line);
            }
        }
    }
    return page != NULL;
}

char *listing_sentence(const struct suppression *entry)
{
    g_autofree char *since = moment_text(entry->since);
    g_autofree char *until = entry->until == 0 ? g_strdup("for good") : moment_text(entry->until);

    return g_strdup_printf("since %s, %s%s: %s", since, entry->until == 0 ? "" : "until ", until,
                           entry->reason == REASON_NONE ? "put there by hand" : reason_names[entry->reason]);
}
