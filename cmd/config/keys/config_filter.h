/* config_filter.h: the values of keys of [feed NAME] that say what a feed tells, words with commas between them or
 * "all", in which form, where to, and which secrets it signs by. For the table of keys (config_keys.c). */
#pragma once

#include "cmd/config/keys/config_value.h"

value_function filter_interest;   /* struct interest: its member that has the key's name */
value_function filter_format;     /* of the object, a struct feed_config: that of a webhook or of a file */
value_function filter_path;       /* char *: an absolute path */
value_function filter_command;    /* char **: words as a shell's, the first an absolute path */
value_function filter_template;   /* char *: the text of a file, as template.h has it */
value_function filter_properties; /* GPtrArray * of char *: the lines NAME=VALUE of a file that holds secrets */
value_function filter_secrets;    /* GPtrArray * of char *: the lines of a file */
