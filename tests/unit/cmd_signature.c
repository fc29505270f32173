/* DKIM signatures: what counts, and what does not, made by libopendkim's signer with keys made here. */
#include "cmd/proof/signature.h"

#include <opendkim/dkim.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <string.h>

#define HEADER                                                                                                         \
    "From: Loop <loop@fbl.example.net>\r\n"                                                                            \
    "To: feedback@example.com\r\n"                                                                                     \
    "Subject: complaint\r\n"                                                                                           \
    "Date: Sat, 28 Nov 2026 12:00:00 +0000\r\n"
#define BODY "somebody complained\r\n"

enum key { KEY_LONG, KEY_OTHER, KEY_SHORT, KEY_N };

static struct {
    char *pem;
    char *record;
} keys[KEY_N];

static void make_key(enum key key, unsigned bits)
{
    EVP_PKEY *pair = EVP_RSA_gen(bits);
    BIO *bio = BIO_new(BIO_s_mem());
    unsigned char *der = NULL;
    g_autofree char *base64 = NULL;
    char *text = NULL;
    int length = i2d_PUBKEY(pair, &der);
    size_t size;

    g_assert_true(PEM_write_bio_PrivateKey(bio, pair, NULL, NULL, 0, NULL, NULL));
    size = (size_t)BIO_get_mem_data(bio, &text);
    keys[key].pem = g_strndup(text, size);
    base64 = g_base64_encode(der, (size_t)length);
    keys[key].record = g_strdup_printf("v=DKIM1; k=rsa; p=%s", base64);
    OPENSSL_free(der);
    BIO_free(bio);
    EVP_PKEY_free(pair);
}

/* A DKIM-Signature field for a header and a body, by `d=`, with `l=` when `length` is not -1. */
static char *sign(const char *header, const char *body, const char *domain, dkim_alg_t algorithm, ssize_t length)
{
    DKIM_LIB *library = dkim_init(NULL, NULL);
    const char *pem = strcmp(domain, "short.example.net") == 0 ? keys[KEY_SHORT].pem : keys[KEY_LONG].pem;
    g_autofree char *whole = g_strconcat(header, "\r\n", body, NULL);
    u_int bits = 512, flags = DKIM_LIBFLAGS_SIGNLEN;
    u_char *field;
    size_t size;
    DKIM_STAT status;
    DKIM *dkim;
    char *copy;

    dkim_options(library, DKIM_OP_SETOPT, DKIM_OPTS_MINKEYBITS, &bits, sizeof bits);
    if (length >= 0)
        dkim_options(library, DKIM_OP_SETOPT, DKIM_OPTS_FLAGS, &flags, sizeof flags);
    dkim = dkim_sign(library, (const u_char *)"test", NULL, (dkim_sigkey_t)pem, (const u_char *)"s1",
                     (const u_char *)domain, DKIM_CANON_RELAXED, DKIM_CANON_SIMPLE, algorithm, length, &status);
    g_assert_nonnull(dkim);
    g_assert_cmpint(dkim_chunk(dkim, (u_char *)whole, strlen(whole)), ==, DKIM_STAT_OK);
    g_assert_cmpint(dkim_chunk(dkim, NULL, 0), ==, DKIM_STAT_OK);
    g_assert_cmpint(dkim_eom(dkim, NULL), ==, DKIM_STAT_OK);
    g_assert_cmpint(dkim_getsighdr_d(dkim, 0, &field, &size), ==, DKIM_STAT_OK);
    copy = g_strdup_printf("DKIM-Signature: %.*s\r\n", (int)size, field);
    dkim_free(dkim);
    dkim_close(library);
    return copy;
}

/* The message that is signed, and the one that comes. */
static const struct {
    const char *name;
    const char *header;      /* that is signed; NULL: HEADER */
    const char *sent_header; /* NULL: the signed one */
    const char *sent_body;   /* NULL: the signed one */
    const char *domain;
    const char *key; /* of the record: "long", "other", "short", or a prefix put before the long one's "p=" */
    ssize_t length;
    dkim_alg_t algorithm;
    bool usable;
    bool valid;
} rows[] = {
    {"good", NULL, NULL, NULL, "example.net", "long", -1, DKIM_SIGN_RSASHA256, true, true},
    {"folded", NULL,
     "From:  Loop\r\n <loop@fbl.example.net>\r\nTo: feedback@example.com\r\nSubject: complaint\r\nDate: Sat, 28 Nov "
     "2026 "
     "12:00:00 +0000\r\n",
     NULL, "example.net", "long", -1, DKIM_SIGN_RSASHA256, true, true},
    {"another key", NULL, NULL, NULL, "example.net", "other", -1, DKIM_SIGN_RSASHA256, true, false},
    {"no key", NULL, NULL, NULL, "example.net", NULL, -1, DKIM_SIGN_RSASHA256, true, false},
    {"a key for tests", NULL, NULL, NULL, "example.net", "v=DKIM1; t=y; ", -1, DKIM_SIGN_RSASHA256, true, false},
    {"a key for other services", NULL, NULL, NULL, "example.net", "v=DKIM1; s=tlsrpt; ", -1, DKIM_SIGN_RSASHA256, true,
     false},
    {"a revoked key", NULL, NULL, NULL, "example.net", "v=DKIM1; p=; x", -1, DKIM_SIGN_RSASHA256, true, false},
    {"a record of something else", NULL, NULL, NULL, "example.net", "v=spf1 -all; ", -1, DKIM_SIGN_RSASHA256, true,
     false},
    {"a short key", NULL, NULL, NULL, "short.example.net", "short", -1, DKIM_SIGN_RSASHA256, true, false},
    {"another body", NULL, NULL, "somebody else\r\n", "example.net", "long", -1, DKIM_SIGN_RSASHA256, true, false},
    {"more body", NULL, NULL, BODY "more\r\n", "example.net", "long", -1, DKIM_SIGN_RSASHA256, true, false},
    {"a signed length", NULL, NULL, NULL, "example.net", "long", sizeof BODY - 1, DKIM_SIGN_RSASHA256, false, false},
    {"a signed length and more body", NULL, NULL, BODY "more\r\n", "example.net", "long", sizeof BODY - 1,
     DKIM_SIGN_RSASHA256, false, false},
    {"SHA-1", NULL, NULL, NULL, "example.net", "long", -1, DKIM_SIGN_RSASHA1, false, false},
    {"another From", NULL,
     "From: evil@fbl.example.net\r\nTo: feedback@example.com\r\nSubject: complaint\r\nDate: Sat, 28 Nov 2026 12:00:00 "
     "+0000\r\n",
     NULL, "example.net", "long", -1, DKIM_SIGN_RSASHA256, true, false},
    {"another Subject", NULL,
     "From: Loop <loop@fbl.example.net>\r\nTo: feedback@example.com\r\nSubject: x\r\nDate: Sat, 28 Nov 2026 12:00:00 "
     "+0000\r\n",
     NULL, "example.net", "long", -1, DKIM_SIGN_RSASHA256, true, false},
    {"a second From", NULL, "From: evil@fbl.example.net\r\n" HEADER, NULL, "example.net", "long", -1,
     DKIM_SIGN_RSASHA256, false, false},
    {"a second To", NULL, "To: list@example.org\r\n" HEADER, NULL, "example.net", "long", -1, DKIM_SIGN_RSASHA256,
     false, false},
    {"a To that is not signed", "From: loop@fbl.example.net\r\nSubject: complaint\r\n",
     "From: loop@fbl.example.net\r\nSubject: complaint\r\nTo: feedback@example.com\r\n", NULL, "example.net", "long",
     -1, DKIM_SIGN_RSASHA256, false, false},
    {"a Subject that is not signed", "From: loop@fbl.example.net\r\nTo: feedback@example.com\r\n",
     "From: loop@fbl.example.net\r\nTo: feedback@example.com\r\nSubject: unsubscribe\r\n", NULL, "example.net", "long",
     -1, DKIM_SIGN_RSASHA256, false, false},
};

static char *record_of(const char *key)
{
    if (key == NULL)
        return NULL;
    if (strcmp(key, "long") == 0)
        return g_strdup(keys[KEY_LONG].record);
    if (strcmp(key, "other") == 0)
        return g_strdup(keys[KEY_OTHER].record);
    if (strcmp(key, "short") == 0)
        return g_strdup(keys[KEY_SHORT].record);
    return g_strconcat(key, strstr(keys[KEY_LONG].record, "p="), NULL);
}

static void test_table(void)
{
    g_autoptr(Signatures) signatures = signatures_new();

    for (size_t i = 0; i < G_N_ELEMENTS(rows); i++) {
        const char *signed_header = rows[i].header != NULL ? rows[i].header : HEADER;
        const char *sent = rows[i].sent_header != NULL ? rows[i].sent_header : signed_header;
        g_autofree char *field = sign(signed_header, BODY, rows[i].domain, rows[i].algorithm, rows[i].length);
        g_autofree char *bytes =
            g_strconcat(field, sent, "\r\n", rows[i].sent_body != NULL ? rows[i].sent_body : BODY, NULL);
        g_autoptr(Header) header = header_read(bytes, strlen(bytes));
        g_autoptr(GPtrArray) list = signature_list(signatures, header);
        struct signature *signature;

        g_test_message("%s", rows[i].name);
        g_assert_cmpuint(list->len, ==, 1);
        signature = list->pdata[0];
        g_assert_cmpstr(signature->domain, ==, rows[i].domain);
        g_assert_cmpstr(signature->selector, ==, "s1");
        g_assert_true(signature->usable == rows[i].usable);
        signature->key = record_of(rows[i].key);
        signature_verify(signatures, header, list);
        g_assert_true(signature->valid == rows[i].valid);
    }
}

/* A maildir's message has LF alone. */
static void test_lf(void)
{
    g_autoptr(Signatures) signatures = signatures_new();
    g_autofree char *field = sign(HEADER, BODY, "example.net", DKIM_SIGN_RSASHA256, -1);
    g_autofree char *bytes = g_strconcat(field, HEADER "\r\n" BODY, NULL);
    g_auto(GStrv) lines = g_strsplit(bytes, "\r\n", -1);
    g_autofree char *lf = g_strjoinv("\n", lines);
    g_autoptr(Header) header = header_read(lf, strlen(lf));
    g_autoptr(GPtrArray) list = signature_list(signatures, header);
    struct signature *signature = list->pdata[0];

    signature->key = g_strdup(keys[KEY_LONG].record);
    signature_verify(signatures, header, list);
    g_assert_true(signature->valid);
}

/* Only the topmost five are looked at, and each for itself. */
static void test_many(void)
{
    g_autoptr(Signatures) signatures = signatures_new();
    g_autofree char *good = sign(HEADER, BODY, "example.net", DKIM_SIGN_RSASHA256, -1);
    g_autofree char *bad = sign(HEADER, "other\r\n", "example.org", DKIM_SIGN_RSASHA256, -1);
    static const unsigned before[] = {0, 1, 4, 5, 400};

    for (size_t i = 0; i < G_N_ELEMENTS(before); i++) {
        g_autoptr(GString) bytes = g_string_new(NULL);
        g_autoptr(Header) header = NULL;
        g_autoptr(GPtrArray) list = NULL;
        unsigned valid = 0;

        for (unsigned n = 0; n < before[i]; n++)
            g_string_append(bytes, bad);
        g_string_append(bytes, good);
        g_string_append(bytes, HEADER "\r\n" BODY);
        header = header_read(bytes->str, bytes->len);
        list = signature_list(signatures, header);
        g_assert_cmpuint(list->len, ==, MIN(before[i] + 1, SIGNATURE_MAX));
        for (guint n = 0; n < list->len; n++)
            ((struct signature *)list->pdata[n])->key = g_strdup(keys[KEY_LONG].record);
        signature_verify(signatures, header, list);
        for (guint n = 0; n < list->len; n++)
            valid += ((struct signature *)list->pdata[n])->valid;
        g_test_message("%u before", before[i]);
        g_assert_cmpuint(valid, ==, before[i] < SIGNATURE_MAX);
    }
}

/* Fields that are no signature, or hurt: no crash, nothing usable. */
static void test_broken(void)
{
    static const char *const fields[] = {
        "v=1",
        "",
        ";;;;",
        "v=1; a=rsa-sha256; d=; s=; h=from; bh=x; b=y",
        "v=1; a=rsa-sha256; d=example.net; s=../../etc; h=from:to:subject; bh=eA==; b=eQ==",
        "v=1; a=rsa-sha256; d=.net; s=s1; h=from:to:subject; bh=eA==; b=eQ==",
        "v=1; a=rsa-sha256; d=example.net; s=s1; x=1; t=0; h=from:to:subject; bh=eA==; b=eQ==",
        "v=1; a=rsa-sha256; d=example.net; s=s1; x=1000; h=from:to:subject; bh=eA==; b=eQ==",
        "v=1; a=rsa-sha256; d=example.net; s=s1; h=to:subject; bh=eA==; b=eQ==",
        "v=2; a=rsa-sha256; d=example.net; s=s1; h=from:to:subject; bh=eA==; b=eQ==",
    };
    g_autoptr(Signatures) signatures = signatures_new();

    for (size_t i = 0; i < G_N_ELEMENTS(fields); i++) {
        g_autofree char *bytes = g_strconcat("DKIM-Signature: ", fields[i], "\r\n", HEADER "\r\n" BODY, NULL);
        g_autoptr(Header) header = header_read(bytes, strlen(bytes));
        g_autoptr(GPtrArray) list = signature_list(signatures, header);

        g_test_message("%s", fields[i]);
        for (guint n = 0; n < list->len; n++)
            g_assert_false(((struct signature *)list->pdata[n])->usable);
    }
}

/* The worst that fits: as many fields, names in h= and signatures as are looked at, and 10 MB of blanks to
 * canonicalise. It takes a tenth of a second; a product of two of these would take minutes. */
static void test_large(void)
{
    g_autoptr(Signatures) signatures = signatures_new();
    g_autoptr(GString) bytes = g_string_new(NULL), names = g_string_new("from:to:subject");
    gint64 start = g_get_monotonic_time();

    while (names->len < 7900)
        g_string_append(names, ":x");
    for (unsigned i = 0; i < SIGNATURE_MAX; i++)
        g_string_append_printf(bytes,
                               "DKIM-Signature: v=1; a=rsa-sha256; c=relaxed/relaxed; d=example.net; s=s1; h=%s; "
                               "bh=eA==; b=eQ==\r\n",
                               names->str);
    g_string_append(bytes, HEADER);
    for (unsigned i = 0; i < 480; i++)
        g_string_append_printf(bytes, "X: %400s\r\n", "x");
    g_string_append(bytes, "\r\n");
    while (bytes->len < 10 << 20)
        g_string_append(bytes, " \t \r\n");
    g_autoptr(Header) header = header_read(bytes->str, bytes->len);
    g_autoptr(GPtrArray) list = signature_list(signatures, header);
    g_assert_cmpuint(list->len, ==, SIGNATURE_MAX);
    for (guint i = 0; i < list->len; i++) {
        struct signature *signature = list->pdata[i];

        g_assert_true(signature->usable);
        signature->key = g_strdup(keys[KEY_LONG].record);
    }
    signature_verify(signatures, header, list);
    g_assert_cmpint(g_get_monotonic_time() - start, <, 20 * G_TIME_SPAN_SECOND);
}

int main(int argc, char **argv)
{
    int status;

    g_test_init(&argc, &argv, NULL);
    make_key(KEY_LONG, 2048);
    make_key(KEY_OTHER, 2048);
    make_key(KEY_SHORT, 1016);
    g_test_add_func("/signature/table", test_table);
    g_test_add_func("/signature/lf", test_lf);
    g_test_add_func("/signature/many", test_many);
    g_test_add_func("/signature/large", test_large);
    g_test_add_func("/signature/broken", test_broken);
    status = g_test_run();
    for (size_t i = 0; i < KEY_N; i++) {
        g_free(keys[i].pem);
        g_free(keys[i].record);
    }
    return status;
}
