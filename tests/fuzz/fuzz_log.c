/* Lines of a log, read by every format: attempts whose texts lie in the line or in the reader, in memory that has a
 * limit. */
#include <stdint.h>
#include <string.h>

#include "parser/log_reader.h"

enum { QUEUE_OCTETS = 4096 };

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* Each octet is looked at, so that a sanitizer sees what is not there. */
static size_t sum(struct span text)
{
    size_t octets = 0;

    for (size_t i = 0; i < text.length; i++)
        octets += (unsigned char)text.at[i];
    return octets;
}

static void check(const struct log_attempt *attempt)
{
    const struct span texts[] = {attempt->server,     attempt->queue_id,   attempt->sender,
                                 attempt->recipient,  attempt->host,       attempt->status,
                                 attempt->diagnostic, attempt->message_id, attempt->final_recipient};
    size_t octets = 0;

    g_assert(attempt->action == REPORT_ACTION_FAILED || attempt->action == REPORT_ACTION_DELAYED ||
             attempt->action == REPORT_ACTION_DELIVERED);
    g_assert(attempt->queue_id.length > 0 || attempt->software == LOG_SOFTWARE_POWERMTA);
    g_assert(memchr(attempt->recipient.at, '@', attempt->recipient.length) != NULL);
    for (size_t i = 0; i < G_N_ELEMENTS(texts); i++)
        octets += sum(texts[i]);
    g_assert(octets > 0);
}

static void read_all(LogReader *reader, struct span rest)
{
    const struct log_attempt *attempt;
    struct span line;

    while (span_line(&rest, &line)) {
        bool known = log_reader_line(reader, line);

        while ((attempt = log_reader_next(reader)) != NULL) {
            g_assert(known);
            check(attempt);
        }
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    for (enum log_software software = LOG_SOFTWARE_AUTO; log_software_names[software] != NULL; software++) {
        const struct log_settings settings = {
            .software = software, .newest = 1796083200, .year = software % 2 * 2026, .queue_octets = QUEUE_OCTETS};
        g_autoptr(LogReader) reader = log_reader_new(&settings);

        read_all(reader, (struct span){(const char *)data, size});
    }
    return 0;
}
