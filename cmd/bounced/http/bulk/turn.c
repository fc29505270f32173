#include "cmd/bounced/http/bulk/turn.h"

#include "cmd/bounced/http/http_parts.h"

bool turn_may_go_on(struct turn *turn)
{
    if (g_atomic_int_get(&turn->call->parts->stopping) != 0)
        turn->refusal = "the daemon stops";
    return turn->refusal == NULL;
}

bool turn_has_room(struct turn *turn)
{
    if (ingest_short_of_room(turn->call->parts->ingest))
        turn->refusal = "the database is short of room";
    return turn->refusal == NULL;
}

struct store *turn_begin(struct turn *turn)
{
    struct http_call *call = turn->call;
    struct store *store;

    if (!turn_may_go_on(turn))
        return NULL;
    turn->began = g_get_monotonic_time();
    store = ingest_borrow_store(call->parts->ingest, &call->error);
    if (store == NULL)
        turn_end(turn);
    return store;
}

bool turn_end(struct turn *turn)
{
    struct http_call *call = turn->call;

    ingest_return_store(call->parts->ingest, call->error);
    if (call->error != NULL)
        turn->refusal = "the database cannot be used now";
    else
        g_usleep((gulong)(g_get_monotonic_time() - turn->began));
    return call->error == NULL;
}
