#include "cmd/bounced/http/routing/http_request.h"

#include <string.h>

const char *const http_method_names[] = {"GET", "POST", "PUT", "DELETE", NULL};
const char *const http_field_names[] = {"Accept",        "Authorization",   "Content-Encoding",
                                        "Content-Type",  "Idempotency-Key", "If-Match",
                                        "If-None-Match", "Last-Event-ID",   NULL};

enum { ARGUMENTS_MAX = 64 };

bool http_request_is_text(const char *text)
{
    if (!g_utf8_validate(text, -1, NULL))
        return false;
    for (; *text != '\0'; text = g_utf8_next_char(text)) {
        if (g_unichar_iscntrl(g_utf8_get_char(text)))
            return false;
    }
    return true;
}

/* Of a name or a value as forms have them (application/x-www-form-urlencoded): "+" is a blank. NULL if it is no text.
 */
static char *decode(const char *text, const char *end)
{
    g_autofree char *encoded = g_strndup(text, (gsize)(end - text));
    char *decoded;

    g_strdelimit(encoded, "+", ' ');
    decoded = g_uri_unescape_string(encoded, NULL);
    if (decoded != NULL && http_request_is_text(decoded))
        return decoded;
    g_free(decoded);
    return NULL;
}

static bool take_argument(struct http_request *request, const char *text, const char *end, const char **why)
{
    const char *equals = memchr(text, '=', (size_t)(end - text));
    g_autofree char *name = decode(text, equals != NULL ? equals : end);
    g_autofree char *value = equals != NULL ? decode(equals + 1, end) : g_strdup("");

    *why = "the query is not UTF-8 text, percent-encoded";
    if (name == NULL || value == NULL)
        return false;
    *why = "the query has a name twice, or too many";
    return g_hash_table_size(request->arguments) < ARGUMENTS_MAX &&
           g_hash_table_insert(request->arguments, g_steal_pointer(&name), g_steal_pointer(&value));
}

bool http_request_read_uri(struct http_request *request, const char *uri, const char **why)
{
    const char *query = strchr(uri, '?');

    request->path = query != NULL ? g_strndup(uri, (gsize)(query - uri)) : g_strdup(uri);
    request->arguments = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, g_free);
    while (query != NULL) {
        const char *start = query + 1, *end = strchrnul(start, '&');

        if (end > start && !take_argument(request, start, end, why))
            return false;
        query = *end == '&' ? end : NULL;
    }
    return true;
}

void http_request_clear(struct http_request *request)
{
    g_free(request->path);
    g_clear_pointer(&request->arguments, g_hash_table_unref);
    for (size_t i = 0; i < HTTP_PARAMETERS; i++)
        g_free(request->parameters[i]);
    for (size_t i = 0; i < HTTP_FIELDS; i++)
        g_free(request->fields[i]);
    if (request->body != NULL)
        g_string_free(request->body, TRUE);
}

const char *http_request_argument(const struct http_request *request, const char *name)
{
    return g_hash_table_lookup(request->arguments, name);
}

bool http_request_flag(const struct http_request *request, const char *name, bool *flag)
{
    const char *text = http_request_argument(request, name);

    *flag = text != NULL && (*text == '\0' || strcmp(text, "true") == 0);
    return *flag || text == NULL || strcmp(text, "false") == 0;
}

bool http_request_number(const struct http_request *request, const char *name, gint64 minimum, gint64 maximum,
                         gint64 absent, gint64 *number)
{
    const char *text = http_request_argument(request, name);

    *number = absent;
    return text == NULL || g_ascii_string_to_signed(text, 10, minimum, maximum, number, NULL);
}

bool http_request_wants(const struct http_request *request, const char *type)
{
    static const char *const json[] = {"application/json", "application/*", "*/*"};
    const char *accept = request->fields[HTTP_FIELD_ACCEPT];
    const char *at = accept != NULL ? strstr(accept, type) : NULL;

    for (size_t i = 0; at != NULL && i < G_N_ELEMENTS(json); i++) {
        const char *other = strstr(accept, json[i]);
        if (other != NULL && other < at)
            return false;
    }
    return at != NULL;
}
