#include "cmd/bounced/http/routing/http_route.h"

#include <string.h>

/* The segment that `at` begins with, without the slash behind it. */
static size_t segment(const char *at)
{
    return strcspn(at, "/");
}

/* Are the paths the same but for the parameters? The raw text of these goes into `raw`. */
static bool matches(const char *template, const char *path, char *raw[HTTP_PARAMETERS])
{
    size_t n = 0;

    while (*template == '/' && *path == '/') {
        size_t wanted = segment(++template), got = segment(++path);

        if (*template == '{') {
            if (got == 0 || n == HTTP_PARAMETERS)
                return false;
            raw[n++] = g_strndup(path, got);
        } else if (wanted != got || memcmp(template, path, got) != 0) {
            return false;
        }
        template += wanted;
        path += got;
    }
    return *template == '\0' && *path == '\0';
}

/* A "/" in a parameter is "%2F", which is why the path is cut before it is decoded. */
static bool decode(struct http_request *request, char *raw[HTTP_PARAMETERS])
{
    for (size_t i = 0; i < HTTP_PARAMETERS && raw[i] != NULL; i++) {
        request->parameters[i] = g_uri_unescape_string(raw[i], NULL);
        if (request->parameters[i] == NULL || !http_request_is_text(request->parameters[i]))
            return false;
    }
    return true;
}

static void clear(char *raw[HTTP_PARAMETERS])
{
    for (size_t i = 0; i < HTTP_PARAMETERS; i++)
        g_clear_pointer(&raw[i], g_free);
}

static void allow(GString *allowed, const struct http_route *route)
{
    if (allowed->len > 0)
        g_string_append(allowed, ", ");
    g_string_append(allowed, http_method_names[route->method]);
    if (route->method == HTTP_METHOD_GET)
        g_string_append(allowed, ", HEAD");
}

enum http_route_result http_route_find(const struct http_route *routes, unsigned services, struct http_call *call,
                                       GString *allowed)
{
    enum http_route_result result = HTTP_ROUTE_NOT_FOUND;

    g_string_truncate(allowed, 0);
    for (const struct http_route *route = routes; route->path != NULL; route++) {
        char *raw[HTTP_PARAMETERS] = {NULL};

        if ((services & (1U << route->service)) == 0 || !matches(route->path, call->request.path, raw)) {
            clear(raw);
            continue;
        }
        allow(allowed, route);
        if (result != HTTP_ROUTE_FOUND)
            result = HTTP_ROUTE_NOT_ALLOWED;
        if (route->method == call->request.method && call->route == NULL) {
            call->route = route;
            result = HTTP_ROUTE_FOUND;
            if (!decode(&call->request, raw))
                result = HTTP_ROUTE_BAD;
        }
        clear(raw);
        if (result == HTTP_ROUTE_BAD)
            break;
    }
    return result;
}

static bool knows(const char *names, const char *name)
{
    size_t length = strchr(name, ' ') == NULL ? strlen(name) : 0;

    for (const char *at = names; length > 0 && (at = strstr(at, name)) != NULL; at += length) {
        if ((at == names || at[-1] == ' ') && (at[length] == '\0' || at[length] == ' '))
            return true;
    }
    return false;
}

const char *http_route_stranger(const struct http_route *route, const struct http_request *request)
{
    GHashTableIter iter;
    gpointer name;

    if (route->arguments == NULL)
        return NULL;
    g_hash_table_iter_init(&iter, request->arguments);
    while (g_hash_table_iter_next(&iter, &name, NULL)) {
        if (!knows(route->arguments, name))
            return name;
    }
    return NULL;
}
