#include "cmd/bounced/setup.h"

#include "cmd/bounced/tls.h"
#include "cmd/ingest.h"

static bool read_certificate(struct setup *setup, GError **error)
{
    const struct config *config = setup->config;

    if (config->tls_certificate == NULL)
        return true;
    setup->tls = tls_context_new(config->tls_certificate, config->tls_key, error);
    return setup->tls != NULL;
}

struct setup *setup_load(const char *file, GError **error)
{
    struct setup *setup = g_new0(struct setup, 1);

    setup->file = g_strdup(file);
    setup->config = config_load(file, error);
    if (setup->config != NULL)
        setup->classifier = ingest_classifier(setup->config, error);
    if (setup->classifier != NULL && read_certificate(setup, error))
        return setup;
    setup_free(setup);
    return NULL;
}

void setup_free(struct setup *setup)
{
    if (setup == NULL)
        return;
    g_free(setup->file);
    SSL_CTX_free(setup->tls);
    classifier_free(setup->classifier);
    config_free(setup->config);
    g_free(setup);
}

void setup_replace(struct setup *setup, struct setup *fresh)
{
    struct setup old = *setup;

    *setup = *fresh;
    *fresh = old;
    setup_free(fresh);
}
