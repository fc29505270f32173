#include "cmd/bounced/http/gate.h"

#include <string.h>

#include "cmd/bounced/http/routing/http_route.h"
#include "cmd/bounced/peers/rates.h"
#include "store/token.h"

#define SCHEME "Bearer " /* in any case (RFC 9110, section 11.1) */

enum { SOURCES = 20000, DAY = 24 * 60 * 60 };

struct gate {
    struct rates *tokens, *refused; /* by name; by address */
    struct config_rate token_rate, refusal_rate;
    GHashTable *used; /* of a token's name the day (gint64) of its last use */
};

struct gate *gate_new(const struct config *config)
{
    struct gate *gate = g_new0(struct gate, 1);

    gate->tokens = rates_new(SOURCES);
    gate->refused = rates_new(SOURCES);
    gate->used = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, g_free);
    gate_reload(gate, config);
    return gate;
}

void gate_free(struct gate *gate)
{
    if (gate == NULL)
        return;
    rates_free(gate->tokens);
    rates_free(gate->refused);
    g_hash_table_unref(gate->used);
    g_free(gate);
}

void gate_reload(struct gate *gate, const struct config *config)
{
    gate->token_rate = config->api_token_rate;
    gate->refusal_rate = config->api_refusal_rate;
}

static bool ask_for_token(struct http_call *call)
{
    http_answer_problem(&call->answer, PROBLEM_UNAUTHENTICATED, NULL);
    http_answer_field(&call->answer, "WWW-Authenticate", "Bearer realm=\"bounced\"");
    return false;
}

static bool refuse(struct gate *gate, struct http_call *call)
{
    if (rates_take(gate->refused, call->client, &gate->refusal_rate, g_get_monotonic_time(), NULL))
        return ask_for_token(call);
    http_answer_problem(&call->answer, PROBLEM_TOO_MANY_REQUESTS, "too many requests without a good token");
    return false;
}

static bool take_token(struct http_call *call, struct token *token)
{
    call->grant.name = g_steal_pointer(&token->name);
    call->grant.tenant = g_steal_pointer(&token->tenant);
    call->grant.rights = token->rights;
    if ((call->grant.rights & call->route->right) != 0)
        return true;
    http_answer_problem(&call->answer, PROBLEM_FORBIDDEN, "the token has not the right that is needed");
    return false;
}

static bool is_first(struct gate *gate, const struct http_call *call, const struct token *token)
{
    gint64 today = call->now / DAY;
    gint64 *day = g_hash_table_lookup(gate->used, call->grant.name);

    if (token->used / DAY == today || (day != NULL && *day == today))
        return false;
    g_hash_table_replace(gate->used, g_strdup(call->grant.name), g_memdup2(&today, sizeof today));
    return true;
}

/* NULL if it has none that is good, or with call->error. */
static struct token *find_token(struct http_call *call)
{
    const char *field = call->request.fields[HTTP_FIELD_AUTHORIZATION];
    size_t length = strlen(SCHEME);

    if (field == NULL || g_ascii_strncasecmp(field, SCHEME, length) != 0)
        return NULL;
    return store_token_find(call->store, field + length, call->now, &call->error);
}

bool gate_holds(struct http_call *call)
{
    g_autoptr(Token) token = find_token(call);

    return token != NULL || (call->error == NULL && ask_for_token(call));
}

bool gate_pass(struct gate *gate, struct http_call *call, bool *first)
{
    g_autoptr(Token) token = find_token(call);

    *first = false;
    if (token == NULL)
        return call->error == NULL && refuse(gate, call);
    if (!rates_take(gate->tokens, token->name, &gate->token_rate, g_get_monotonic_time(), NULL)) {
        http_answer_problem(&call->answer, PROBLEM_TOO_MANY_REQUESTS, "too many requests with this token");
        return false;
    }
    bool passes = take_token(call, token);
    *first = is_first(gate, call, token);
    return passes;
}
