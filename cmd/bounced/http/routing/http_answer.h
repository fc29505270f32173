/* http_answer.h: the answer to a request, in the making. Problems are those of RFC 9457, one row a kind. */
#pragma once

#include <glib.h>
#include <stdbool.h>

enum problem {
    PROBLEM_BAD_REQUEST,
    PROBLEM_INVALID_ADDRESS,
    PROBLEM_INVALID_BODY,
    PROBLEM_UNAUTHENTICATED,
    PROBLEM_FORBIDDEN,
    PROBLEM_NOT_FOUND,
    PROBLEM_METHOD_NOT_ALLOWED,
    PROBLEM_CONFLICT,
    PROBLEM_CURSOR_EXPIRED,
    PROBLEM_PRECONDITION_FAILED,
    PROBLEM_TOO_LARGE,
    PROBLEM_UNSUPPORTED_TYPE,
    PROBLEM_TOO_MANY_REQUESTS,
    PROBLEM_INTERNAL,
    PROBLEM_UNAVAILABLE,
    PROBLEM_TOO_MANY_WAIT,
    PROBLEMS
};

struct problem_kind {
    const char *name; /* "/problems/NAME" is its type */
    unsigned status;
    const char *title;
    const char *retry_after; /* seconds; NULL: it would be the same again */
};
extern const struct problem_kind problem_kinds[PROBLEMS];

/* A header field of it. */
struct http_answer_field {
    char *name;
    char *value;
};

struct http_answer {
    unsigned status;                    /* 0: there is none yet */
    const char *type;                   /* a constant; NULL: no body */
    const struct problem_kind *problem; /* NULL: it is none */
    GArray *fields;                     /* of struct http_answer_field */
    GString *body;
};

void http_answer_init(struct http_answer *answer);
void http_answer_clear(struct http_answer *answer);

/* Sets the status and the type; the body is for the caller to append to. */
void http_answer_begin(struct http_answer *answer, unsigned status, const char *type);
/* Control characters of `value` become blanks. */
void http_answer_field(struct http_answer *answer, const char *name, const char *value);
/* Becomes a problem, whatever it was; `detail` (may be NULL) is for people, about this request. */
void http_answer_problem(struct http_answer *answer, enum problem problem, const char *detail);
