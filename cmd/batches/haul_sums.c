#include "cmd/batches/haul_sums.h"

#define OUTCOME(outcome) (offsetof(struct haul_sums, outcomes) + (outcome) * sizeof(guint64))

const struct haul_sum haul_sum_rows[] = {
    {"added", "added", OUTCOME(IMPORT_ADDED)},
    {"changed", "changed, now longer or for a stronger reason", OUTCOME(IMPORT_CHANGED)},
    {"already_there", "already there", OUTCOME(IMPORT_LISTED)},
    {"longer_there", "already there, longer or for a stronger reason", OUTCOME(IMPORT_LONGER)},
    {"removed_by_hand", "left off the list, removed by hand since", OUTCOME(IMPORT_REMOVED)},
    {"duplicates", "duplicates in the file", offsetof(struct haul_sums, duplicates)},
    {"rejected", "rejected", offsetof(struct haul_sums, rejected)},
    {NULL, NULL, 0},
};

guint64 haul_sums_number(const struct haul_sums *sums, const struct haul_sum *row)
{
    return G_STRUCT_MEMBER(guint64, sums, row->offset);
}

void haul_sums_json(GString *out, const struct haul_sums *sums, const char *batch)
{
    for (const struct haul_sum *row = haul_sum_rows; row->name != NULL; row++)
        g_string_append_printf(out, "\"%s\":%" G_GUINT64_FORMAT ",", row->name, haul_sums_number(sums, row));
    if (batch != NULL)
        g_string_append_printf(out, "\"batch\":\"%s\"", batch);
    else
        g_string_append(out, "\"dry_run\":true");
}
