/* An address that a report came to, by every scheme: what it tells is an address or nothing, and only the right MAC is
 * evidence. The input is the local part. */
#include <stdint.h>
#include <string.h>

#include "parser/address.h"
#include "parser/return_path.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static const gint64 now = (gint64)20785 * 86400;

static void check(const struct return_path *path, const char *address)
{
    g_autoptr(GPtrArray) paths = g_ptr_array_new();
    g_autoptr(GString) read = g_string_new(NULL);
    g_auto(ReturnPathMatch) match = {0};

    g_ptr_array_add(paths, (void *)path);
    g_assert(return_path_match(paths, address, now, &match) == (return_path_find(paths, address) != NULL));
    if (match.recipient != NULL) {
        g_assert(address_read(span_of(match.recipient), ADDRESS_ALONE, read));
        g_assert(strcmp(read->str, match.recipient) == 0);
    }
    g_assert((match.evidence == REPORT_EVIDENCE_SIGNED) == (match.signed_day != 0));
    g_assert(match.evidence != REPORT_EVIDENCE_SIGNED || (match.recipient != NULL && path->keys != NULL));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    g_autoptr(GPtrArray) keys = g_ptr_array_new();
    g_autofree char *local = g_strndup((const char *)data, MIN(size, 1000));
    g_autofree char *address = g_strconcat(local, "@bounces.example.com", NULL);

    g_ptr_array_add(keys, (char *)"0123456789abcdef");
    for (size_t i = 0; return_path_scheme_names[i] != NULL; i++) {
        g_autoptr(ReturnPath) path = g_new0(struct return_path, 1);

        path->domain = g_strdup("bounces.example.com");
        path->scheme = (enum return_path_scheme)i;
        path->lifetime = (gint64)30 * 86400;
        path->keys = i == RETURN_PATH_SIGNED ? g_ptr_array_ref(keys) : NULL;
        path->pattern = i == RETURN_PATH_REGEX ? g_strdup("(?<stream>.*?)-(?<recipient>(?:.+)+)=(?<domain>.+)") : NULL;
        g_assert(return_path_prepare(path, NULL));
        check(path, address);
    }
    return 0;
}
