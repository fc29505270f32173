/* dossier.h: what a story is told from, as one JSON object for programs. */
#pragma once

#include "reports/story/question.h"

/* Appends the object, without a line end. */
bool dossier_list(const struct question *question, GString *out, GError **error);
