#include "cmd/lists/entry.h"

#include <string.h>

#include "cmd/lists/stamp.h"
#include "parser/address.h"
#include "reports/readable.h"
#include "store/entry_key.h"
#include "store/policy.h"

void entry_room_init(struct entry_room *room)
{
    *room = (struct entry_room){
        .subject = g_string_new(NULL), .diagnostic = g_string_new(NULL), .note = g_string_new(NULL)};
}

void entry_room_clear(struct entry_room *room)
{
    g_string_free(room->subject, TRUE);
    g_string_free(room->diagnostic, TRUE);
    g_string_free(room->note, TRUE);
}

static const char *given(const char *value)
{
    return value == NULL || *value == '\0' ? NULL : value;
}

static bool is_ours(const struct columns *columns)
{
    return columns->form == columns_ours;
}

/* Our own list may hold what reports said. */
static const char *take_subject(struct entry_room *room, const struct columns *columns, const char *value)
{
    if (given(value) == NULL)
        return "there is no address";
    if (*value != '@' && *value != '.' && !is_ours(columns)) {
        if (!address_read(span_of(value), ADDRESS_ALONE, room->subject))
            return "it is not a mail address";
        const char *at = strrchr(room->subject->str, '@');
        if (at - room->subject->str > LOCAL_PART_MAX)
            return "the local part has more than the 64 octets that RFC 5321 allows";
        return NULL;
    }
    if (!entry_subject_read(value, room->subject))
        return "it is neither a mail address nor a domain";
    return entry_subject_is_suffix(room->subject->str) && !is_ours(columns)
               ? "it is a public suffix, such as com, and nobody's domain"
               : NULL;
}

static bool is_one_of(const char *value, const char *words)
{
    struct span rest = span_of(words), text = span_trim(span_of(value)), word;

    while (text.length > 0 && span_word(&rest, &word)) {
        if (word.length == text.length && g_ascii_strncasecmp(word.at, text.at, text.length) == 0)
            return true;
    }
    return false;
}

/* For which mail a row is, where its list divides it. */
struct mail {
    bool receipts, others;
};

static struct mail find_mail(const char *const values[COLUMN_COUNT])
{
    static const enum column columns[] = {COLUMN_TRANSACTIONAL, COLUMN_NON_TRANSACTIONAL};
    struct mail mail = {is_one_of(values[COLUMN_MAIL], "transactional"),
                        is_one_of(values[COLUMN_MAIL], "non_transactional non-transactional")};
    bool *const flags[] = {&mail.receipts, &mail.others};

    for (size_t i = 0; i < G_N_ELEMENTS(columns); i++) {
        const char *value = given(values[columns[i]]);
        *flags[i] = *flags[i] || (value != NULL && !flag_is_no(value));
    }
    return mail;
}

static const char *const flag_faults[] = {
    [FLAGS_RESULT_NONE] = NULL,
    [FLAGS_RESULT_YES] = NULL,
    [FLAGS_RESULT_NO] = "a column says that it is not suppressed",
    [FLAGS_RESULT_UNCLEAR] = "a column says neither yes nor no of whether it is suppressed; --reason overrules that",
    [FLAGS_RESULT_PASSING] = "a temporary or passing failure suppresses nobody",
    [FLAGS_RESULT_NO_FAILURE] = "its event is no failure for good; --reason overrules that",
};

static const char *check_mail(const char *const values[COLUMN_COUNT])
{
    struct mail mail = find_mail(values);
    bool divided = given(values[COLUMN_TRANSACTIONAL]) != NULL || given(values[COLUMN_NON_TRANSACTIONAL]) != NULL;

    return divided && !mail.receipts && !mail.others ? flag_faults[FLAGS_RESULT_NO] : NULL;
}

/* A sentence is what the receiver said. */
static bool is_sentence(const char *text)
{
    unsigned words = 0;
    struct span rest = span_of(text), word;

    while (words < 4 && span_word(&rest, &word))
        words++;
    return words == 4 || strpbrk(text, "0123456789;:") != NULL;
}

static const struct grounds *kind_of(const struct entry_rules *rules, const struct columns *columns,
                                     struct grounds *grounds)
{
    if (columns->kind != NULL && grounds_of_word(span_of(columns->kind), span_of(""), grounds) == NULL)
        return grounds;
    return rules->kind;
}

/* Of a list that looks like a provider's and has a reason of its own: false if it is none, but what a receiver said. */
static bool take_word(struct grounds *grounds, const char *const *values, const char **diagnostic, const char **fault)
{
    const char *word = given(values[COLUMN_WORD]);

    *fault = word != NULL ? grounds_of_word(span_trim(span_of(word)), span_of(""), grounds) : "";
    if (*fault != NULL && **fault == '\0')
        return false;
    if (g_strcmp0(*diagnostic, word) == 0)
        *diagnostic = NULL;
    return true;
}

/* A list of all contacts tells by columns which of them are suppressed; the others get mail. `fault` is that of the
 * reason's word, `grounds` what it says. NULL: these grounds are it; "": nothing says so much. */
static const char *take_flags(struct grounds *grounds, const char *fault, const struct columns *columns,
                              const char *const *values, const char *diagnostic)
{
    struct grounds flagged;
    enum flags_result result = flags_read(columns->flags, &values[COLUMN_FLAG], columns->flags_n, &flagged);

    /* check_passing() looks at it once the receiver's words were judged */
    if (result == FLAGS_RESULT_PASSING && diagnostic != NULL)
        return fault;
    if (fault == NULL && (grounds_blame_address(grounds) || result == FLAGS_RESULT_NONE))
        return NULL;
    if (result != FLAGS_RESULT_YES)
        return flag_faults[result] != NULL ? flag_faults[result] : fault;
    /* a bounce that is said to have passed */
    if (fault != NULL && *fault != '\0' && flagged.bounce)
        return fault;
    *grounds = flagged;
    return NULL;
}

/* Without a reason an entry is the operator's own, as with `bouncectl add`; with what the receiver said, a bounce. */
static const char *take_reason(struct grounds *grounds, const struct entry_rules *rules, const struct columns *columns,
                               const char *const *values, const char **diagnostic)
{
    const char *word = given(values[COLUMN_REASON]);
    const char *fault = "";
    struct grounds kind;

    if (take_word(grounds, values, diagnostic, &fault))
        return take_flags(grounds, fault, columns, values, *diagnostic);
    if (word != NULL)
        fault = grounds_of_word(span_trim(span_of(word)), span_trim(span_of(given(values[COLUMN_ORIGIN]))), grounds);
    if (*diagnostic == NULL && word != NULL && is_sentence(word))
        *diagnostic = word;
    fault = take_flags(grounds, fault, columns, values, *diagnostic);
    if (fault == NULL || *fault != '\0')
        return fault;
    if (word != NULL && !is_sentence(word))
        return "its reason is not known; --reason gives one";
    const struct grounds *found = kind_of(rules, columns, &kind);
    if (found != NULL)
        *grounds = *found;
    else if (*diagnostic != NULL)
        grounds_of_word(span_of("bounce"), span_of(""), grounds);
    else
        *grounds = (struct grounds){REASON_NONE, VERDICT_NONE, false};
    return NULL;
}

/* As our own export writes them. */
static const char *take_own_reason(struct grounds *grounds, const char *const *values)
{
    const char *reason = given(values[COLUMN_REASON]), *verdict = given(values[COLUMN_VERDICT]);

    *grounds = (struct grounds){.reason = reason != NULL ? reason_from_name(reason) : REASON_NONE};
    if (reason != NULL && grounds->reason == REASON_NONE)
        return "its reason is not known; --reason gives one";
    for (; verdict != NULL && verdict_names[grounds->verdict] != NULL; grounds->verdict++) {
        if (strcmp(verdict_names[grounds->verdict], verdict) == 0)
            return NULL;
    }
    return "there is no such verdict";
}

static const char *take_time(const char *value, gint64 *seconds, const char *fault)
{
    *seconds = 0;
    return given(value) == NULL || stamp_read(span_of(value), seconds) ? NULL : fault;
}

static const char *take_times(struct suppression *row, const struct entry_rules *rules, const char *const *values)
{
    const char *fault = take_time(values[COLUMN_SINCE], &row->since, "its date is not understood");

    if (fault == NULL)
        fault = take_time(values[COLUMN_UNTIL], &row->until, "the date of its end is not understood");
    if (row->since > rules->now)
        row->since = 0; /* it cannot be, and tells nothing */
    if (rules->until != 0)
        row->until = rules->until;
    if (fault == NULL && row->until != 0 && row->until <= rules->now)
        fault = "it is over: its end is in the past";
    return fault;
}

/* An entry for mail that nobody sends would never apply. */
static bool is_known(const struct entry_rules *rules, const struct entry_scope *scope)
{
    GHashTable *const names[] = {[ENTRY_SCOPE_TENANT] = rules->tenants, [ENTRY_SCOPE_STREAM] = rules->streams};

    return scope->kind == ENTRY_SCOPE_ALL || rules->scope != NULL || rules->any_scope || names[scope->kind] == NULL ||
           g_hash_table_contains(names[scope->kind], scope->name);
}

/* A held entry is not in force, and the wave that holds it is not known here. */
static const char *take_scope(struct suppression *row, const struct entry_rules *rules, const struct columns *columns,
                              const char *const *values)
{
    const char *state = given(values[COLUMN_STATE]);
    struct entry_scope scope;

    if (is_ours(columns) && state != NULL && strcmp(state, "active") != 0)
        return "it is not in force where it comes from";
    row->scope = rules->scope != NULL ? rules->scope : given(values[COLUMN_SCOPE]);
    if (!entry_scope_parse(row->scope, &scope))
        return "its scope is none of all, tenant=NAME and stream=NAME";
    return is_known(rules, &scope) ? NULL : "the config names no such stream or tenant; --force overrules that";
}

/* A failure that may pass lasts as long as the policy has it, from when the list has it on. Our own lists, and
 * operators who say the reason or the end, have decided. */
static const char *take_term(struct suppression *row, const struct entry_rules *rules, const struct columns *columns)
{
    const struct event event = {.kind = REPORT_KIND_BOUNCE, .reason = row->reason, .verdict = row->verdict};
    struct entry_scope scope;

    if (is_ours(columns) || rules->reason != NULL || row->until != 0 || row->verdict != VERDICT_SOFT ||
        !reason_may_suppress(row->reason) || !entry_scope_parse(row->scope, &scope))
        return NULL;
    const char *stream = scope.kind == ENTRY_SCOPE_STREAM ? scope.name : NULL;
    const struct policy_row *policy = policy_row_for(policy_for(rules->policies, stream), &event);
    gint64 since = row->since != 0 ? row->since : rules->known != 0 ? rules->known : rules->now;
    if (policy->count == 0)
        return "such a failure suppresses nobody by the policy; --reason overrules that";
    row->until = policy_row_until(policy, 0, since);
    return row->until != 0 && row->until <= rules->now
               ? "such a failure is over by now, by the policy; --for overrules that"
               : NULL;
}

/* The text that is the reason is no place. */
static const char *find_place(const struct suppression *row, const struct entry_rules *rules,
                              const struct columns *columns, const char *const *values)
{
    bool word = rules->reason == NULL && columns->places[COLUMN_PLACE] == columns->places[COLUMN_WORD];

    return word && row->verdict == VERDICT_UNSUBSCRIBE ? NULL : given(values[COLUMN_PLACE]);
}

/* The opt-out from a list at a provider is one from the stream of that name, if there is one; "*" are all. One from all
 * but receipts must not stop those: somebody must say for what it holds. That of a person who gave no reason may be
 * one; a failure and a complaint are about the address. */
static const char *take_place(struct entry *entry, const struct entry_rules *rules, const struct columns *columns,
                              const char *const *values)
{
    struct suppression *row = &entry->row;
    struct mail mail = find_mail(values);

    entry->place = find_place(row, rules, columns, values);
    if (row->scope != NULL || (row->verdict != VERDICT_UNSUBSCRIBE && row->verdict != VERDICT_NONE))
        return NULL;
    bool opts_out = row->verdict == VERDICT_UNSUBSCRIBE && entry->place != NULL && strcmp(entry->place, "*") != 0;
    if (opts_out && rules->streams != NULL)
        row->scope = g_hash_table_lookup(rules->streams, entry->place);
    if (row->scope == NULL && mail.others && !mail.receipts)
        return "it is not for transactional mail; --stream, --tenant or --scope says for which mail of yours it is";
    entry->unplaced = opts_out && row->scope == NULL;
    return NULL;
}

static const char *one_line(GString *line, const char *text)
{
    g_string_truncate(line, 0);
    readable_append(line, text);
    return line->str;
}

/* In our own form all is as it was; others may have any characters. */
static void take_texts(struct suppression *row, struct entry_room *room, const struct columns *columns,
                       const char *const *values, const char *diagnostic)
{
    const char *note = row->note != NULL ? row->note : given(values[COLUMN_NOTE]);

    if (!is_ours(columns)) {
        row->diagnostic = diagnostic != NULL ? one_line(room->diagnostic, diagnostic) : NULL;
        row->note = note != NULL ? one_line(room->note, note) : NULL;
        return;
    }
    row->diagnostic = diagnostic;
    row->note = note;
    row->stream = given(values[COLUMN_STREAM]);
    row->policy = given(values[COLUMN_POLICY]);
    row->rule = given(values[COLUMN_RULE]);
    row->batch = given(values[COLUMN_BATCH]);
    if (given(values[COLUMN_DOOR]) != NULL)
        row->door = event_value(store_door_names, values[COLUMN_DOOR]);
    if (given(values[COLUMN_WHO]) != NULL)
        row->who = values[COLUMN_WHO];
}

/* A failure of this reason never suppresses, whatever the policy is. */
static const char *check_reason(const struct grounds *grounds)
{
    bool good = grounds->reason == REASON_NONE || grounds->reason == REASON_PROVIDER_SUPPRESSED ||
                reason_may_suppress(grounds->reason);

    return good ? NULL : "its reason says nothing about an address; --reason overrules that";
}

/* The receiver may have told more than the word that a failure has passed, or else that stands. */
static const char *check_passing(const struct grounds *grounds, const struct columns *columns,
                                 const char *const *values)
{
    struct grounds flagged;
    bool open = grounds->reason == REASON_PROVIDER_SUPPRESSED && grounds->bounce;

    if (!open || flags_read(columns->flags, &values[COLUMN_FLAG], columns->flags_n, &flagged) != FLAGS_RESULT_PASSING)
        return NULL;
    return flag_faults[FLAGS_RESULT_PASSING];
}

static const char *take_grounds(struct grounds *grounds, const struct entry_rules *rules, const struct columns *columns,
                                const char *const *values, const char **diagnostic)
{
    if (rules->reason != NULL) {
        *grounds = *rules->reason;
        return NULL;
    }
    const char *fault = check_mail(values);
    if (fault == NULL)
        fault = is_ours(columns) ? take_own_reason(grounds, values)
                                 : take_reason(grounds, rules, columns, values, diagnostic);
    if (fault == NULL)
        fault = check_reason(grounds);
    if (fault == NULL && grounds->bounce && rules->classifier != NULL)
        fault = grounds_of_diagnostic(rules->classifier, *diagnostic, given(values[COLUMN_STATUS]), grounds);
    return fault != NULL ? fault : check_passing(grounds, columns, values);
}

const char *entry_read(struct entry *entry, struct entry_room *room, const struct entry_rules *rules,
                       const struct columns *columns, const char *const values[COLUMN_COUNT])
{
    const char *diagnostic = given(values[COLUMN_DIAGNOSTIC]);
    const char *fault = take_subject(room, columns, values[COLUMN_ADDRESS]);

    *entry = (struct entry){
        .row = {.subject = room->subject->str, .who = rules->who, .door = rules->door, .note = rules->note}};
    if (fault == NULL)
        fault = take_grounds(&room->grounds, rules, columns, values, &diagnostic);
    if (fault == NULL)
        fault = take_times(&entry->row, rules, values);
    if (fault == NULL)
        fault = take_scope(&entry->row, rules, columns, values);
    if (fault != NULL)
        return fault;
    entry->row.reason = room->grounds.reason;
    entry->row.verdict = room->grounds.verdict;
    fault = take_term(&entry->row, rules, columns);
    if (fault == NULL)
        fault = take_place(entry, rules, columns, values);
    if (fault == NULL)
        take_texts(&entry->row, room, columns, values, diagnostic);
    return fault;
}
