/* pattern.h: the language that rules match texts with: a part of Perl's regular expressions that runs in time linear in
 * the text, and shows literals that every match contains.
 *
 * It has: characters, ., [sets], \d \D \w \W \s \S \b \B, ^, $, (groups), alternatives|, look-around (?=) (?!) (?<=)
 * (?<!), and ? * + {n} {n,m}. Matching ignores case; * + and {n,} go to 80 times, {n,m} too. It has no
 * back-references, no quantifier on a group that holds one (but ? may stand there), no lazy or possessive quantifiers,
 * and no more than PATTERN_MAX_WAYS ways to match from one place: these are what makes an expression slow. */
#pragma once

#include <glib.h>
#include <stdbool.h>

enum {
    PATTERN_MAX_WAYS = 20000,
    PATTERN_MIN_LITERAL = 3,
};

struct pattern;

enum pattern_result {
    PATTERN_RESULT_NO_MATCH,
    PATTERN_RESULT_MATCH,
    PATTERN_RESULT_LIMIT, /* gave up: more steps than a pattern of this language should take */
};

/* NULL and an error that says what is wrong, when `source` is not of the language or when no literal of at least
 * PATTERN_MIN_LITERAL bytes is in every match. A pattern of the built-in rules was analysed when the program was built,
 * and is compiled when a text is first tried: most never are. */
struct pattern *pattern_new(const char *source, GError **error);

/* Compiles it now. False and an error when PCRE2 refuses what the language admits ("[z-a]"). May be called by many
 * threads at once. */
bool pattern_compile(const struct pattern *pattern, GError **error);

/* Several rules may share a pattern: another reference, to be given back by pattern_free(). */
struct pattern *pattern_ref(struct pattern *pattern);
void pattern_free(struct pattern *pattern);

const char *pattern_source(const struct pattern *pattern);

/* Texts, each with its NUL, and "" after the last; a text that contains none of them does not match. */
const char *pattern_literals(const struct pattern *pattern);

/* The same of other literals that every match contains besides; NULL when the pattern shows no others. */
const char *pattern_companions(const struct pattern *pattern);

/* True when the pattern is one plain literal: a text that contains it matches. */
bool pattern_is_literal(const struct pattern *pattern);

/* The memory that matching needs, for any number of matches with any pattern; one thread at a time. */
struct pattern_scratch;
struct pattern_scratch *pattern_scratch_new(void);
void pattern_scratch_free(struct pattern_scratch *scratch);

/* `text` is in normal form (see diagnostic.h). May be called by many threads at once, each with its own
 * scratch; without one (NULL), the match makes its own. */
enum pattern_result pattern_match(const struct pattern *pattern, const char *text, size_t length,
                                  struct pattern_scratch *scratch);

/* A short text that matches, for the lint and the tests; another `variant` takes other alternatives. Owned by the
 * caller; look-around is not satisfied, so it must be tried. */
char *pattern_sample(const struct pattern *pattern, unsigned variant);

typedef struct pattern Pattern;
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Pattern, pattern_free)
typedef struct pattern_scratch PatternScratch;
G_DEFINE_AUTOPTR_CLEANUP_FUNC(PatternScratch, pattern_scratch_free)
