#include "cmd/proof/signature.h"

#include <opendkim/dkim.h>
#include <string.h>

enum {
    SIGNATURE_FIELD_MAX = 8192, /* octets of one DKIM-Signature */
};

struct signatures {
    DKIM_LIB *library;
};

static void signature_free(void *data)
{
    struct signature *signature = data;

    g_free(signature->domain);
    g_free(signature->selector);
    g_free(signature->key_name);
    g_free(signature->key);
    g_free(signature);
}

/* The library asks for a key: the one that is at hand. dkim_set_user_context() gave the list; those of the library
 * are in the same order. */
static DKIM_CBSTAT give_key(DKIM *dkim, DKIM_SIGINFO *wanted, u_char *buffer, size_t size)
{
    const GPtrArray *list = dkim_get_user_context(dkim);
    DKIM_SIGINFO **all;
    int count;

    if (list == NULL || dkim_getsiglist(dkim, &all, &count) != DKIM_STAT_OK)
        return DKIM_CBSTAT_NOTFOUND;
    for (guint i = 0; i < list->len && (int)i < count; i++) {
        const struct signature *signature = list->pdata[i];

        if (all[i] != wanted || signature->key == NULL)
            continue;
        return g_strlcpy((char *)buffer, signature->key, size) < size ? DKIM_CBSTAT_CONTINUE : DKIM_CBSTAT_NOTFOUND;
    }
    return DKIM_CBSTAT_NOTFOUND;
}

struct signatures *signatures_new(void)
{
    u_int flags = DKIM_LIBFLAGS_DELAYSIGPROC, bits = SIGNATURE_KEY_BITS;
    struct signatures *signatures;
    DKIM_LIB *library = dkim_init(NULL, NULL);

    if (library == NULL)
        return NULL;
    if (dkim_options(library, DKIM_OP_SETOPT, DKIM_OPTS_FLAGS, &flags, sizeof flags) != DKIM_STAT_OK ||
        dkim_options(library, DKIM_OP_SETOPT, DKIM_OPTS_MINKEYBITS, &bits, sizeof bits) != DKIM_STAT_OK ||
        dkim_set_key_lookup(library, give_key) != DKIM_STAT_OK) {
        dkim_close(library);
        return NULL;
    }
    signatures = g_new(struct signatures, 1);
    signatures->library = library;
    return signatures;
}

void signatures_free(struct signatures *signatures)
{
    if (signatures == NULL)
        return;
    dkim_close(signatures->library);
    g_free(signatures);
}

/* Gives the header to the library; NULL when it refuses. */
static DKIM *open_message(const struct signatures *signatures, const struct header *header)
{
    DKIM_STAT status;
    DKIM *dkim = dkim_verify(signatures->library, (const u_char *)"bounced", NULL, &status);
    unsigned count = 0;

    if (dkim == NULL)
        return NULL;
    for (guint i = 0; i < header->fields->len; i++) {
        const struct header_field *field = &g_array_index(header->fields, struct header_field, i);

        if (span_is(field->name, DKIM_SIGNHEADER) &&
            (field->whole.length > SIGNATURE_FIELD_MAX || count++ >= SIGNATURE_MAX))
            continue;
        status = dkim_header(dkim, (u_char *)field->whole.at, field->whole.length);
        if (status != DKIM_STAT_OK) /* a semicolon in a name, a signature that is none */
            break;
    }
    if (status == DKIM_STAT_OK)
        status = dkim_eoh(dkim);
    if (status == DKIM_STAT_OK)
        return dkim;
    dkim_free(dkim);
    return NULL;
}

static bool covers(DKIM_SIGINFO *info, const struct header *header, const char *name)
{
    return header_only(header, name) != NULL && dkim_sig_hdrsigned(info, (u_char *)name);
}

static bool algorithm_counts(DKIM_SIGINFO *info)
{
    dkim_alg_t algorithm;

    if (dkim_sig_getsignalg(info, &algorithm) != DKIM_STAT_OK)
        return false;
    return algorithm == DKIM_SIGN_RSASHA256 || algorithm == DKIM_SIGN_ED25519SHA256;
}

static bool is_usable(DKIM_SIGINFO *info, const struct header *header)
{
    return dkim_sig_geterror(info) <= DKIM_SIGERROR_OK && algorithm_counts(info) &&
           dkim_sig_gettagvalue(info, FALSE, (u_char *)"l") == NULL && covers(info, header, "From") &&
           covers(info, header, "To") && covers(info, header, "Subject");
}

/* A name that can be asked for, of labels that a host may have (RFC 6376 section 3.5). */
static bool is_name(const char *text)
{
    return *text != '\0' && strlen(text) <= 253 - strlen("._domainkey.") &&
           strspn(text, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_.") == strlen(text) &&
           *text != '.' && strstr(text, "..") == NULL && !g_str_has_suffix(text, ".");
}

static struct signature *read_signature(DKIM_SIGINFO *info, const struct header *header)
{
    struct signature *signature = g_new0(struct signature, 1);
    const char *domain = (const char *)dkim_sig_getdomain(info);
    const char *selector = (const char *)dkim_sig_getselector(info);

    signature->domain = g_ascii_strdown(domain != NULL ? domain : "", -1);
    signature->selector = g_strdup(selector != NULL ? selector : "");
    signature->key_name = g_strdup_printf("%s._domainkey.%s", signature->selector, signature->domain);
    signature->usable = is_name(signature->domain) && is_name(signature->selector) &&
                        strlen(signature->key_name) <= 253 && is_usable(info, header);
    return signature;
}

GPtrArray *signature_list(const struct signatures *signatures, const struct header *header)
{
    GPtrArray *list = g_ptr_array_new_with_free_func(signature_free);
    DKIM *dkim = open_message(signatures, header);
    DKIM_SIGINFO **all;
    int count;

    if (dkim == NULL)
        return list;
    if (dkim_getsiglist(dkim, &all, &count) == DKIM_STAT_OK) {
        for (int i = 0; i < count && i < SIGNATURE_MAX; i++)
            g_ptr_array_add(list, read_signature(all[i], header));
    }
    dkim_free(dkim);
    return list;
}

static bool is_valid(DKIM_SIGINFO *info)
{
    unsigned flags = dkim_sig_getflags(info);

    return (flags & DKIM_SIGFLAG_PASSED) != 0 && (flags & (DKIM_SIGFLAG_TESTKEY | DKIM_SIGFLAG_IGNORE)) == 0 &&
           dkim_sig_getbh(info) == DKIM_SIGBH_MATCH && dkim_sig_geterror(info) == DKIM_SIGERROR_OK;
}

void signature_verify(const struct signatures *signatures, const struct header *header, GPtrArray *list)
{
    DKIM *dkim = open_message(signatures, header);
    DKIM_SIGINFO **all;
    int count;
    bool any = false;

    if (dkim == NULL)
        return;
    if (dkim_getsiglist(dkim, &all, &count) != DKIM_STAT_OK || (guint)count < list->len) {
        dkim_free(dkim);
        return;
    }
    for (int i = 0; i < count; i++) {
        const struct signature *signature = (guint)i < list->len ? list->pdata[i] : NULL;

        if (signature != NULL && signature->usable && signature->key != NULL)
            any = true;
        else
            dkim_sig_ignore(all[i]);
    }
    dkim_set_user_context(dkim, list);
    if (any && dkim_body(dkim, (u_char *)header->body.at, header->body.length) == DKIM_STAT_OK) {
        dkim_eom(dkim, NULL); /* tells of one signature; each says more itself */
        for (guint i = 0; i < list->len; i++)
            ((struct signature *)list->pdata[i])->valid = is_valid(all[i]);
    }
    dkim_free(dkim);
}
