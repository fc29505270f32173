#include "store/traces.h"

void privacy_mention_free(struct privacy_mention *mention)
{
    g_free(mention->of);
    g_free(mention->field);
    g_free(mention->text);
    g_free(mention);
}
