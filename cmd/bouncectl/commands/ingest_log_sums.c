#include "cmd/bouncectl/commands/ingest_log_sums.h"

struct sum {
    const char *name;
    guint64 count;
};

static void add_sums(GString *line, bool json, const char *name, const struct sum *sums, size_t n)
{
    g_string_append_printf(line, json ? "%s\"%s\":{" : "%s%s:", line->len > (json ? 1 : 0) ? (json ? "," : "\n") : "",
                           name);
    for (size_t i = 0; i < n; i++)
        g_string_append_printf(line, json ? "%s\"%s\":%" G_GUINT64_FORMAT : "%s %s %" G_GUINT64_FORMAT,
                               i > 0 ? "," : "", sums[i].name, sums[i].count);
    g_string_append(line, json ? "}" : "");
}

void ingest_log_sums_print(const struct ingest_log_sums *sums, const char *batch, const struct output *output)
{
    const struct sum lines[] = {{"read", sums->lines}, {"known", sums->known}};
    const struct sum attempts[] = {{"delivered", sums->actions[REPORT_ACTION_DELIVERED]},
                                   {"delayed", sums->actions[REPORT_ACTION_DELAYED]},
                                   {"failed", sums->actions[REPORT_ACTION_FAILED]},
                                   {"unusable", sums->unusable}};
    const struct sum events[] = {
        {"stored", sums->outcomes[INGEST_OUTCOME_STORED]},
        {"duplicate", sums->outcomes[INGEST_OUTCOME_DUPLICATE] + sums->outcomes[INGEST_OUTCOME_CONFLICT]},
        {"failed", sums->outcomes[INGEST_OUTCOME_FAILED]},
        {"cleared", sums->cleared}};
    g_autoptr(GString) line = g_string_new(output->json ? "{" : "");

    add_sums(line, output->json, "lines", lines, G_N_ELEMENTS(lines));
    add_sums(line, output->json, "attempts", attempts, G_N_ELEMENTS(attempts));
    add_sums(line, output->json, "events", events, G_N_ELEMENTS(events));
    if (batch != NULL && sums->outcomes[INGEST_OUTCOME_STORED] > 0)
        g_string_append_printf(line, output->json ? ",\"batch\":\"%s\"" : "\nbatch: %s", batch);
    g_string_append(line, output->json ? "}" : "");
    output_line(output, line);
}
