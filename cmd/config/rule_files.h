/* rule_files.h: the operator's own rules, *.rules files in a directory that the config names, and the classifier that
 * is made of them and the built-in ones. */
#pragma once

#include "classifier/classifier.h"
#include "cmd/config/config.h"

/* The operator's files of rules: the *.rules of the directory that `config` names, in the order of their names; of
 * char *, with a NULL at the end; empty when it names none. */
GPtrArray *rule_files_list(const struct config *config, GError **error);

/* Reads files of rules: of struct classifier_source, whose names and texts the array owns. */
GArray *rule_files_read(char *const *files, GError **error);

/* Loads the operator's rules of `config`, and the built-in ones; CONFIG_ERROR_BAD if one of them is bad. */
struct classifier *rule_files_classifier(const struct config *config, GError **error);
