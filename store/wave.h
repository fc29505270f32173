/* wave.h: waves: a receiver that fails far more mail than it used to is taken to be at fault itself, and what it says
 * of its recipients puts nobody on the list for the time being (Gmail denied mailboxes that it had for seven hours in
 * December 2020).
 *
 * A wave is of one receiver (classifier/mail_receiver.h) and one rule. It holds entries of the list: they are there,
 * and not in force. An entry takes effect when its address fails hard again a day after the wave's end, or later; it
 * goes when mail to the address goes through, or when `hold` has passed since the end. Complaints and opt-outs are
 * never held. An event keeps that it was held: whatever judges an address's events again takes it as held for as long
 * as the wave waits, and as nothing when the wave has let go; one that an operator confirmed is as any other. */
#pragma once

#include <glib.h>
#include <stdbool.h>

#include "store/stored.h"

struct store;

struct wave {
    gint64 id;
    char *receiver;
    char *rule;
    gint64 began;     /* its first failure; of one from before version 16, as much as an hour earlier */
    gint64 raised;    /* the alarm, up to an hour later */
    gint64 ended;     /* 0: it is on */
    gint64 closed;    /* it let go of what it still held; 0: it has not */
    gint64 level;     /* the failures of an hour by which it became one */
    gint64 baseline;  /* surge.h */
    gint64 failures;  /* addresses that failed in it */
    gint64 confirmed; /* entries that took effect */
    gint64 dropped;   /* entries that went */
    gint64 held;      /* entries now */
};
void wave_free(struct wave *wave);

/* The last `limit` waves with lesser ids than `before` (0: all), newest first, of struct wave *; NULL and an error. */
GPtrArray *wave_list(struct store *store, gint64 before, unsigned limit, GError **error);
/* NULL without an error if there is none. */
struct wave *wave_find(struct store *store, gint64 id, GError **error);
/* How many are on. */
bool wave_count(struct store *store, gint64 *n, GError **error);

/* The subjects of the first `limit` entries that it holds, of char *; NULL and an error. */
GPtrArray *wave_subjects(struct store *store, gint64 id, unsigned limit, GError **error);

/* In transactions of their own: the first `limit` entries that it holds take effect by the order, or go; `*n` of them.
 * The reports about those that go count no more. If the order has a batch, reversal.h undoes it. */
bool wave_confirm(struct store *store, gint64 id, const struct store_order *order, unsigned limit, unsigned *n,
                  GError **error);
bool wave_drop(struct store *store, gint64 id, const struct store_order *order, unsigned limit, unsigned *n,
               GError **error);

/* Waves that began or ended and were not told of yet, of struct wave *; NULL and an error. */
GPtrArray *wave_news(struct store *store, GError **error);
/* Somebody was told of the wave as it is here. In a transaction of its own. */
bool wave_told(struct store *store, const struct wave *wave, GError **error);

typedef struct wave Wave;
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Wave, wave_free)
