#include "reports/story/remedy.h"

#include <string.h>

#include "store/entry_key.h"

static char *quote(const char *text)
{
    static const char safe[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789@.-_+=%:,/";
    bool plain = text[0] != '-' && strspn(text, safe) == strlen(text);

    return plain ? g_strdup(text) : g_shell_quote(text);
}

char *remedy_of_entry(const struct suppression *entry)
{
    g_autofree char *subject = quote(entry->subject);
    struct entry_scope scope;

    if (!entry_scope_parse(entry->scope, &scope) || scope.kind == ENTRY_SCOPE_ALL)
        return g_strdup_printf("bouncectl remove %s --note WHY", subject);
    g_autofree char *name = quote(scope.name);
    return g_strdup_printf("bouncectl remove %s --%s %s --note WHY", subject, entry_scope_kind_names[scope.kind], name);
}
