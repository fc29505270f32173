/* dialects.h: all formats that are free text (dialect.h); of several rows that know a text the first reads it. */
#pragma once

#include "parser/prose/dialect.h"

extern const struct dialect dialects[];
extern const size_t n_dialects;
