/* Evidence of a good signature, and its bounds. */
#include "cmd/proof/proof.h"

#include <string.h>

#include "cmd/proof/alignment.h"
#include "cmd/proof/authentication.h"
#include "cmd/proof/reporter.h"

static const struct {
    const char *signer;
    const char *domain;
    bool speaks_for;
    bool same;
} alignments[] = {
    {"example.org", "example.org", true, true},
    {"example.org", "mail.example.org", true, true},
    {"mail.example.org", "example.org", false, true},
    {"a.example.org", "b.example.org", false, true},
    {"example.org", "badexample.org", false, false},
    {"co.uk", "example.co.uk", false, false},
    {"co.uk", "co.uk", false, false},
    {"evil.co.uk", "example.co.uk", false, false},
    {"org", "example.org", false, false},
    {"github.io", "someone.github.io", false, false}, /* strangers share it */
    {"", "example.org", false, false},
    {"example.org", "", false, false},
};

static void test_alignment(void)
{
    for (size_t i = 0; i < G_N_ELEMENTS(alignments); i++) {
        g_test_message("%s %s", alignments[i].signer, alignments[i].domain);
        g_assert_true(alignment_speaks_for(alignments[i].signer, alignments[i].domain) == alignments[i].speaks_for);
        g_assert_true(alignment_same_organization(alignments[i].signer, alignments[i].domain) == alignments[i].same);
    }
}

#define LOOP "From: feedback@arf.mail.yahoo.com\nTo: fbl@news.example.com\n"
#define CFBL "From: Reports <abuse@mx.provider.example>\nTo: fbl@news.example.com\n"
#define USER "From: Ann <Ann@home.example>\nTo: <mailto-token@news.example.com>\n"

/* The envelope recipient is in@bounces.example.com; the operator trusts fbl.example.net and staff@users.example. */
static const struct {
    const char *name;
    const char *header;
    const char *cfbl;
    const char *signer;
    unsigned kind;
    bool proves;
    const char *recipient;
} rows[] = {
    {"a public loop", LOOP, NULL, "arf.mail.yahoo.com", REPORT_KIND_FEEDBACK, true, "who@yahoo.com"},
    {"below the row", LOOP, NULL, "x.arf.mail.yahoo.com", REPORT_KIND_FEEDBACK, true, "who@yahoo.com"},
    {"its users' own domain", LOOP, NULL, "yahoo.com", REPORT_KIND_FEEDBACK, false, "who@yahoo.com"},
    {"of another organization", LOOP, NULL, "example.net", REPORT_KIND_FEEDBACK, false, "who@yahoo.com"},
    {"a trusted signer, another's From", "From: who@example.net\nTo: fbl@news.example.com\n", NULL,
     "arf.mail.yahoo.com", REPORT_KIND_FEEDBACK, false, "who@yahoo.com"},
    {"a loop's opt-out", LOOP, NULL, "arf.mail.yahoo.com", REPORT_KIND_UNSUBSCRIBE, true, "who@yahoo.com"},
    {"a loop's bounce", LOOP, NULL, "arf.mail.yahoo.com", REPORT_KIND_BOUNCE, false, "who@yahoo.com"},
    {"nobody named", LOOP, NULL, "arf.mail.yahoo.com", REPORT_KIND_FEEDBACK, false, NULL},
    {"sent on by another sender", "From: feedback@arf.mail.yahoo.com\nTo: fbl@other.example\n", NULL,
     "arf.mail.yahoo.com", REPORT_KIND_FEEDBACK, false, "who@yahoo.com"},
    {"among others to us", "From: feedback@arf.mail.yahoo.com\nTo: x@other.example, fbl@example.com\n", NULL,
     "arf.mail.yahoo.com", REPORT_KIND_FEEDBACK, true, "who@yahoo.com"},
    {"two authors", "From: feedback@arf.mail.yahoo.com, x@example.org\nTo: fbl@news.example.com\n", NULL,
     "arf.mail.yahoo.com", REPORT_KIND_FEEDBACK, false, "who@yahoo.com"},
    {"no author", "To: fbl@news.example.com\n", NULL, "arf.mail.yahoo.com", REPORT_KIND_FEEDBACK, false,
     "who@yahoo.com"},
    {"the operator's own domain", "From: x@mx.example.net\nTo: fbl@news.example.com\n", NULL, "fbl.example.net",
     REPORT_KIND_FEEDBACK, true, "who@far.example"},
    {"a neighbour of it", "From: x@mx.example.net\nTo: fbl@news.example.com\n", NULL, "mx.example.net",
     REPORT_KIND_FEEDBACK, false, "who@far.example"},
    {"the operator's own address", "From: STAFF@users.example\nTo: fbl@news.example.com\n", NULL, "users.example",
     REPORT_KIND_FEEDBACK, true, "who@far.example"},
    {"another user there", "From: other@users.example\nTo: fbl@news.example.com\n", NULL, "users.example",
     REPORT_KIND_FEEDBACK, false, "who@far.example"},
    {"that address, signed by another", "From: staff@users.example\nTo: fbl@news.example.com\n", NULL, "evil.example",
     REPORT_KIND_FEEDBACK, false, "who@far.example"},
    {"Microsoft's old form", "From: staff@hotmail.com\nTo: fbl@news.example.com\n", NULL, "hotmail.com",
     REPORT_KIND_FEEDBACK, true, "who@hotmail.com"},
    {"a user of Microsoft's", "From: stuff@hotmail.com\nTo: fbl@news.example.com\n", NULL, "hotmail.com",
     REPORT_KIND_FEEDBACK, false, "who@hotmail.com"},

    {"RFC 9477", CFBL, "cfbl@example.com", "mx.provider.example", REPORT_KIND_FEEDBACK, true, "who@provider.example"},
    {"RFC 9477, the parent signs", CFBL, "cfbl@example.com", "provider.example", REPORT_KIND_FEEDBACK, true,
     "who@provider.example"},
    {"RFC 9477, we did not ask", CFBL, NULL, "provider.example", REPORT_KIND_FEEDBACK, false, "who@provider.example"},
    {"RFC 9477, another was asked", CFBL, "cfbl@other.example", "provider.example", REPORT_KIND_FEEDBACK, false,
     "who@provider.example"},
    {"RFC 9477, another's recipient", CFBL, "cfbl@example.com", "provider.example", REPORT_KIND_FEEDBACK, false,
     "who@far.example"},
    {"RFC 9477, a recipient of a part of it", CFBL, "cfbl@example.com", "provider.example", REPORT_KIND_FEEDBACK, false,
     "who@other.provider.example"},
    {"RFC 9477, another's signature", CFBL, "cfbl@example.com", "far.example", REPORT_KIND_FEEDBACK, false,
     "who@provider.example"},
    {"RFC 9477, one of its users", "From: who2@provider.example\nTo: fbl@news.example.com\n", "cfbl@example.com",
     "provider.example", REPORT_KIND_FEEDBACK, false, "who@provider.example"},
    {"RFC 9477, one of its users", "From: who2@users.provider.example\nTo: fbl@news.example.com\n", "cfbl@example.com",
     "users.provider.example", REPORT_KIND_FEEDBACK, false, "who@provider.example"},

    {"who wants to go", USER, NULL, "home.example", REPORT_KIND_UNSUBSCRIBE, true, "ann@home.example"},
    {"another goes", USER, NULL, "home.example", REPORT_KIND_UNSUBSCRIBE, false, "bob@home.example"},
    {"another signs", USER, NULL, "evil.example", REPORT_KIND_UNSUBSCRIBE, false, "ann@home.example"},
    {"a part of it signs", USER, NULL, "evil.home.example", REPORT_KIND_UNSUBSCRIBE, false, "ann@home.example"},
    {"a public suffix signs", "From: ann@home.co.uk\nTo: x@example.com\n", NULL, "co.uk", REPORT_KIND_UNSUBSCRIBE,
     false, "ann@home.co.uk"},
    {"a complaint is not hers to make", USER, NULL, "home.example", REPORT_KIND_FEEDBACK, false, "ann@home.example"},
    {"mail of hers to another", "From: ann@home.example\nTo: x@other.example\n", NULL, "home.example",
     REPORT_KIND_UNSUBSCRIBE, false, "ann@home.example"},
};

static GPtrArray *strings(const char *text)
{
    GPtrArray *array = g_ptr_array_new_with_free_func(g_free);
    g_auto(GStrv) words = g_strsplit(text, " ", -1);

    for (char **word = words; *word != NULL; word++)
        g_ptr_array_add(array, g_strdup(*word));
    return array;
}

static void test_judge(void)
{
    g_autoptr(GPtrArray) trust = strings("fbl.example.net staff@users.example");
    g_autoptr(GPtrArray) recipients = strings("in@bounces.example.com");

    for (size_t i = 0; i < G_N_ELEMENTS(rows); i++) {
        const struct report_recipient recipient = {.kind = rows[i].kind, .recipient = rows[i].recipient};
        g_autoptr(Header) header = header_read(rows[i].header, strlen(rows[i].header));
        struct proof_letter letter;

        g_test_message("%s", rows[i].name);
        g_assert_nonnull(header);
        proof_letter_read(&letter, header, recipients, rows[i].cfbl);
        g_assert_true(proof_judge(&letter, trust, rows[i].signer, &recipient) == rows[i].proves);
        proof_letter_clear(&letter);
    }
}

/* The addresses that a provider keeps for itself speak for it (RFC 9477), whatever the case of their letters. */
static void test_providers(void)
{
    static const char *const locals[] = {"abuse", "Postmaster", "MAILER-DAEMON", "noreply",  "no-reply",
                                         "fbl",   "cfbl",       "arf",           "feedback", "complaints"};
    static const struct report_recipient recipient = {.kind = REPORT_KIND_FEEDBACK,
                                                      .recipient = "who@provider.example"};
    g_autoptr(GPtrArray) trust = strings("fbl.example.net"), recipients = strings("in@bounces.example.com");

    for (size_t i = 0; i < G_N_ELEMENTS(locals); i++) {
        g_autofree char *text = g_strdup_printf("From: %s@provider.example\nTo: fbl@news.example.com\n", locals[i]);
        g_autoptr(Header) header = header_read(text, strlen(text));
        struct proof_letter letter;

        g_test_message("%s", locals[i]);
        proof_letter_read(&letter, header, recipients, "cfbl@example.com");
        g_assert_true(proof_judge(&letter, trust, "provider.example", &recipient));
        proof_letter_clear(&letter);
    }
}

/* Each row of the table is believed for what it says, and for nothing near it. */
static void test_reporters(void)
{
    static const char *const known[] = {"arf.mail.yahoo.com", "senderscore.net", "complaints@email-abuse.amazonses.com",
                                        "staff@hotmail.com"};

    for (size_t i = 0; i <= G_N_ELEMENTS(known); i++)
        g_assert_cmpstr(reporters[i].trust, ==, i < G_N_ELEMENTS(known) ? known[i] : NULL);
    for (const struct reporter *row = reporters; row->name != NULL; row++) {
        const char *domain = alignment_domain(row->trust);
        g_autofree char *other = g_strconcat("x@", domain, NULL), *near = g_strconcat("x", domain, NULL);
        bool whole = strchr(row->trust, '@') == NULL;

        g_test_message("%s", row->name);
        g_assert_true(reporter_trusted(NULL, whole ? other : row->trust, domain));
        g_assert_true(reporter_trusted(NULL, other, domain) == whole);
        g_assert_false(reporter_trusted(NULL, other, near));
    }
}

#define AR "Authentication-Results: "
#define GOOD "mx.example.com; dkim=pass header.d=good.example"
#define RECEIVED "Received: from x by mx.example.com; Sat, 28 Nov 2026 12:00:00 +0000\n"

static const struct {
    const char *header;
    const char *domains;
} results[] = {
    {AR GOOD "\n" RECEIVED, "good.example"},
    {"Return-Path: <>\n" AR GOOD "\n" RECEIVED, "good.example"},
    {AR "mx.example.com 1; dkim=pass header.d=Good.Example header.s=x header.b=abc\n" RECEIVED, "good.example"},
    {AR "MX.example.COM (Postfix; x) ; spf=fail smtp.mailfrom=a.example;\n dkim = pass (2048-bit; (nested) \\) key) "
        "header.d = good.example; dmarc=pass header.from=c.example\n" RECEIVED,
     "good.example"},
    {AR "mx.example.com; dkim=pass header.i=@good.example; dkim=pass header.d=too.example\n" RECEIVED,
     "good.example too.example"},
    {AR "mx.example.com; dkim=pass header.i=someone@good.example\n" RECEIVED, "good.example"},
    {AR "inner.example.com; dkim=pass header.d=good.example\n" RECEIVED, "good.example"},
    /* not the operator's, or not above Received */
    {AR "mx.example.org; dkim=pass header.d=good.example\n" RECEIVED, ""},
    {AR "xmx.example.com; dkim=pass header.d=good.example\n" RECEIVED, ""},
    {RECEIVED AR GOOD "\n", ""},
    {AR GOOD "\n", ""},
    {"X-Old-" AR GOOD "\n" RECEIVED, ""},
    {AR "mx.example.com 2; dkim=pass header.d=good.example\n" RECEIVED, ""},
    /* did not pass, or says something else */
    {AR "mx.example.com; dkim=fail header.d=good.example\n" RECEIVED, ""},
    {AR "mx.example.com; dkim=passed header.d=good.example\n" RECEIVED, ""},
    {AR "mx.example.com; dkim=pass\n" RECEIVED, ""},
    {AR "mx.example.com; spf=pass header.d=good.example\n" RECEIVED, ""},
    {AR "mx.example.com; spf=pass dkim=pass header.d=good.example\n" RECEIVED, ""},
    {AR "mx.example.com; none\n" RECEIVED, ""},
    {AR "\n" RECEIVED, ""},
    /* what a stranger got into a comment or a string of it */
    {AR "mx.example.com; dkim=fail (x; dkim=pass header.d=good.example) header.d=a.example\n" RECEIVED, ""},
    {AR "mx.example.com; dkim=fail reason=\"; dkim=pass header.d=good.example\" header.d=a.example\n" RECEIVED, ""},
    {AR "mx.example.com; dkim=fail reason=\"\\\"; dkim=pass header.d=good.example\" header.d=a.example\n" RECEIVED, ""},
    {AR "mx.example.com; dkim=fail (x\n" RECEIVED, ""},
    {AR "mx.example.com; dkim=fail reason=\"x\n" RECEIVED, ""},
};

static void test_results(void)
{
    g_autoptr(GPtrArray) ids = strings("mx.example.com inner.example.com");

    for (size_t i = 0; i < G_N_ELEMENTS(results); i++) {
        g_autofree char *bytes = g_strconcat(results[i].header, "From: x@example.org\n\nbody\n", NULL);
        g_autoptr(Header) header = header_read(bytes, strlen(bytes));
        g_autoptr(GPtrArray) domains = authentication_domains(header, ids);
        g_autofree char *joined = NULL;

        g_test_message("%s", results[i].header);
        g_ptr_array_add(domains, NULL);
        joined = g_strjoinv(" ", (char **)domains->pdata);
        g_assert_cmpstr(joined, ==, results[i].domains);
    }
}

/* Headers that two readers could take for different ones. */
static const struct {
    const char *bytes;
    const char *author; /* NULL: none; "-": the header is refused */
} headers[] = {
    {"From: a@example.org\r\n\r\nbody", "a@example.org"},
    {"From: a@example.org\n\nbody", "a@example.org"},
    {"From: A <a@Example.ORG>\r\n", "a@example.org"},
    {"From : a@example.org\r\n", "a@example.org"},
    {"From:\r\n A\r\n\t<a@example.org>\r\n\r\n", "a@example.org"},
    {"From: a@example.org\r\nFrom: b@example.org\r\n\r\n", NULL},
    {"From: a@example.org\r\nfrom : b@example.org\r\n\r\n", NULL},
    {"From: a@example.org, b@example.org\r\n\r\n", NULL},
    {"From: nobody\r\n\r\n", NULL},
    {"Subject: x\r\n\r\nFrom: a@example.org\r\n", NULL},
    {"Subject: x\nFrom: b@example.org\r\nFrom: a@example.org\r\n\r\n", "-"},
    {"Subject: x\rFrom: b@example.org\r\nFrom: a@example.org\r\n\r\n", "-"},
    {"From: a@example.org\r\nno field\r\n\r\n", "-"},
    {" From: a@example.org\r\n\r\n", "-"},
    {": a@example.org\r\n\r\n", "-"},
    {"From: a@example.org", "-"},
    {"\r\nFrom: a@example.org\r\n", "-"},
    {"", "-"},
};

static void test_header(void)
{
    for (size_t i = 0; i < G_N_ELEMENTS(headers); i++) {
        g_autoptr(Header) header = header_read(headers[i].bytes, strlen(headers[i].bytes));
        g_autofree char *author = header != NULL ? header_author(header) : g_strdup("-");

        g_test_message("%s", headers[i].bytes);
        g_assert_cmpstr(author, ==, headers[i].author);
    }
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/proof/alignment", test_alignment);
    g_test_add_func("/proof/judge", test_judge);
    g_test_add_func("/proof/providers", test_providers);
    g_test_add_func("/proof/reporters", test_reporters);
    g_test_add_func("/proof/results", test_results);
    g_test_add_func("/proof/header", test_header);
    return g_test_run();
}
