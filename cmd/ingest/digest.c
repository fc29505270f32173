#include "cmd/ingest/digest.h"

#include <openssl/evp.h>
#include <string.h>

/* CRLF counts as LF, and the last line has one. */
static void add_lines(EVP_MD_CTX *sum, const char *at, const char *end)
{
    while (at < end) {
        const char *lf = memchr(at, '\n', (size_t)(end - at));
        const char *stop = lf != NULL ? lf : end;

        if (stop > at && stop[-1] == '\r')
            stop--;
        EVP_DigestUpdate(sum, at, (size_t)(stop - at));
        EVP_DigestUpdate(sum, "\n", 1);
        at = lf != NULL ? lf + 1 : end;
    }
}

void digest_message(const char *rcpt_to, enum report_evidence evidence, const GString *bytes,
                    guint8 digest[STORE_DIGEST_SIZE])
{
    EVP_MD_CTX *sum = EVP_MD_CTX_new();

    EVP_DigestInit_ex(sum, EVP_sha256(), NULL);
    EVP_DigestUpdate(sum, rcpt_to, strlen(rcpt_to) + 1);
    if (evidence == REPORT_EVIDENCE_AUTHENTICATED)
        EVP_DigestUpdate(sum, "", 1);
    add_lines(sum, bytes->str, bytes->str + bytes->len);
    EVP_DigestFinal_ex(sum, digest, NULL);
    EVP_MD_CTX_free(sum);
}

/* The NUL, too, so that no two texts run together. */
static void add_text(EVP_MD_CTX *sum, const char *text)
{
    EVP_DigestUpdate(sum, text != NULL ? text : "", text != NULL ? strlen(text) + 1 : 1);
}

static void add_number(EVP_MD_CTX *sum, gint64 number)
{
    g_autofree char *text = g_strdup_printf("%" G_GINT64_FORMAT, number);

    add_text(sum, text);
}

static void add_observation(EVP_MD_CTX *sum, const struct observation *observation, gint64 time)
{
    add_text(sum, observation->recipient);
    add_text(sum, observation->status);
    add_text(sum, observation->diagnostic);
    add_text(sum, observation->host);
    add_text(sum, observation->stream);
    add_text(sum, observation->message_id);
    add_text(sum, report_action_names[observation->action]);
    add_number(sum, observation->reply);
    add_number(sum, time);
    if (observation->final_recipient != NULL)
        add_text(sum, observation->final_recipient);
}

static EVP_MD_CTX *begin_testimony(const struct testimony *testimony, const char *part)
{
    EVP_MD_CTX *sum = EVP_MD_CTX_new();

    EVP_DigestInit_ex(sum, EVP_sha256(), NULL);
    add_text(sum, part);
    add_text(sum, testimony->who);
    return sum;
}

static void end_testimony(EVP_MD_CTX *sum, guint8 *octets, size_t length)
{
    guint8 all[EVP_MAX_MD_SIZE];

    EVP_DigestFinal_ex(sum, all, NULL);
    memcpy(octets, all, length);
    EVP_MD_CTX_free(sum);
}

void digest_testimony(const struct testimony *testimony, gint64 received, guint8 digest[STORE_DIGEST_SIZE])
{
    const struct observation *observation = &testimony->observation;
    bool keyed = testimony->key != NULL;
    size_t from = keyed ? DIGEST_KEY_SIZE : 0;
    EVP_MD_CTX *sum;

    if (keyed) {
        sum = begin_testimony(testimony, "key");
        add_text(sum, testimony->key);
        end_testimony(sum, digest, DIGEST_KEY_SIZE);
    }
    sum = begin_testimony(testimony, "testimony");
    add_observation(sum, observation, observation->time != 0 || keyed ? observation->time : received);
    end_testimony(sum, digest + from, STORE_DIGEST_SIZE - from);
}

char *digest_hex(const guint8 digest[STORE_DIGEST_SIZE])
{
    static const char digits[] = "0123456789abcdef";
    GString *hex = g_string_sized_new((size_t)2 * STORE_DIGEST_SIZE);

    for (size_t i = 0; i < STORE_DIGEST_SIZE; i++) {
        g_string_append_c(hex, digits[digest[i] >> 4]);
        g_string_append_c(hex, digits[digest[i] & 15]);
    }
    return g_string_free(hex, FALSE);
}
