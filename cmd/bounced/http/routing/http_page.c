#include "cmd/bounced/http/routing/http_page.h"

#include <string.h>

void http_page_begin(struct http_call *call)
{
    g_string_append(call->answer.body, "{\"items\":[");
}

/* The request again, but for the cursor. */
static void add_link(struct http_call *call, const char *next)
{
    g_autoptr(GString) uri = g_string_new("<");
    GHashTableIter iter;
    gpointer name, value;

    g_string_append_printf(uri, "%s?", call->request.path);
    g_hash_table_iter_init(&iter, call->request.arguments);
    while (g_hash_table_iter_next(&iter, &name, &value)) {
        if (strcmp(name, "after") == 0)
            continue;
        g_string_append_uri_escaped(uri, name, NULL, FALSE);
        g_string_append_c(uri, '=');
        g_string_append_uri_escaped(uri, value, NULL, FALSE);
        g_string_append_c(uri, '&');
    }
    g_string_append_printf(uri, "after=%s>; rel=\"next\"", next);
    http_answer_field(&call->answer, "Link", uri->str);
}

void http_page_end(struct http_call *call, const char *next)
{
    http_answer_begin(&call->answer, 200, "application/json");
    if (next == NULL) {
        g_string_append(call->answer.body, "]}\n");
        return;
    }
    g_string_append_printf(call->answer.body, "],\"next\":\"%s\"}\n", next);
    add_link(call, next);
}
