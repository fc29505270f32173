/* config_value.h: the values that keys take, one function a kind: each parses `text` into the object of the section at
 * the key's offset, or says in its error what is wrong with it. For the table of keys (config_keys.c). */
#pragma once

#include <glib.h>
#include <stdbool.h>
#include <stddef.h>

/* One row of the table. `set` parses `text` into the object of the section at `offset`; its error says what was wrong.
 */
struct config_key {
    const char *section; /* "listen", "return-path", "feedback" and "policy" take a name after them */
    const char *name;    /* "REASON": any reason */
    const char *initial; /* the default as it would be written; NULL: none */
    const char *minimum; /* of a number, as it would be written, the maximum too; NULL: the key is no number */
    const char *maximum;
    const char *expected; /* the numbers' limits are said behind it */
    bool (*set)(void *object, const struct config_key *key, const char *name, const char *text, GError **error);
    size_t offset;
    const char *const *names; /* that it takes, NULL-terminated; NULL: other values */
    bool is_file;             /* the value is a file's name, and `set` reads the file: see config_read_files() */
};

typedef bool value_function(void *object, const struct config_key *key, const char *name, const char *text,
                            GError **error);

/* char * */
value_function value_text;     /* anything but nothing */
value_function value_pattern;  /* the same, also in quotes */
value_function value_readable; /* the path of a file that can be read */
value_function value_domain;   /* becomes A-labels */
value_function value_address;
value_function value_separators;     /* of a return path: what stands in place of "+" and "=" */
value_function value_listen_address; /* HOST:PORT, [IPV6]:PORT or unix:/PATH */
value_function value_server;         /* HOST:PORT or [IPV6]:PORT */
value_function value_wording;        /* as wording.h has it */
value_function value_password_file;  /* becomes the first line of the file */

/* gint64, within the key's limits */
value_function value_time; /* becomes seconds */
value_function value_size; /* becomes octets */
value_function value_number;

value_function value_name;     /* an enum, by the key's names */
value_function value_names;    /* unsigned: a set of enums, 1 << value, by the key's names with blanks between them */
value_function value_choice;   /* bool, by the key's two names, the second of which is true */
value_function value_unproven; /* the same; it says of "sent" why that is not to be had */

value_function value_rate;     /* struct config_rate */
value_function value_networks; /* struct networks * */
value_function value_hosts;    /* GPtrArray * of char *, A-labels, the last NULL; NULL: none */
value_function value_key_file; /* GPtrArray * of char *: the lines of the file */
value_function value_policy;   /* of the object, a struct policy; the key's name is the reason */
