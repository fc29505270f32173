/* setup.h: the config, the rules and the certificate that the daemon runs by, read together and replaced together. */
#pragma once

#include <glib.h>
#include <openssl/ssl.h>

#include "classifier/classifier.h"
#include "cmd/config/config.h"

struct setup {
    char *file; /* as it was asked for; NULL: the default */
    struct config *config;
    struct classifier *classifier;
    SSL_CTX *tls; /* NULL: there is no certificate */
};

/* NULL and an error if one of them is bad. Nothing else is touched, so this is also how they are checked. */
struct setup *setup_load(const char *file, GError **error);
void setup_free(struct setup *setup);

/* Moves the members of `fresh` into `setup`, and frees `fresh` with the old ones. */
void setup_replace(struct setup *setup, struct setup *fresh);

typedef struct setup Setup;
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Setup, setup_free)
