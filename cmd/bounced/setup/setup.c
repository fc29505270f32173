#include "cmd/bounced/setup/setup.h"

#include "cmd/bounced/setup/tls.h"
#include "cmd/config/config_error.h"
#include "cmd/config/config_load.h"
#include "cmd/config/rule_files.h"

/* The error is about the value of a key: says where it stands, and what was expected. */
static bool blame(const struct config *config, const char *section, const char *key, const char *expected,
                  GError **error)
{
    g_autofree char *place = config_place(config, section, key);
    GError *found = *error;

    *error = g_error_new(CONFIG_ERROR, CONFIG_ERROR_BAD, "%s = %s; expected %s", place, found->message, expected);
    g_error_free(found);
    return false;
}

static bool read_certificate(struct setup *setup, GError **error)
{
    const struct config *config = setup->config;

    if (config->tls_certificate == NULL)
        return true;
    setup->tls = tls_context_new(config->tls_certificate, config->tls_key, error);
    if (setup->tls != NULL)
        return true;
    if (g_error_matches(*error, TLS_ERROR, TLS_ERROR_KEY))
        return blame(config, "tls", "key", "a PEM file with the certificate's private key", error);
    return blame(config, "tls", "certificate", "a PEM file with a chain of certificates", error);
}

struct setup *setup_load(const char *file, GError **error)
{
    struct setup *setup = g_new0(struct setup, 1);

    setup->file = g_strdup(file);
    setup->config = config_load(file, error);
    if (setup->config != NULL)
        setup->classifier = rule_files_classifier(setup->config, error);
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
