/* mailbox_domain.h: the domains of mailbox providers, as data. */
#pragma once

#include <stddef.h>

/* Stands for the domains below it, too. "yahoo.*" is that name right below any public suffix. */
struct mailbox_domain {
    const char *domain;
    const char *provider;
};

/* `*n` of them, sorted by domain as octets. */
const struct mailbox_domain *mailbox_domains(size_t *n);
