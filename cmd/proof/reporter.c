#include "cmd/proof/reporter.h"

#include <string.h>

#include "cmd/proof/alignment.h"

const struct reporter reporters[] = {
    {"Yahoo and AOL (CFL)", "arf.mail.yahoo.com"},
    {"Validity, for Comcast, Rackspace, Fastmail and others", "senderscore.net"},
    {"Amazon SES, for loops behind it", "complaints@email-abuse.amazonses.com"},
    {"Microsoft JMRP", "staff@hotmail.com"},
    {NULL, NULL},
};

static bool believes(const char *trust, const char *author, const char *signer)
{
    if (strchr(trust, '@') != NULL)
        return g_ascii_strcasecmp(trust, author) == 0;
    return alignment_below(signer, trust);
}

bool reporter_trusted(const GPtrArray *trust, const char *author, const char *signer)
{
    for (const struct reporter *row = reporters; row->name != NULL; row++) {
        if (believes(row->trust, author, signer))
            return true;
    }
    for (guint i = 0; trust != NULL && i < trust->len; i++) {
        if (believes(trust->pdata[i], author, signer))
            return true;
    }
    return false;
}
