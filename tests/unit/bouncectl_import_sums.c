/* The sums of an import, in words and as JSON. */
#include "cmd/bouncectl/commands/import_sums.h"

#include <stdlib.h>

#define BATCH "20261122T093000Z-5f3a"

static const struct haul_sums none, all = {.outcomes = {[IMPORT_ADDED] = 11,
                                                        [IMPORT_CHANGED] = 12,
                                                        [IMPORT_LISTED] = 13,
                                                        [IMPORT_LONGER] = 14,
                                                        [IMPORT_REMOVED] = 15},
                                           .duplicates = 16,
                                           .rejected = 17};

static const struct {
    const struct haul_sums *sums;
    const char *batch;
    const char *text, *json;
} rows[] = {
    {&all, BATCH,
     "11 added\n"
     "12 changed, now longer or for a stronger reason\n"
     "13 already there\n"
     "14 already there, longer or for a stronger reason\n"
     "15 left off the list, removed by hand since\n"
     "16 duplicates in the file\n"
     "17 rejected\n"
     "batch: " BATCH "\n",
     "{\"added\":11,\"changed\":12,\"already_there\":13,\"longer_there\":14,\"removed_by_hand\":15,\"duplicates\":16,"
     "\"rejected\":17,\"batch\":\"" BATCH "\"}\n"},
    {&none, NULL, "0 added\nnothing was done\n",
     "{\"added\":0,\"changed\":0,\"already_there\":0,\"longer_there\":0,\"removed_by_hand\":0,\"duplicates\":0,"
     "\"rejected\":0,\"dry_run\":true}\n"},
};

static void check(const struct haul_sums *sums, bool json, const char *batch, const char *expected)
{
    char *text = NULL;
    size_t size;
    const struct output output = {.stream = open_memstream(&text, &size), .json = json};

    import_sums_print(sums, &output, batch);
    fclose(output.stream);
    g_assert_cmpstr(text, ==, expected);
    free(text);
}

static void test_print(void)
{
    for (size_t i = 0; i < G_N_ELEMENTS(rows); i++) {
        check(rows[i].sums, false, rows[i].batch, rows[i].text);
        check(rows[i].sums, true, rows[i].batch, rows[i].json);
    }
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/bouncectl/import-sums/print", test_print);
    return g_test_run();
}
