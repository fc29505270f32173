#include "reports/formats/map_key.h"

#include <string.h>

#include "parser/text/domain.h"
#include "store/entry_key.h"

void map_key(const struct map_key_form *form, const char *subject, GString *key)
{
    const char *prefixes[] = {
        [ENTRY_SUBJECT_ADDRESS] = "",
        [ENTRY_SUBJECT_DOMAIN] = form->domain,
        [ENTRY_SUBJECT_SUB_DOMAINS] = form->sub_domains,
    };
    enum entry_subject_kind kind = entry_subject_kind(subject);

    g_string_truncate(key, 0);
    if (prefixes[kind] == NULL)
        return;
    g_string_append(key, prefixes[kind]);
    g_string_append(key, kind == ENTRY_SUBJECT_ADDRESS ? subject : subject + 1);
    g_string_ascii_down(key);
}

/* The caller frees; NULL for octets that are no text. */
static char *fold(const char *key)
{
    return g_utf8_validate(key, -1, NULL) ? g_utf8_casefold(key, -1) : NULL;
}

/* The caller frees. */
static char *use_u_labels(const char *key)
{
    const char *at = strrchr(key, '@'), *name = at != NULL ? at + 1 : key;
    GString *other = g_string_new(NULL);

    name += strspn(name, "*.");
    g_string_append_len(other, key, name - key);
    domain_append_unicode(other, name);
    return g_string_free(other, FALSE);
}

/* Takes `other`, if it is one. */
static void add_other(GPtrArray *others, const GString *key, char *other)
{
    if (other == NULL || strcmp(other, key->str) == 0 ||
        g_ptr_array_find_with_equal_func(others, other, g_str_equal, NULL))
        g_free(other);
    else
        g_ptr_array_add(others, other);
}

void map_key_others(const struct map_key_form *form, const GString *key, GPtrArray *others)
{
    g_ptr_array_set_size(others, 0);
    if (g_str_is_ascii(key->str) && strstr(key->str, "xn--") == NULL) /* as nearly all are */
        return;
    g_autofree char *u_labels = use_u_labels(key->str);
    if (!form->folds) {
        add_other(others, key, fold(key->str));
        add_other(others, key, fold(u_labels));
    }
    add_other(others, key, g_steal_pointer(&u_labels));
}
