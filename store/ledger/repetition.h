/* repetition.h: what was reported before: the same failure counts once a report, whatever way it came by; once a mail
 * of ours; and once a day (UTC). Internal to store/. */
#pragma once

#include "store/event.h"
#include "store/ledger/state.h"
#include "store/stored.h"

/* Of what the event reports: who says what of whom, about which mail, and when. False when too little of that is known
 * to tell two reports apart. */
bool repetition_fingerprint(const struct event *event, gint64 received, guint8 fingerprint[EVENT_FINGERPRINT_SIZE]);

/* The day of the signature that proves the event, as a time; 0: it is not proven so. */
gint64 repetition_signed_on(const struct event *event);

/* Was it reported before, by what may do as much? `event` has its fingerprint; failures of another scope are others. */
bool repetition_found(struct store *store, const struct event *event, gint64 received, const char *scope,
                      bool *repeated, GError **error);

/* Was the mail that it reports on sent before an operator last took the address off the list of the scope? */
bool repetition_stale(struct store *store, const struct event *event, const char *scope, bool *stale, GError **error);

/* Reports of one mail come within two months before the day of the last. */
gint64 repetition_mail_since(gint64 received);
