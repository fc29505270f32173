#include "store/entry_key.h"

#include <string.h>

#include "classifier/mail_receiver.h"
#include "parser/address.h"

void entry_subject_fold(const GString *subject, GString *folded)
{
    g_string_set_size(folded, subject->len);
    for (gsize i = 0; i < subject->len; i++) {
        char c = subject->str[i];
        folded->str[i] = g_ascii_isupper(c) ? (char)(c - 'A' + 'a') : c; /* g_ascii_tolower() is no macro */
    }
}

enum entry_subject_kind entry_subject_kind(const char *subject)
{
    return *subject == '@' ? ENTRY_SUBJECT_DOMAIN : *subject == '.' ? ENTRY_SUBJECT_SUB_DOMAINS : ENTRY_SUBJECT_ADDRESS;
}

bool entry_subject_read(const char *text, GString *subject)
{
    enum entry_subject_kind kind = entry_subject_kind(text);

    if (kind == ENTRY_SUBJECT_ADDRESS)
        return address_read(span_of(text), ADDRESS_LISTED, subject);
    g_string_assign(subject, kind == ENTRY_SUBJECT_DOMAIN ? "@" : ".");
    /* An address literal has no sub-domains. */
    return !(kind == ENTRY_SUBJECT_SUB_DOMAINS && text[1] == '[') && domain_append(subject, text + 1, NULL);
}

bool entry_subject_is_suffix(const char *subject)
{
    return entry_subject_kind(subject) != ENTRY_SUBJECT_ADDRESS && mail_receiver_is_suffix(subject + 1);
}

const char *const entry_scope_kind_names[] = {
    [ENTRY_SCOPE_ALL] = "all",
    [ENTRY_SCOPE_TENANT] = "tenant",
    [ENTRY_SCOPE_STREAM] = "stream",
    NULL,
};

enum { NAME_MAX_OCTETS = 255 };

static bool is_name(const char *text)
{
    size_t length = strlen(text);

    if (length == 0 || length > NAME_MAX_OCTETS || !g_utf8_validate(text, (gssize)length, NULL))
        return false;
    for (; *text != '\0'; text = g_utf8_next_char(text)) {
        if (g_unichar_iscntrl(g_utf8_get_char(text)))
            return false;
    }
    return true;
}

bool entry_scope_parse(const char *text, struct entry_scope *scope)
{
    *scope = (struct entry_scope){ENTRY_SCOPE_ALL, NULL};
    if (text == NULL || *text == '\0' || strcmp(text, entry_scope_kind_names[ENTRY_SCOPE_ALL]) == 0)
        return true;
    for (enum entry_scope_kind kind = ENTRY_SCOPE_TENANT; kind <= ENTRY_SCOPE_STREAM; kind++) {
        size_t length = strlen(entry_scope_kind_names[kind]);

        if (strncmp(text, entry_scope_kind_names[kind], length) == 0 && text[length] == '=') {
            *scope = (struct entry_scope){kind, text + length + 1};
            return is_name(scope->name);
        }
    }
    return false;
}

char *entry_scope_format(const struct entry_scope *scope)
{
    return scope->kind == ENTRY_SCOPE_ALL ? g_strdup(entry_scope_kind_names[ENTRY_SCOPE_ALL])
                                          : g_strconcat(entry_scope_kind_names[scope->kind], "=", scope->name, NULL);
}

const char *entry_scope_key(const char *text)
{
    return text == NULL || strcmp(text, entry_scope_kind_names[ENTRY_SCOPE_ALL]) == 0 ? "" : text;
}

const char *entry_scope_text(const char *key)
{
    return *key == '\0' ? entry_scope_kind_names[ENTRY_SCOPE_ALL] : key;
}
