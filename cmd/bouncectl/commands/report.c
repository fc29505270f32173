#include <sysexits.h>

#include "cmd/bouncectl/commands/commands.h"
#include "reports/daily.h"
#include "reports/moment.h"

#define DAY ((gint64)24 * 60 * 60)

struct report_options {
    gint64 date;
    unsigned format;
};

static int report(struct context *context, const void *data, char **arguments, GError **error)
{
    const struct report_options *options = data;
    g_autofree char *day = moment_day(options->date != 0 ? options->date : context->now - DAY);
    enum daily_format format = options->format > 0 ? options->format - 1 : DAILY_TEXT;
    struct store *store;

    (void)arguments;
    if (context->output.json && options->format > 0 && format != DAILY_JSON) {
        subcommand_usage_error(error, "report: --json and --format %s exclude each other", daily_format_names[format]);
        return EX_USAGE;
    }
    if (options->date > context->now) {
        subcommand_usage_error(error, "report: --date: that day is still to come");
        return EX_USAGE;
    }
    store = context_store(context, STORE_MODE_READ, error);
    if (store == NULL)
        return EX_IOERR;
    GString *text = daily_report(store, day, context->output.json ? DAILY_JSON : format, error);
    if (text == NULL)
        return EX_IOERR;
    fwrite(text->str, 1, text->len, context->output.stream);
    g_string_free(text, TRUE);
    return EX_OK;
}

static const struct option_row rows[] = {
    {"date", 0, OPTION_MOMENT, offsetof(struct report_options, date), "DAY",
     "the day (UTC): 2026-11-22, today; default: yesterday", NULL},
    {"format", 'f', OPTION_CHOICE, offsetof(struct report_options, format), "FORMAT", "the format", daily_format_names},
    {0},
};

const struct subcommand subcommand_report = {
    .name = "report",
    .arguments = "",
    .summary = "Print the daily report",
    .details = "Bounces, complaints and delays by sender domain, recipient domain and reason. Without --date it is\n"
               "yesterday, the last day that is complete.\n",
    .examples = "  bouncectl report | mail -s 'bounces of yesterday' postmaster@example.com\n"
                "  bouncectl report --date 2026-11-22 --format csv\n",
    .options = rows,
    .options_size = sizeof(struct report_options),
    .paged = true,
    .run = report,
};
