#include "cmd/proof/alignment.h"

#include <libpsl.h>
#include <string.h>

bool alignment_below(const char *domain, const char *parent)
{
    size_t length = strlen(domain), above = strlen(parent);

    if (above == 0 || length < above || strcmp(domain + length - above, parent) != 0)
        return false;
    return length == above || domain[length - above - 1] == '.';
}

bool alignment_speaks_for(const char *signer, const char *domain)
{
    return alignment_below(domain, signer) && !psl_is_public_suffix(psl_builtin(), signer);
}

bool alignment_same_organization(const char *domain, const char *other)
{
    const char *one = psl_registrable_domain(psl_builtin(), domain);
    const char *two = psl_registrable_domain(psl_builtin(), other);

    return one != NULL && two != NULL && strcmp(one, two) == 0;
}

const char *alignment_domain(const char *address)
{
    const char *at = strrchr(address, '@');

    return at != NULL ? at + 1 : address;
}
