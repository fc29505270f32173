#include "cmd/bounced/setup.h"

#include "cmd/ingest.h"

struct setup *setup_load(const char *file, GError **error)
{
    struct setup *setup = g_new0(struct setup, 1);

    setup->file = g_strdup(file);
    setup->config = config_load(file, error);
    if (setup->config != NULL)
        setup->classifier = ingest_classifier(setup->config, error);
    if (setup->classifier != NULL)
        return setup;
    setup_free(setup);
    return NULL;
}

void setup_free(struct setup *setup)
{
    if (setup == NULL)
        return;
    g_free(setup->file);
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
