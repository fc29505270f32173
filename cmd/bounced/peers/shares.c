#include "cmd/bounced/peers/shares.h"

static void share_free(void *data)
{
    struct share *share = data;

    g_free(share->address);
    g_free(share);
}

GHashTable *shares_new(void)
{
    return g_hash_table_new_full(g_str_hash, g_str_equal, NULL, share_free);
}

struct share *share_join(GHashTable *shares, const struct network_host *host)
{
    g_autofree char *address = host->is_ip ? network_name(host, 32, 64) : NULL;
    struct share *share = address != NULL ? g_hash_table_lookup(shares, address) : NULL;

    if (share == NULL) {
        share = g_new0(struct share, 1);
        share->address = g_steal_pointer(&address);
        if (share->address != NULL)
            g_hash_table_insert(shares, share->address, share);
    }
    share->users++;
    return share;
}

void share_leave(GHashTable *shares, struct share *share)
{
    if (--share->users > 0)
        return;
    if (share->address != NULL)
        g_hash_table_remove(shares, share->address);
    else
        share_free(share);
}
