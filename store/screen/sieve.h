/* sieve.h: which subjects are certainly not on the list, in memory: a Bloom filter in blocks of one cache line (F.
 * Putze, P. Sanders, J. Singler: "Cache-, Hash- and Space-Efficient Bloom Filters", 2007), 12 bits a subject, which
 * takes one in 150 that it does not hold for one that it may. The hash is SipHash with a key of its own, since
 * strangers choose addresses. Subjects are as the database has them, folded. Pure memory. Internal to store/. */
#pragma once

#include <glib.h>
#include <stdbool.h>

struct sieve;

/* For as many subjects as `expected`; it never takes more than `most` octets, and holds back less then. */
struct sieve *sieve_new(guint64 expected, gsize most);
void sieve_free(struct sieve *sieve);

void sieve_add(struct sieve *sieve, const char *subject, gsize length);
/* False: it was not added. */
bool sieve_may_hold(const struct sieve *sieve, const char *subject, gsize length);

/* Does it hold more than it was made for, while a larger one may be made? */
bool sieve_full(const struct sieve *sieve);
/* The subjects that it holds, but for a few that it took for others. */
guint64 sieve_count(const struct sieve *sieve);
gsize sieve_octets(const struct sieve *sieve);

typedef struct sieve Sieve;
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Sieve, sieve_free)
