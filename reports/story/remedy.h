/* remedy.h: how an operator takes an entry off the list. */
#pragma once

#include "store/stored.h"

/* The command, for a shell; WHY is for the operator to say. The caller frees. */
char *remedy_of_entry(const struct suppression *entry);
