/* occurrence.h: an address, as it may stand in mail and in texts: does it? Internal to store/. */
#pragma once

#include <glib.h>
#include <stdbool.h>

struct occurrence;

/* Of an address as the list has it (parser/address.h). */
struct occurrence *occurrence_new(const char *address);
void occurrence_free(struct occurrence *occurrence);

/* Does `text` hold it, in any case and with whatever stands for its "@" in a return path, a URL, an xtext or HTML?
 * Another address that it is a part of does not count. */
bool occurrence_in_text(const struct occurrence *occurrence, const char *text, size_t length);
/* The same of a message, of which some is in quoted-printable or base64, also within another such part. */
bool occurrence_in_message(const struct occurrence *occurrence, const char *message, size_t length);

typedef struct occurrence Occurrence;
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Occurrence, occurrence_free)
