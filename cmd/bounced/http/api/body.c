#include "cmd/bounced/http/api/body.h"

#include <string.h>

#include "cmd/bounced/http/routing/http_time.h"

/* An object is of this type, or of one that does not say ("curl -d" says that it is a form). */
static bool is_json(const char *type)
{
    static const char json[] = "application/json";
    size_t length = strlen(json);

    return type == NULL ||
           (g_ascii_strncasecmp(type, json, length) == 0 && (type[length] == '\0' || strchr("; \t", type[length])));
}

static bool refuse(struct http_call *call, const char *name, const char *expected)
{
    g_autofree char *detail = g_strdup_printf("the member \"%s\" is not %s", name, expected);

    http_answer_problem(&call->answer, PROBLEM_INVALID_BODY, detail);
    return false;
}

json_t *body_object(struct http_call *call, bool optional)
{
    const GString *body = call->request.body;
    json_error_t error;
    json_t *object;

    if (!is_json(call->request.fields[HTTP_FIELD_CONTENT_TYPE])) {
        http_answer_problem(&call->answer, PROBLEM_UNSUPPORTED_TYPE, "expected application/json");
        return NULL;
    }
    if (optional && body->len == 0)
        return json_object();
    object = json_loadb(body->str, body->len, JSON_REJECT_DUPLICATES, &error);
    if (json_is_object(object))
        return object;
    g_autofree char *detail =
        object != NULL ? g_strdup("expected an object") : g_strdup_printf("octet %d: %s", error.position, error.text);
    http_answer_problem(&call->answer, PROBLEM_INVALID_BODY, detail);
    json_decref(object);
    return NULL;
}

bool body_text(struct http_call *call, const json_t *object, const char *name, const char **text)
{
    const json_t *value = json_object_get(object, name);

    *text = json_string_value(value);
    if (value == NULL || json_is_null(value) || (*text != NULL && http_request_is_text(*text)))
        return true;
    return refuse(call, name, "text without control characters");
}

bool body_time(struct http_call *call, const json_t *object, const char *name, gint64 *seconds)
{
    const char *text;

    *seconds = 0;
    if (!body_text(call, object, name, &text))
        return false;
    return text == NULL || (http_time_read(text, seconds) && *seconds > 0) ||
           refuse(call, name, "a time, as in \"2026-11-28T06:45:10Z\"");
}

bool body_knows(struct http_call *call, json_t *object, const char *const *names)
{
    const char *name;
    json_t *value;

    json_object_foreach(object, name, value)
    {
        if (!g_strv_contains(names, name)) {
            g_autofree char *detail = g_strdup_printf("there is no member \"%s\"", name);
            http_answer_problem(&call->answer, PROBLEM_INVALID_BODY, detail);
            return false;
        }
    }
    return true;
}
