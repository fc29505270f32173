#include "cmd/bounced/http/routing/http_sse.h"

#include <string.h>

/* field = name ":" " " value LF: a client takes one blank off. */
static void put_field(GString *out, const char *name, const char *value, size_t length)
{
    g_string_append_printf(out, "%s: ", name);
    g_string_append_len(out, value, (gssize)length);
    g_string_append_c(out, '\n');
}

static void put_line(GString *out, const char *name, const char *value)
{
    g_assert(strpbrk(value, "\r\n") == NULL);
    put_field(out, name, value, strlen(value));
}

void http_sse_retry(GString *out, unsigned milliseconds)
{
    g_string_append_printf(out, "retry: %u\n\n", milliseconds);
}

/* A line ends with CR LF, LF or CR; a client puts an LF between two. */
void http_sse_event(GString *out, const char *id, const char *type, const char *data)
{
    put_line(out, "id", id);
    put_line(out, "event", type);
    for (;;) {
        size_t length = strcspn(data, "\r\n");

        put_field(out, "data", data, length);
        data += length;
        if (*data == '\0')
            break;
        data += g_str_has_prefix(data, "\r\n") ? 2 : 1;
    }
    g_string_append_c(out, '\n');
}

void http_sse_id(GString *out, const char *id)
{
    put_line(out, "id", id);
    g_string_append_c(out, '\n');
}

void http_sse_beat(GString *out)
{
    g_string_append(out, ":\n\n");
}
