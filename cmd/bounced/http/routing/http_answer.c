#include "cmd/bounced/http/routing/http_answer.h"

#include <jansson.h>
#include <stdlib.h>

const struct problem_kind problem_kinds[PROBLEMS] = {
    [PROBLEM_BAD_REQUEST] = {"bad-request", 400, "The request cannot be understood", NULL},
    [PROBLEM_INVALID_ADDRESS] = {"invalid-address", 400, "The address is not valid", NULL},
    [PROBLEM_INVALID_BODY] = {"invalid-body", 400, "The body is not what this route takes", NULL},
    [PROBLEM_UNAUTHENTICATED] = {"unauthenticated", 401, "A valid token is needed", NULL},
    [PROBLEM_FORBIDDEN] = {"forbidden", 403, "The token does not allow this", NULL},
    [PROBLEM_NOT_FOUND] = {"not-found", 404, "Nothing is there", NULL},
    [PROBLEM_METHOD_NOT_ALLOWED] = {"method-not-allowed", 405, "The path does not know this method", NULL},
    [PROBLEM_CONFLICT] = {"conflict", 409, "Another request is in the way", NULL},
    [PROBLEM_CURSOR_EXPIRED] = {"cursor-expired", 410, "What comes behind the cursor is not kept any more", NULL},
    [PROBLEM_PRECONDITION_FAILED] = {"precondition-failed", 412, "The entry is not as If-Match says", NULL},
    [PROBLEM_TOO_LARGE] = {"too-large", 413, "The body is too large", NULL},
    [PROBLEM_UNSUPPORTED_TYPE] = {"unsupported-type", 415, "The body is of a type that this route does not take", NULL},
    [PROBLEM_TOO_MANY_REQUESTS] = {"too-many-requests", 429, "Too many requests", "1"},
    [PROBLEM_INTERNAL] = {"internal", 500, "The request failed", NULL},
    [PROBLEM_UNAVAILABLE] = {"unavailable", 503, "The store cannot be used now", "1"},
    [PROBLEM_TOO_MANY_WAIT] = {"too-many-wait", 503, "As many requests wait as may", "10"},
};

static void clear_field(void *data)
{
    struct http_answer_field *field = data;

    g_free(field->name);
    g_free(field->value);
}

void http_answer_init(struct http_answer *answer)
{
    answer->status = 0;
    answer->type = NULL;
    answer->problem = NULL;
    answer->body = g_string_new(NULL);
    answer->fields = g_array_new(FALSE, FALSE, sizeof(struct http_answer_field));
    g_array_set_clear_func(answer->fields, clear_field);
}

void http_answer_clear(struct http_answer *answer)
{
    g_string_free(answer->body, TRUE);
    g_array_unref(answer->fields);
}

void http_answer_begin(struct http_answer *answer, unsigned status, const char *type)
{
    answer->status = status;
    answer->type = type;
    answer->problem = NULL;
}

void http_answer_field(struct http_answer *answer, const char *name, const char *value)
{
    struct http_answer_field field = {g_strdup(name), g_strdup(value)};

    for (char *at = field.value; *at != '\0'; at++) {
        if (g_ascii_iscntrl(*at))
            *at = ' ';
    }
    g_array_append_val(answer->fields, field);
}

void http_answer_problem(struct http_answer *answer, enum problem problem, const char *detail)
{
    const struct problem_kind *kind = &problem_kinds[problem];
    g_autofree char *type = g_strconcat("/problems/", kind->name, NULL);
    json_t *object = json_pack("{s:s, s:s, s:i, s:s*}", "type", type, "title", kind->title, "status", (int)kind->status,
                               "detail", detail);
    char *text = object != NULL ? json_dumps(object, JSON_COMPACT) : NULL;

    http_answer_begin(answer, kind->status, "application/problem+json");
    answer->problem = kind;
    g_string_assign(answer->body, text != NULL ? text : "{}");
    free(text);
    json_decref(object);
    if (kind->retry_after != NULL)
        http_answer_field(answer, "Retry-After", kind->retry_after);
}
