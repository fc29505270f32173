#include "store/screen/sieve.h"

#include <openssl/core_names.h>
#include <openssl/evp.h>
#include <openssl/params.h>
#include <openssl/rand.h>

enum {
    BLOCK_WORDS = 8, /* of 64 bits: a cache line */
    BLOCK_OCTETS = 64,
    BLOCK_SUBJECTS = 512 / 12,
    BITS = 6, /* of a subject, in one block */
    KEY_OCTETS = 16,
    SPARE = 4, /* a quarter more subjects than expected */
};

struct sieve {
    EVP_MAC_CTX *hash;
    guint64 *blocks; /* aligned to a cache line */
    guint64 n;       /* of them */
    guint64 count;   /* of subjects */
    bool largest;
};

/* Two independent numbers of a subject. */
struct sieve_hash {
    guint64 block, bits;
};

static EVP_MAC_CTX *new_hash(void)
{
    gsize size = sizeof(struct sieve_hash);
    const OSSL_PARAM parameters[] = {OSSL_PARAM_construct_size_t(OSSL_MAC_PARAM_SIZE, &size),
                                     OSSL_PARAM_construct_end()};
    guint8 key[KEY_OCTETS];
    EVP_MAC *siphash = EVP_MAC_fetch(NULL, OSSL_MAC_NAME_SIPHASH, NULL);
    EVP_MAC_CTX *hash = siphash == NULL ? NULL : EVP_MAC_CTX_new(siphash);

    EVP_MAC_free(siphash);
    if (hash == NULL || RAND_bytes(key, sizeof key) != 1 || EVP_MAC_init(hash, key, sizeof key, parameters) != 1)
        g_error("OpenSSL has no SipHash");
    return hash;
}

struct sieve *sieve_new(guint64 expected, gsize most)
{
    struct sieve *sieve = g_new0(struct sieve, 1);
    guint64 n = (expected + expected / SPARE) / BLOCK_SUBJECTS + 1;
    guint64 most_blocks = MAX(most / BLOCK_OCTETS, 1);

    sieve->hash = new_hash();
    sieve->largest = n >= most_blocks;
    sieve->n = MIN(n, most_blocks);
    sieve->blocks = g_aligned_alloc0(sieve->n, BLOCK_OCTETS, BLOCK_OCTETS);
    return sieve;
}

void sieve_free(struct sieve *sieve)
{
    if (sieve == NULL)
        return;
    EVP_MAC_CTX_free(sieve->hash);
    g_aligned_free(sieve->blocks);
    g_free(sieve);
}

static struct sieve_hash hash_of(const struct sieve *sieve, const char *subject, gsize length)
{
    struct sieve_hash hash = {0};
    gsize written;

    /* With the key that it has. */
    bool good = EVP_MAC_init(sieve->hash, NULL, 0, NULL) == 1 &&
                EVP_MAC_update(sieve->hash, (const guint8 *)subject, length) == 1 &&
                EVP_MAC_final(sieve->hash, (guint8 *)&hash, &written, sizeof hash) == 1;
    g_assert(good && written == sizeof hash);
    return hash;
}

static guint64 *block_of(const struct sieve *sieve, const struct sieve_hash *hash)
{
    return sieve->blocks + hash->block % sieve->n * BLOCK_WORDS;
}

/* Bit `i` of a subject: the word in its block and the bit in the word, by nine bits of the hash. */
static guint64 bit_of(const struct sieve_hash *hash, unsigned i, unsigned *word)
{
    unsigned bit = hash->bits >> (9 * i) & 511;

    *word = bit / 64;
    return G_GUINT64_CONSTANT(1) << bit % 64;
}

void sieve_add(struct sieve *sieve, const char *subject, gsize length)
{
    const struct sieve_hash hash = hash_of(sieve, subject, length);
    guint64 *block = block_of(sieve, &hash);
    bool new = false;

    for (unsigned i = 0, word; i < BITS; i++) {
        guint64 bit = bit_of(&hash, i, &word);
        new = new || (block[word] & bit) == 0;
        block[word] |= bit;
    }
    sieve->count += new;
}

bool sieve_may_hold(const struct sieve *sieve, const char *subject, gsize length)
{
    const struct sieve_hash hash = hash_of(sieve, subject, length);
    const guint64 *block = block_of(sieve, &hash);

    for (unsigned i = 0, word; i < BITS; i++) {
        guint64 bit = bit_of(&hash, i, &word);
        if ((block[word] & bit) == 0)
            return false;
    }
    return true;
}

bool sieve_full(const struct sieve *sieve)
{
    return !sieve->largest && sieve->count > sieve->n * BLOCK_SUBJECTS;
}

guint64 sieve_count(const struct sieve *sieve)
{
    return sieve->count;
}

gsize sieve_octets(const struct sieve *sieve)
{
    return sieve->n * BLOCK_OCTETS;
}
