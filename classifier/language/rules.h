/* rules.h: the text that rules are written in.
 *
 *     # a comment
 *     rule gmail-no-such-user
 *         reason  user_unknown
 *         host    google.com googlemail.com
 *         reply   5xx
 *         match   email account that you tried to reach does not exist
 *         match   couldn't be found, or is unable to receive
 *         example 550-5.1.1 The email account that you tried to reach does not exist.
 *
 *     phrases no-such-user
 *         match   user unknown
 *
 *     rule user-unknown-by-rcpt
 *         reason  user_unknown
 *         command RCPT
 *         use     no-such-user
 *         example 550 user unknown
 *
 *     code x.1.1  user_unknown  Bad destination mailbox address
 *
 * One keyword a line, then blanks, then the value to the line's end. Rules are tried in the order of the text; the
 * first that holds decides.
 *
 *     rule ID          begins a rule; letters, digits and -, at most 64, unique over all files
 *     reason NAME      one of the failure reasons of reason.h; required
 *     host SUFFIX...   the remote or the reporting MTA is this domain or below it
 *     dialect NAME...  the report was read as this format
 *     command NAME...  the SMTP command that was answered
 *     status CODE...   the enhanced code: 5.1.1, x.1.1, 4.7.x, 5.7.606-649
 *     reply CODE...    the SMTP reply: 550, 55x, 4xx
 *     match PATTERN    the text has this (pattern.h); several lines: any of them
 *     example TEXT     a diagnostic as it arrives; the lint sees that this rule decides it. It is judged with the first
 *                      host, dialect and command of the rule, and the codes that the text holds. Required.
 *     use NAME...      the patterns of these phrases
 *     phrases NAME     begins a set of patterns (match lines) that several rules of the same file use
 *     code CODE REASON [TEXT]  a whole rule in one line: an enhanced code or reply, what it means; its id is
 * "code-CODE"
 *
 * Several values of one scope: any of them; several scopes: all of them. A rule has a scope or a pattern. Patterns meet
 * the text in the normal form of diagnostic.h. */
#pragma once

#include "classifier/language/scope.h"
#include "classifier/language/source.h"
#include "classifier/reason.h"
#include "parser/report.h"

struct rule {
    char *id;
    enum reason reason;
    struct scope scope;
    GPtrArray *patterns; /* of struct pattern *, in order; empty: the scope decides */
    GPtrArray *examples; /* of char * */
    char *text;          /* what a code's row says, NULL for others */
    char *source;        /* "NAME:LINE" */
};

/* Rules of one source in order, of struct rule *, appended to `rules` (made by rules_new()); false and an error
 * "NAME:LINE: what is wrong" at the first bad line. */
GPtrArray *rules_new(void);
bool rules_parse(const struct classifier_source *source, GPtrArray *rules, GError **error);
/* The same, and goes on: all that is wrong, of char *, is appended to `faults`. Rules are good only if nothing is. */
void rules_find_faults(const struct classifier_source *source, GPtrArray *rules, GPtrArray *faults);
/* Has each rule an id of its own? */
bool rules_unique(const GPtrArray *rules, GError **error);

/* The sources that are in the program, in order; *n of them, owned by the caller (g_free). */
struct classifier_source *rules_builtin(size_t *n);

/* Stands for the texts of all of them; hex digits. */
const char *rules_builtin_digest(void);

/* A report of what `example` says, as the rule's own scope has it: judging its recipient must end in that rule. The
 * strings are those of the rule. */
void rule_example_report(const struct rule *rule, const char *example, struct report *report,
                         struct report_recipient *recipient);
