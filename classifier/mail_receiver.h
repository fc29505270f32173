/* mail_receiver.h: the receiver of a recipient's mail: a mailbox provider by its domains and hosts, or else the
 * organisation whose domain it is, by the list of public suffixes that libpsl has built in. A receiver is a name:
 * "google", "t-online"; "example.org" for shop.example.org. */
#pragma once

#include <stdbool.h>
#include <stddef.h>

#include "classifier/mailbox_domain.h"

/* `recipient`: an address whose domain is lower-case and of A-labels. `remote_mta`: the host that the report names, in
 * whatever form, which tells of providers that take mail for the domains of others; NULL: not known. A host that is in
 * no table says nothing: it may be a relay of ours. NULL if there is no recipient, or no domain in it; the name is a
 * constant, or the end of `recipient`. */
const char *mail_receiver_of(const char *recipient, const char *remote_mta);

/* Is the domain (lower-case, A-labels) a public suffix, such as com or co.uk, below which others have theirs? */
bool mail_receiver_is_suffix(const char *domain);

/* May it be the name of one: a provider's, or a domain? */
bool mail_receiver_may_be(const char *name);

/* The hosts that take mail for providers and for the domains of others, as mailbox_domains() has domains. Of filters
 * that stand before others' servers, too: it is they who answer. */
const struct mailbox_domain *mail_receiver_hosts(size_t *n);
