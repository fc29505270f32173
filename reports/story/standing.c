#include "reports/story/standing.h"

#include <string.h>

#include "reports/moment.h"
#include "reports/readable.h"
#include "reports/reason_text.h"
#include "reports/story/effect.h"
#include "reports/story/lines.h"
#include "reports/story/prospect.h"
#include "reports/story/remedy.h"
#include "reports/story/view.h"
#include "store/entry_key.h"

/* An entry as it is told. The decisive one is first: in force before held, its own before its domain's, the later end
 * before the earlier. */
struct told {
    bool held;
    bool for_all; /* mail */
    enum entry_subject_kind kind;
    gint64 until;
    GString *sentence; /* "suppressed for all mail since ..." */
    GString *fields;
};

static void told_free(void *data)
{
    struct told *told = data;

    g_string_free(told->sentence, TRUE);
    g_string_free(told->fields, TRUE);
    g_free(told);
}

static gint compare(gconstpointer a, gconstpointer b)
{
    const struct told *one = *(const struct told *const *)a, *other = *(const struct told *const *)b;
    gint64 ends[] = {one->until != 0 ? one->until : G_MAXINT64, other->until != 0 ? other->until : G_MAXINT64};

    if (one->held != other->held)
        return one->held ? 1 : -1;
    if (one->kind != other->kind)
        return one->kind < other->kind ? -1 : 1;
    return ends[0] == ends[1] ? 0 : ends[0] > ends[1] ? -1 : 1;
}

GPtrArray *standing_subjects(const char *address)
{
    GPtrArray *subjects = g_ptr_array_new_with_free_func(g_free);
    const char *at = strrchr(address, '@');

    g_ptr_array_add(subjects, g_strdup(address));
    if (at == NULL || at == address)
        return subjects;
    g_ptr_array_add(subjects, g_strdup(at));
    for (const char *dot = strchr(at, '.'); dot != NULL && dot[1] != '\0'; dot = strchr(dot + 1, '.'))
        g_ptr_array_add(subjects, g_strdup(dot));
    return subjects;
}

/* --- one entry ---------------------------------------------------------------------------------------------------- */

/* "for all mail", "for the mail of the stream news". */
static void append_scope(GString *out, const char *text)
{
    struct entry_scope scope;

    if (!entry_scope_parse(text, &scope) || scope.kind == ENTRY_SCOPE_ALL) {
        g_string_append(out, "for all mail");
        return;
    }
    g_string_append_printf(out, "for the mail of the %s ", entry_scope_kind_names[scope.kind]);
    readable_append(out, scope.name);
    g_string_append(out, " alone");
}

static void append_sentence(struct told *told, const struct suppression *entry)
{
    g_autofree char *since = moment_text(entry->since);
    g_autofree char *until = entry->until != 0 ? moment_text(entry->until) : NULL;

    append_scope(told->sentence, entry->scope);
    g_string_append_printf(told->sentence, " since %s, %s%s", since, until != NULL ? "until " : "for good",
                           until != NULL ? until : "");
    if (told->kind == ENTRY_SUBJECT_DOMAIN)
        g_string_append_printf(told->sentence, ", as all addresses of %s are", entry->subject + 1);
    else if (told->kind == ENTRY_SUBJECT_SUB_DOMAINS)
        g_string_append_printf(told->sentence, ", as all addresses of the sub-domains of %s are", entry->subject + 1);
}

/* The policy makes no entry without a reason: the reason of an address that was forgotten is forgotten with it. */
static char *why(const struct suppression *entry)
{
    if (entry->reason == REASON_NONE && g_strcmp0(entry->who, "policy") == 0)
        return g_strdup("The address was forgotten, and its entry goes on: why it was made is not kept.");
    if (entry->reason == REASON_NONE)
        return g_strdup_printf("%s put it there by hand.", entry->who != NULL ? entry->who : "Somebody");
    return g_strdup_printf("%s (%s)", reason_text(entry->reason), reason_names[entry->reason]);
}

static void append_fields(const struct standing *standing, struct told *told, const struct suppression *entry)
{
    const struct lines_style *style = standing->question->style;
    g_autofree char *reason = why(entry);
    g_autofree char *policy = effect_policy(entry->policy);
    g_autofree char *by = entry->who == NULL || entry->door == STORE_DOOR_CLI || entry->door == STORE_DOOR_POLICY
                              ? g_strdup(entry->who)
                              : g_strdup_printf("%s (%s)", entry->who, store_door_names[entry->door]);
    g_autofree char *next = prospect_of_entry(entry);
    g_autofree char *command = remedy_of_entry(entry);

    lines_field(told->fields, style, "why", reason);
    if (entry->reason != REASON_NONE)
        lines_field(told->fields, style, "fault", party_text(reason_row(entry->reason)->party));
    lines_field(told->fields, style, "diagnostic", entry->diagnostic);
    if (told->kind == ENTRY_SUBJECT_ADDRESS)
        lines_field(told->fields, style, "mail", standing->mails->pdata[entry->reason]);
    lines_field(told->fields, style, "by", by);
    lines_field(told->fields, style, "note", entry->note);
    lines_field(told->fields, style, "batch", entry->batch);
    lines_field(told->fields, style, "policy", policy);
    lines_field(told->fields, style, "next", next);
    lines_field(told->fields, style, "undo", command);
}

static struct told *tell_entry(const struct standing *standing, const struct suppression *entry)
{
    struct told *told = g_new0(struct told, 1);

    told->held = entry->wave != 0;
    told->for_all = strcmp(entry->scope, "all") == 0;
    told->kind = entry_subject_kind(entry->subject);
    told->until = entry->until;
    told->sentence = g_string_new(NULL);
    told->fields = g_string_new(NULL);
    append_sentence(told, entry);
    append_fields(standing, told, entry);
    return told;
}

/* Those of one subject. */
static bool read_entries(const struct standing *standing, const char *subject, GPtrArray *entries, GError **error)
{
    const struct store_filter filter = {.recipient = subject, .asker = standing->question->asker};
    const struct question *question = standing->question;
    g_autoptr(StoreCursor) cursor = store_suppressions(question->store, &filter, question->now, error);
    struct suppression entry;
    GError *bad = NULL;

    if (cursor == NULL)
        return false;
    while (view_next_entry(question, cursor, &entry, &bad))
        g_ptr_array_add(entries, tell_entry(standing, &entry));
    if (bad == NULL)
        return true;
    g_propagate_error(error, bad);
    return false;
}

/* An address that was forgotten has none to be found, but is suppressed yet. */
static bool read_forgotten(const struct standing *standing, GPtrArray *entries, GError **error)
{
    const struct question *question = standing->question;
    struct store_answer answer;

    if (!store_forgotten(question->store, question->address, question->asker, question->now, &answer, error))
        return false;
    for (guint i = 0; i < answer.n; i++) {
        if (view_applies(question, answer.entries[i].scope))
            g_ptr_array_add(entries, tell_entry(standing, &answer.entries[i]));
    }
    return true;
}

/* --- all of it ---------------------------------------------------------------------------------------------------- */

static void append_address(const struct standing *standing, GString *out, bool suppressed)
{
    const struct lines_style *style = standing->question->style;

    readable_append(out, standing->question->address);
    g_string_append_printf(out, " is %s%s%s", suppressed ? style->suppressed : style->free,
                           suppressed ? "suppressed" : "not suppressed", style->end);
}

/* By the note that such a change has: what was rolled back counts no more, and all else that was reported does. */
static bool is_rollback(const struct chronicle_end *end)
{
    return end->batch != NULL && end->note != NULL && g_str_has_prefix(end->note, "rollback");
}

/* Why it is not on the list, although it may have been. */
static void tell_absence(const struct standing *standing, GString *out)
{
    const struct chronicle_end *end = standing->end;
    gint64 at = end->removed != 0 ? end->removed : end->expired;
    g_autofree char *when = at != 0 ? moment_text(at) : NULL;

    append_address(standing, out, false);
    if (standing->question->asker != NULL)
        g_string_append(out, " for that mail");
    if (end->removed != 0) {
        g_string_append(out, ": ");
        readable_append(out, end->remover);
        g_string_append_printf(out, " took it off the list on %s%s", when,
                               is_rollback(end) ? "" : ", and what was reported before counts no more");
    } else if (end->expired != 0) {
        g_string_append_printf(out, ": its entry expired on %s", when);
    } else if (!standing->known) {
        g_string_append(out, ": nothing is known of it");
    }
    g_string_append(out, ".\n");
    lines_field(out, standing->question->style, "note", end->note);
    lines_field(out, standing->question->style, "batch", end->batch);
}

/* An address without an entry: each of those says itself what comes next. */
static void tell_failures(const struct standing *standing, GString *out)
{
    const struct lines_style *style = standing->question->style;

    for (guint i = 0; i < standing->outlooks->len; i++) {
        g_autofree char *next = prospect_of_failures(standing->outlooks->pdata[i]);
        lines_field(out, style, "next", next);
    }
    if (standing->outlooks->len == 0 && standing->known)
        lines_field(out, style, "next", "Nothing counts against it now.");
}

static void tell_entries(const struct standing *standing, const GPtrArray *entries, GString *out)
{
    bool first = true, for_all = false;

    for (guint i = 0; i < entries->len; i++) {
        const struct told *told = entries->pdata[i];

        if (told->held && first) {
            append_address(standing, out, false);
            g_string_append(out, ".\n");
        }
        if (told->held)
            g_string_append(out, "An entry is held, and not in force, ");
        else if (first)
            append_address(standing, out, true);
        else
            g_string_append(out, "It is suppressed, too,");
        g_string_append_printf(out, "%s%s.\n", told->held ? "" : " ", told->sentence->str);
        g_string_append_len(out, told->fields->str, (gssize)told->fields->len);
        first = false;
        for_all = for_all || (told->for_all && !told->held);
    }
    if (!for_all && standing->question->asker == NULL && !((const struct told *)entries->pdata[0])->held)
        g_string_append(out, "All other mail goes to it.\n");
}

bool standing_tell(const struct standing *standing, GString *out, GError **error)
{
    g_autoptr(GPtrArray) entries = g_ptr_array_new_with_free_func(told_free);
    g_autoptr(GPtrArray) subjects = standing_subjects(standing->question->address);

    for (guint i = 0; i < subjects->len; i++) {
        if (!read_entries(standing, subjects->pdata[i], entries, error))
            return false;
    }
    if (!read_forgotten(standing, entries, error))
        return false;
    g_ptr_array_sort(entries, compare);
    if (entries->len > 0) {
        tell_entries(standing, entries, out);
        return true;
    }
    tell_absence(standing, out);
    tell_failures(standing, out);
    return true;
}
