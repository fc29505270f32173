#include "store/claims.h"

#include "store/adding/proving.h"

bool store_claims_take(struct store *store, gint64 now, unsigned limit, GPtrArray *claims, gint64 *next, GError **error)
{
    guint before = claims->len;

    if (!store_begin(store, error))
        return false;
    if ((proving_take(store, now, limit, claims, next, error) || store_undo(store)) && store_commit(store, error))
        return true;
    g_ptr_array_set_size(claims, (gint)before);
    return false;
}

bool store_claims_resume(struct store *store, gint64 now, GError **error)
{
    return store_begin(store, error) && (proving_resume(store, now, error) || store_undo(store)) &&
           store_commit(store, error);
}

bool store_claims_settle(struct store *store, const struct claim_outcome *outcome, unsigned *proven, GError **error)
{
    *proven = 0;
    return store_begin(store, error) && (proving_settle(store, outcome, proven, error) || store_undo(store)) &&
           store_commit(store, error);
}
