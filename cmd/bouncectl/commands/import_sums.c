#include "cmd/bouncectl/commands/import_sums.h"

static void tell_places(const struct haul_sums *sums)
{
    bool one = sums->unknown == 1;

    if (sums->unknown > 0)
        fprintf(stderr,
                "bouncectl: import: %" G_GUINT64_FORMAT
                " %s from a list that no [return-path] has as its stream, and hold%s"
                " for all mail; --stream NAME gives another scope\n",
                sums->unknown, one ? "opt-out is" : "opt-outs are", one ? "s" : "");
}

void import_sums_print(const struct haul_sums *sums, const struct output *output, const char *batch)
{
    bool written = sums->outcomes[IMPORT_ADDED] + sums->outcomes[IMPORT_CHANGED] > 0;
    g_autoptr(GString) line = g_string_new(output->json ? "{" : NULL);

    tell_places(sums);
    if (output->json) {
        haul_sums_json(line, sums, batch);
        g_string_append_c(line, '}');
        output_line(output, line);
        return;
    }
    for (const struct haul_sum *row = haul_sum_rows; row->name != NULL; row++) {
        guint64 n = haul_sums_number(sums, row);
        if (row == haul_sum_rows || n > 0)
            g_string_append_printf(line, "%" G_GUINT64_FORMAT " %s\n", n, row->words);
    }
    g_string_append_printf(line, batch != NULL && written ? "batch: %s" : "nothing was done", batch);
    output_line(output, line);
}
