#include "cmd/bounced/http/api/body.h"

#include <string.h>

#include "cmd/bounced/http/routing/http_time.h"

bool body_is(const struct http_call *call, const char *type, bool absent)
{
    const char *field = call->request.fields[HTTP_FIELD_CONTENT_TYPE];
    size_t length = strlen(type);

    if (field == NULL)
        return absent;
    return g_ascii_strncasecmp(field, type, length) == 0 && (field[length] == '\0' || strchr("; \t", field[length]));
}

static bool refuse(struct http_call *call, const char *name, const char *expected)
{
    g_autofree char *detail = g_strdup_printf("the member \"%s\" is not %s", name, expected);

    http_answer_problem(&call->answer, PROBLEM_INVALID_BODY, detail);
    return false;
}

/* "curl -d" says that it is a form. */
static bool check_type(struct http_call *call)
{
    if (body_is(call, "application/json", true))
        return true;
    http_answer_problem(&call->answer, PROBLEM_UNSUPPORTED_TYPE, "expected application/json");
    return false;
}

json_t *body_json(struct http_call *call)
{
    const GString *body = call->request.body;
    json_error_t error;
    json_t *value;

    if (!check_type(call))
        return NULL;
    value = json_loadb(body->str, body->len, JSON_REJECT_DUPLICATES, &error);
    if (value == NULL) {
        g_autofree char *detail = g_strdup_printf("octet %d: %s", error.position, error.text);
        http_answer_problem(&call->answer, PROBLEM_INVALID_BODY, detail);
    }
    return value;
}

json_t *body_object(struct http_call *call, bool optional)
{
    json_t *value;

    if (optional && call->request.body->len == 0)
        return check_type(call) ? json_object() : NULL;
    value = body_json(call);
    if (value == NULL || json_is_object(value))
        return value;
    http_answer_problem(&call->answer, PROBLEM_INVALID_BODY, "expected an object");
    json_decref(value);
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

bool body_flag(struct http_call *call, const json_t *object, const char *name, bool *flag)
{
    const json_t *value = json_object_get(object, name);

    *flag = json_is_true(value);
    return value == NULL || json_is_null(value) || json_is_boolean(value) || refuse(call, name, "true or false");
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
