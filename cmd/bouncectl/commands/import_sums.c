#include "cmd/bouncectl/commands/import_sums.h"

static void tell_places(const struct import_sums *sums)
{
    bool one = sums->unknown == 1;

    if (sums->unknown > 0)
        fprintf(stderr,
                "bouncectl: import: %" G_GUINT64_FORMAT
                " %s from a list that no [return-path] has as its stream, and hold%s"
                " for all mail; --stream NAME gives another scope\n",
                sums->unknown, one ? "opt-out is" : "opt-outs are", one ? "s" : "");
}

void import_sums_print(const struct import_sums *sums, const struct output *output, const char *batch)
{
    bool written = sums->outcomes[IMPORT_ADDED] + sums->outcomes[IMPORT_CHANGED] > 0;
    const struct {
        const char *name, *json;
        guint64 n;
    } rows[] = {
        {"added", "added", sums->outcomes[IMPORT_ADDED]},
        {"changed, now longer or for a stronger reason", "changed", sums->outcomes[IMPORT_CHANGED]},
        {"already there", "already_there", sums->outcomes[IMPORT_LISTED]},
        {"already there, longer or for a stronger reason", "longer_there", sums->outcomes[IMPORT_LONGER]},
        {"left off the list, removed by hand since", "removed_by_hand", sums->outcomes[IMPORT_REMOVED]},
        {"duplicates in the file", "duplicates", sums->duplicates},
        {"rejected", "rejected", sums->rejected},
    };
    g_autoptr(GString) line = g_string_new(output->json ? "{" : NULL);

    tell_places(sums);
    for (size_t i = 0; i < G_N_ELEMENTS(rows); i++) {
        if (output->json)
            g_string_append_printf(line, "\"%s\":%" G_GUINT64_FORMAT ",", rows[i].json, rows[i].n);
        else if (i == 0 || rows[i].n > 0)
            g_string_append_printf(line, "%" G_GUINT64_FORMAT " %s\n", rows[i].n, rows[i].name);
    }
    if (output->json)
        g_string_append_printf(line, batch != NULL ? "\"batch\":\"%s\"}" : "\"dry_run\":true}", batch);
    else
        g_string_append_printf(line, batch != NULL && written ? "batch: %s" : "nothing was done", batch);
    output_line(output, line);
}
