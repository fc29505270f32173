/* directory.h: the list as the desk reads it: opened when it is first asked, and again after it failed or another file
 * took its place. Of one thread. */
#pragma once

#include <stdbool.h>

#include "cmd/bounced/log/journal.h"
#include "cmd/bounced/lookup/codec.h"

struct directory;

struct directory *directory_new(const char *path, const struct journal *journal);
void directory_free(struct directory *directory);

/* The questions between these two are about the list of one moment: those that came together. */
void directory_begin(struct directory *directory);
void directory_end(struct directory *directory);

/* A while after questions: lets go of the moment that they were about, and gets ready to answer the next ones more
 * cheaply, a few milliseconds' worth. True when it is to be called again soon for the rest. */
bool directory_tend(struct directory *directory);

/* Is what the question asks of, as somebody wrote it, on the list? `tenants` has the tenant of each stream. With
 * CODEC_ANSWER_SUPPRESSED `text` is what `wording` says of the entry. A text that is no address is not on it. Takes no
 * longer than a fifth of a second to find that out, or CODEC_ANSWER_FAILED. */
enum codec_answer directory_ask(struct directory *directory, const struct codec_question *question, GHashTable *tenants,
                                const char *wording, GString *text);
