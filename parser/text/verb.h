/* verb.h: which SMTP command (RFC 5321 section 4.1.1) a text says was answered: "RCPT", "DATA", ..., and "CONN" for a
 * refusal before any command. All words by which mail systems say so stand in one table. */
#pragma once

#include <stdbool.h>
#include <stddef.h>

#include "parser/text/span.h"

struct verb_row {
    const char *text;
    const char *command;
};

/* Commands by name, at the start of a line that a client sent, or behind what introduces one ("in reply to "). */
extern const struct verb_row verb_names[];
extern const size_t n_verb_names;
/* Words that say so wherever they stand in a diagnostic; the first row of those that are there counts. */
extern const struct verb_row verb_phrases[];
extern const size_t n_verb_phrases;

/* The row of the command that a line such as "RCPT To:<...>" begins with; NULL if it begins with none. */
const struct verb_row *verb_named(struct span line);
/* The row that tells which command the text, a reply with what a mail system says of it, was given to; NULL if the
 * text does not say. Where the reply quotes another one, it is the outer's command. One pass. */
const struct verb_row *verb_answered(struct span text);

/* Is the command one that is answered before any recipient is named? Not for NULL. */
bool verb_precedes_recipient(const char *command);

/* No command of SMTP: what a program answered that the mail was piped to. */
extern const char verb_pipe[];

/* The command of a row; NULL for NULL. */
const char *verb_command(const struct verb_row *row);
