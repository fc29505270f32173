#include "store/claim.h"

void claim_free(struct claim *claim)
{
    if (claim == NULL)
        return;
    g_free(claim->digest);
    g_free(claim->signers);
    g_free(claim);
}
