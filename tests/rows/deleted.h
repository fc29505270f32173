/*
 * Deletes a row of a table as the program starts. The script deleted.py includes this file before each file of the
 * rooms that has a table of words, and puts ROW_DELETED behind each table. DELETED_ROW in the environment names the
 * row: FILE:TABLE:ROW.
 */
#ifndef TESTS_ROWS_DELETED_H
#define TESTS_ROWS_DELETED_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <unistd.h>

enum { ROW_DELETED_CPU = 5 /* seconds of work, after which a test hangs: the longest works for two */ };

/* The rows behind the deleted one move up, and the last stands there twice; in place of the last stands the one before
 * it. A row that has its place by name, as in [REASON_BLOCKED] = "blocked", leaves an empty one instead. */
static inline void row_delete(const char *table, void *rows, size_t size, size_t length, bool named, bool loose,
                              const size_t *places, size_t count)
{
    size_t total = length / size;
    bool counted = loose || count == total;
    for (size_t i = 0; i < count; i++)
        counted = counted && places[i] < total;
    if (!counted) {
        fprintf(stderr, "%s: the script counts %zu rows, the compiler %zu\n", table, count, total);
        abort();
    }
    const char *chosen = getenv("DELETED_ROW");
    if (chosen == NULL || strncmp(chosen, table, strlen(table)) != 0 || chosen[strlen(table)] != ':')
        return;
    setrlimit(RLIMIT_CPU, &(struct rlimit){ROW_DELETED_CPU, ROW_DELETED_CPU});
    char *row = (char *)rows + places[strtoul(chosen + strlen(table) + 1, NULL, 10)] * size;
    char *end = (char *)rows + length;
    uintptr_t page = (uintptr_t)sysconf(_SC_PAGESIZE);
    uintptr_t first = (uintptr_t)rows / page * page;
    if (mprotect((void *)first, (uintptr_t)end - first, PROT_READ | PROT_WRITE) != 0)
        abort();
    if (named || total == 1)
        memset(row, 0, size);
    else if (row + size == end)
        memcpy(row, row - size, size);
    else
        memmove(row, row + size, (size_t)(end - row) - size);
}

/* named: the rows have their places by name; loose: there may be more of them than are written. */
#define ROW_DELETED(table, rows, named, loose, ...)                                                                    \
    row_delete(table, (void *)(rows), sizeof((rows)[0]), sizeof(rows), named, loose, (const size_t[]){__VA_ARGS__},    \
               sizeof((const size_t[]){__VA_ARGS__}) / sizeof(size_t))

#endif
