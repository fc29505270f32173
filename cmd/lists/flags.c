#include "cmd/lists/flags.h"

#include <string.h>

#include "cmd/lists/stamp.h"

/* Those of more weight first: what the person said holds also where a bounce is forgiven. */
enum kind {
    KIND_COMPLAINED,
    KIND_UNSUBSCRIBED,
    KIND_EVENT, /* a word, which says no where it is not that of a failure for good */
    KIND_TYPE,  /* a word, which says nothing where it is not known: a list of contacts may have any there */
    KIND_BOUNCED,
    KIND_SUPPRESSED,
    KIND_SUBSCRIBED, /* the other way: "no" suppresses */
};

/* Their words for grounds_of_word(). */
static const char *const words[] = {
    [KIND_COMPLAINED] = "complaint", [KIND_UNSUBSCRIBED] = "unsubscribed", [KIND_BOUNCED] = "bounce",
    [KIND_SUPPRESSED] = "manual",    [KIND_SUBSCRIBED] = "manual",
};

struct flag {
    const char *name;
    enum kind kind;
};

static const struct flag flags_known[] = {
    {"complained", KIND_COMPLAINED},
    {"unsubscribed", KIND_UNSUBSCRIBED},
    {"unsub", KIND_UNSUBSCRIBED},
    {"optout", KIND_UNSUBSCRIBED},
    {"optedout", KIND_UNSUBSCRIBED},
    {"event", KIND_EVENT},
    {"eventtype", KIND_EVENT},
    {"recordtype", KIND_EVENT},
    {"type", KIND_TYPE},
    {"bouncetype", KIND_TYPE},
    {"severity", KIND_TYPE},
    {"bounced", KIND_BOUNCED},
    {"hardbounced", KIND_BOUNCED},
    {"suppressed", KIND_SUPPRESSED},
    {"blacklisted", KIND_SUPPRESSED},
    {"blocklisted", KIND_SUPPRESSED},
    {"donotemail", KIND_SUPPRESSED},
    {"donotcontact", KIND_SUPPRESSED},
    {"dncreason", KIND_SUPPRESSED},
    {"subscribed", KIND_SUBSCRIBED},
    {"optin", KIND_SUBSCRIBED},
    {"optedin", KIND_SUBSCRIBED},
    {"active", KIND_SUBSCRIBED},
};

static const char *const prefixes[] = {"is", "has", "email"};
static const char *const suffixes[] = {"at", "on", "date", "time"};

static struct span without_prefix(struct span name)
{
    for (size_t i = 0; i < G_N_ELEMENTS(prefixes); i++) {
        size_t length = strlen(prefixes[i]);
        if (name.length > length && memcmp(name.at, prefixes[i], length) == 0)
            return span_skip(name, length);
    }
    return name;
}

static struct span without_suffix(struct span name)
{
    for (size_t i = 0; i < G_N_ELEMENTS(suffixes); i++) {
        size_t length = strlen(suffixes[i]);
        if (name.length > length && memcmp(name.at + name.length - length, suffixes[i], length) == 0)
            return span_head(name, name.length - length);
    }
    return name;
}

/* The time of a yes is one. When somebody subscribed says nothing about now, and the time of an event is no word for
 * it. */
static bool may_be_time(enum kind kind)
{
    return kind != KIND_SUBSCRIBED && kind != KIND_EVENT && kind != KIND_TYPE;
}

const struct flag *flag_of_name(const char *folded)
{
    struct span name = without_prefix(span_of(folded)), stem = without_suffix(name);

    for (size_t i = 0; i < G_N_ELEMENTS(flags_known); i++) {
        const struct flag *flag = &flags_known[i];
        if (span_is(name, flag->name) || (may_be_time(flag->kind) && span_is(stem, flag->name)))
            return flag;
    }
    return NULL;
}

static const char yes[] = "yes true 1 y t on x", no[] = "no false 0 n f off never";
/* Stand-ins for an empty cell: MySQL writes "\N", for a time 0000-00-00 00:00:00 as well. */
static const char nothing[] = "null none nil n/a \\n - 0000-00-00";

static bool is_one_of(struct span text, const char *list)
{
    struct span rest = span_of(list), word;

    while (text.length > 0 && span_word(&rest, &word)) {
        if (word.length == text.length && g_ascii_strncasecmp(word.at, text.at, text.length) == 0)
            return true;
    }
    return false;
}

bool flag_is_no(const char *value)
{
    return is_one_of(span_trim(span_of(value)), no);
}

static bool is_number(struct span text)
{
    size_t n = 0;

    while (n < text.length && g_ascii_isdigit(text.at[n]))
        n++;
    return n == text.length && text.at[0] != '0';
}

/* A time or how many there were is a yes, and so is the word for a reason; that for none is a no. */
static enum flags_result read_answer(struct span text)
{
    struct grounds grounds;
    gint64 time;

    if (is_one_of(text, yes) || is_number(text) || stamp_read(text, &time))
        return FLAGS_RESULT_YES;
    const char *fault = grounds_of_word(text, span_of(""), &grounds);
    if (fault == NULL)
        return FLAGS_RESULT_YES;
    return *fault == '\0' ? FLAGS_RESULT_UNCLEAR : FLAGS_RESULT_NO;
}

/* Mailgun's "failed" is for good where the severity beside it says so. */
static enum flags_result read_word(enum kind kind, const char *value, struct grounds *grounds)
{
    const char *fault = grounds_of_word(span_trim(span_of(value)), span_of(""), grounds);

    if (fault == NULL && grounds_blame_address(grounds))
        return FLAGS_RESULT_YES;
    if (kind == KIND_EVENT)
        return FLAGS_RESULT_NO_FAILURE;
    return fault != NULL && *fault != '\0' ? FLAGS_RESULT_PASSING : FLAGS_RESULT_NONE;
}

static enum flags_result read_flag(const struct flag *flag, const char *value)
{
    bool subscribed = flag->kind == KIND_SUBSCRIBED;
    struct span text = span_trim(span_of(value)), rest = text, first;

    if (!span_word(&rest, &first) || is_one_of(first, nothing))
        return FLAGS_RESULT_NO;
    if (is_one_of(text, no))
        return subscribed ? FLAGS_RESULT_YES : FLAGS_RESULT_NO;
    if (subscribed)
        return is_one_of(text, yes) ? FLAGS_RESULT_NO : FLAGS_RESULT_UNCLEAR;
    return read_answer(text);
}

enum flags_result flags_read(const struct flag *const *flags, const char *const *values, unsigned n,
                             struct grounds *grounds)
{
    enum flags_result all = FLAGS_RESULT_NONE;
    const struct flag *found = NULL;
    bool passing = false;

    for (unsigned i = 0; i < n; i++) {
        enum kind kind = flags[i]->kind;
        struct grounds own;
        bool word = kind == KIND_EVENT || kind == KIND_TYPE;
        enum flags_result result = word ? read_word(kind, values[i], &own) : read_flag(flags[i], values[i]);
        passing = passing || result == FLAGS_RESULT_PASSING;
        if (result != FLAGS_RESULT_YES)
            all = MAX(all, result);
        if (result != FLAGS_RESULT_YES || (found != NULL && found->kind <= kind))
            continue;
        found = flags[i];
        if (word)
            *grounds = own;
        else
            grounds_of_word(span_of(words[kind]), span_of(""), grounds);
    }
    return found == NULL ? all : passing && grounds->bounce ? FLAGS_RESULT_PASSING : FLAGS_RESULT_YES;
}
