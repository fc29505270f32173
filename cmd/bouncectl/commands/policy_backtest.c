#include "cmd/bouncectl/commands/policy_backtest.h"

#include <sysexits.h>

#include "cmd/bouncectl/display/table.h"
#include "reports/json.h"
#include "reports/readable.h"
#include "store/backtest.h"

enum { DIFFERENCES = 2, EXAMPLES = 3 };

static const struct table_column all_columns[] = {
    {.heading = "ADDRESS", .cut = CELL_ADDRESS, .least = 26},
    {.heading = "DIFFERENCE"},
    {.heading = "REASON", .rank = 1},
    {.heading = "SCOPE", .rank = 3},
    {.heading = "UNTIL", .rank = 2},
    {.heading = "POLICY", .rank = 4},
    {0},
};

static const struct table_column sum_columns[] = {
    {.heading = "DIFFERENCE"},
    {.heading = "REASON"},
    {.heading = "ADDRESSES", .right = true},
    {.heading = "EXAMPLES", .rank = 1, .cut = CELL_END, .least = 26},
    {0},
};

/* The differences of one kind and reason. */
struct sum {
    guint64 addresses;
    char *examples[EXAMPLES];
};

struct run {
    const struct output *output;
    struct table *table; /* NULL: JSON */
    bool all;
    struct sum sums[DIFFERENCES][REASON_COUNT];
};

static void print_address(const struct run *run, const struct backtest_row *row)
{
    g_autofree char *until = row->until == 0 ? g_strdup("for good") : event_time_format(row->until);
    const char *const cells[] = {
        row->recipient, backtest_difference_names[row->difference], reason_names[row->reason], row->scope,
        until,          row->policy != NULL ? row->policy : ""};
    static const char *const names[] = {"recipient", "difference", "reason", "scope", "until", "policy"};
    g_autoptr(GString) line = g_string_new("{");

    if (run->table != NULL) {
        table_add(run->table, cells);
        return;
    }
    for (size_t i = 0; i < G_N_ELEMENTS(names); i++) {
        if (*cells[i] != '\0')
            output_json_member(line, names[i], cells[i]);
    }
    g_string_append_c(line, '}');
    output_line(run->output, line);
}

static void add_up(struct run *run, const struct backtest_row *row)
{
    struct sum *sum = &run->sums[row->difference][row->reason];

    if (sum->addresses < EXAMPLES)
        sum->examples[sum->addresses] = g_strdup(row->recipient);
    sum->addresses++;
}

static void print_sum(const struct run *run, enum backtest_difference difference, enum reason reason)
{
    const struct sum *sum = &run->sums[difference][reason];
    g_autoptr(GString) line = g_string_new("{"), examples = g_string_new(NULL);
    g_autofree char *addresses = g_strdup_printf("%" G_GUINT64_FORMAT, sum->addresses);

    for (size_t i = 0; i < EXAMPLES && sum->examples[i] != NULL; i++) {
        g_string_append(examples, i > 0 ? run->table != NULL ? ", " : "," : "");
        if (run->table != NULL)
            g_string_append(examples, sum->examples[i]);
        else
            json_text(examples, sum->examples[i]);
    }
    const char *cells[] = {backtest_difference_names[difference], reason_names[reason], addresses, examples->str};
    if (run->table != NULL) {
        table_add(run->table, cells);
        return;
    }
    output_json_member(line, "difference", cells[0]);
    output_json_member(line, "reason", cells[1]);
    g_string_append_printf(line, ",\"addresses\":%s,\"examples\":[%s]}", addresses, examples->str);
    output_line(run->output, line);
}

static void print_sums(struct run *run)
{
    for (unsigned difference = 0; difference < DIFFERENCES; difference++) {
        for (enum reason reason = REASON_NONE; reason < REASON_COUNT; reason++) {
            if (run->sums[difference][reason].addresses > 0)
                print_sum(run, difference, reason);
            for (size_t i = 0; i < EXAMPLES; i++)
                g_clear_pointer(&run->sums[difference][reason].examples[i], g_free);
        }
    }
}

int policy_backtest(struct context *context, const struct store_filter *filter, bool all, GError **error)
{
    struct store *store = context_store(context, STORE_MODE_READ, error);
    g_autoptr(Backtest) backtest = store != NULL ? backtest_new(store, filter, context->now, error) : NULL;
    struct run run = {.output = &context->output, .all = all};
    struct output output = context->output;
    struct backtest_row row;

    if (backtest == NULL)
        return EX_IOERR;
    output.chosen = NULL;
    g_autoptr(Table) table =
        output.json ? NULL : table_new(&output, all ? all_columns : sum_columns, "the list is as it would be");
    run.table = table;
    while (backtest_next(backtest, &row, error)) {
        if (all)
            print_address(&run, &row);
        else
            add_up(&run, &row);
    }
    print_sums(&run);
    fprintf(stderr, "bouncectl: policy: %" G_GUINT64_FORMAT " events of %" G_GUINT64_FORMAT " addresses judged\n",
            backtest_events(backtest), backtest_addresses(backtest));
    return EX_OK;
}
