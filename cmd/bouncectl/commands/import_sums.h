/* import_sums.h: what became of the rows of a list, in numbers. */
#pragma once

#include "cmd/batches/haul_sums.h"
#include "cmd/bouncectl/display/output.h"

/* `batch` is the name of the work; NULL: nothing was to be done. */
void import_sums_print(const struct haul_sums *sums, const struct output *output, const char *batch);
