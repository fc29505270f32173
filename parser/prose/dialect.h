/* dialect.h: the formats of failure reports that are free text, as rows of a table (dialects.h).
 *
 * Most differ in a few strings: what gives the format away, how a recipient is introduced, where diagnostics start,
 * where the returned message begins. A new format is one row, and one NAME.eml and NAME.json in testdata/.
 *
 * All strings are compared without regard to ASCII case with the start of a line, behind blanks and what lines are
 * decorated with ("-", "*", "=", "#", "|"). Lists end with NULL; no list (NULL) asks for nothing. */
#pragma once

#include "parser/report.h"
#include "parser/text/span.h"

enum dialect_flag {
    /* A diagnostic stands before its recipient, not behind. */
    DIALECT_REASON_FIRST = 1 << 0,
    /* The line that introduces the recipient is the diagnostic, or its start. */
    DIALECT_LINE_TELLS = 1 << 1,
    /* The diagnostic goes on behind empty lines. */
    DIALECT_PARAGRAPHS = 1 << 2,
    /* A transcript of the session (summaries.h) follows the list, and names recipients. */
    DIALECT_TRANSCRIPT = 1 << 3,
    /* Its sender need not look like a mail system: the field alone is enough to go by. */
    DIALECT_ANY_SENDER = 1 << 4,
    /* Recipients also stand on lines of their own, though the row has words. */
    DIALECT_LISTS = 1 << 6,
    /* A recipient stands on one line with its diagnostic, without a mark between them. */
    DIALECT_SAME_LINE = 1 << 5,
    /* Nothing marks the diagnostic: the longest line is it. Google Groups says it in every language. */
    DIALECT_PROSE = 1 << 7,
    /* It tells the keeper of an MTA about mail of others: nobody failed whom we sent to. */
    DIALECT_REPORTS_NOTHING = 1 << 8,
};

/* A line behind which recipients are listed, and what happened to those. */
struct dialect_heading {
    const char *text;
    enum report_kind kind;
};

struct dialect {
    const char *name;
    /* The marks of the dialect: a header field that holds a text ("" when it need only be there), and a line that one
     * of the openings starts. Where a row has both, both are needed; of several rows the first wins. */
    const char *field;
    const char *holds;
    const char *const *openings;
    /* The recipients: on lines that start with an address, behind one of the headings (in the whole text when there
     * are none); or behind one of these words. A row that has words and no headings lists none. */
    const struct dialect_heading *headings; /* ends with a NULL text */
    const char *const *recipients;
    /* Texts that may follow an address on its line, besides ":", "(", "<" and "[". */
    const char *const *tails;
    /* Where the diagnostic starts: the last of them counts. When none is found, it is what follows the recipient. */
    const char *const *diagnostics;
    /* Where what a program printed starts: it tells of those who are listed, and names nobody. */
    const char *const *outputs;
    /* Where it ends, other than at an empty line. */
    const char *const *ends;
    /* Words before the name of the host that replied, on a line of its own behind the recipient. */
    const char *const *hosts;
    /* Where the returned message begins, besides what all MTAs print (dialect.c). */
    const char *const *returned;
    /* The word before the reporting MTA's name in the opening line. */
    const char *host;
    unsigned flags; /* of enum dialect_flag */
};

/* Does the line start with one of `words` (NULL-terminated; NULL has none)? `tail` is what follows it. */
bool dialect_starts_any(const char *const *words, struct span line, struct span *tail);
/* The message that the text returns, empty (at == NULL) when it returns none; `told` is what stands before it. Without
 * a row (NULL) it is what all MTAs print before such a message that counts. */
struct span dialect_cut_returned(const struct dialect *dialect, struct span text, struct span *told);
/* The line without blanks and what it is decorated with. */
struct span dialect_bare(struct span line);
