/* audience.h: whose something is, and what somebody may be told. A tenant is told of its own: the entries of scope
 * tenant=T and stream=S, for each stream S of it, and the reports about its mail. Pure. */
#pragma once

#include <glib.h>
#include <stdbool.h>

#include "store/stored.h"

struct audience {
    const char *tenant;  /* NULL: all may be told */
    GHashTable *tenants; /* of a stream the tenant, both char *; NULL is fine, and none has one then */
};

/* The tenant whose entries of this scope are; NULL: nobody's alone. It lives as long as the scope and `tenants`, of a
 * stream the tenant, both char *. */
const char *audience_tenant_of(GHashTable *tenants, const char *scope);

/* Is it the audience's own? */
bool audience_owns(const struct audience *audience, const char *scope);
bool audience_owns_stream(const struct audience *audience, const char *stream);

/* May the event be told? */
bool audience_hears(const struct audience *audience, const struct stored_event *event);
/* An entry that applies to a tenant's mail, and is not its own, is told without what others wrote of it. */
void audience_hide(const struct audience *audience, struct suppression *entry);
/* An event that it hears of, and that is of no entry of its own, likewise. */
void audience_hide_event(const struct audience *audience, struct stored_event *event);
