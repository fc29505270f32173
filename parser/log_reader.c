#include "parser/log_reader.h"

#include <string.h>

#include "parser/logs/exim_line.h"
#include "parser/logs/log_formats.h"
#include "parser/logs/log_stamp.h"
#include "parser/logs/log_table.h"
#include "parser/logs/settlement.h"

struct log_reader {
    struct log_settings settings;
    struct log_clock clock;
    struct log_table *table;
    struct settlement *settlement;
};

struct log_reader *log_reader_new(const struct log_settings *settings)
{
    struct log_reader *reader = g_new0(struct log_reader, 1);

    reader->settings = *settings;
    reader->table = log_table_new();
    reader->settlement = settlement_new(settings->queue_octets);
    log_reader_begin(reader, settings->newest, settings->year);
    return reader;
}

void log_reader_free(struct log_reader *reader)
{
    if (reader == NULL)
        return;
    settlement_free(reader->settlement);
    log_table_free(reader->table);
    g_free(reader);
}

void log_reader_begin(struct log_reader *reader, gint64 newest, int year)
{
    log_clock_start(&reader->clock, reader->settings.zone, newest, year);
    log_table_begin(reader->table);
}

/* --- a line of syslog: stamp SP host SP program "[" pid "]:" SP text ------------------------------------------------
 */

static bool split(struct span *text, struct span *host, struct span *program)
{
    struct span rest = *text;
    const char *bracket;

    if (!span_word(&rest, host) || !span_word(&rest, program) || program->at[program->length - 1] != ':')
        return false;
    program->length--;
    bracket = span_find_char(*program, '[');
    if (bracket != NULL)
        *program = span_head(*program, (size_t)(bracket - program->at));
    *text = span_trim(rest);
    return program->length > 0;
}

static struct span instance_of(struct span program)
{
    const char *slash = program.length == 0 ? NULL : memrchr(program.at, '/', program.length);

    return slash != NULL ? span_head(program, (size_t)(slash - program.at)) : span_head(program, 0);
}

static bool is_wanted(const struct log_reader *reader, const struct log_format *format)
{
    return reader->settings.software == LOG_SOFTWARE_AUTO || reader->settings.software == format->software;
}

/* Whose log is it? NULL: it is not known, or not wanted. */
static const struct log_format *find_format(const struct log_reader *reader, bool bare, struct span program)
{
    for (size_t i = LOG_SOFTWARE_AUTO + 1; i < LOG_FORMATS; i++) {
        const struct log_format *format = &log_formats[i];

        if (bare ? format->stamped : log_format_knows(format, program))
            return is_wanted(reader, format) ? format : NULL;
    }
    return NULL;
}

/* --- a line of a table -------------------------------------------------------------------------------------------- */

static bool read_table(struct log_reader *reader, struct span text)
{
    for (size_t i = LOG_SOFTWARE_AUTO + 1; i < LOG_FORMATS; i++) {
        struct log_record record = {.end = LOG_END_NONE};
        struct settlement_line line = {.format = &log_formats[i], .record = &record};
        enum log_table_line found = LOG_TABLE_LINE_OTHER;

        if (line.format->read == NULL && is_wanted(reader, line.format))
            found = log_table_read(reader->table, line.format, text, &record);
        if (found == LOG_TABLE_LINE_OTHER)
            continue;
        if (found == LOG_TABLE_LINE_RECORD) {
            log_stamp_read(&reader->clock, &record.fields[LOG_FIELD_TIME], &line.time);
            settlement_take(reader->settlement, &line);
        }
        return true;
    }
    return false;
}

bool log_reader_line(struct log_reader *reader, struct span text)
{
    struct settlement_line line = {0};
    struct log_record record = {.end = LOG_END_NONE};
    struct span program = {NULL, 0};

    settlement_clear(reader->settlement);
    if (!log_stamp_read(&reader->clock, &text, &line.time))
        return read_table(reader, text);
    bool bare = exim_line_starts(text);
    if (!bare && !split(&text, &line.server, &program))
        return false;
    line.format = find_format(reader, bare, program);
    if (line.format == NULL)
        return false;
    line.instance = instance_of(program);
    line.record = &record;
    if (line.format->stamped && !bare)
        log_stamp_read(&reader->clock, &text, &line.time);
    if (line.format->read(line.format, text, &record))
        settlement_take(reader->settlement, &line);
    return true;
}

const struct log_attempt *log_reader_next(struct log_reader *reader)
{
    return settlement_next(reader->settlement);
}
