#!/bin/sh
# The parser, the classifier and the SMTP session do no I/O, know no clock, no log and no environment: no library of
# their folders calls one of the functions below.
set -eu

deny='
open openat creat close read write readv writev pread pwrite lseek fcntl ioctl poll select epoll_wait
socket connect bind listen accept accept4 send sendto sendmsg recv recvfrom recvmsg getaddrinfo getnameinfo
fopen fopen64 open64 fdopen freopen fclose fread fwrite fgets fgetc getc getline fputs fputc putc puts putchar perror
printf fprintf vprintf vfprintf dprintf __printf_chk __fprintf_chk __vprintf_chk __vfprintf_chk __dprintf_chk
stdin stdout stderr opendir readdir stat fstat lstat unlink rename mkdir
time clock clock_gettime gettimeofday localtime localtime_r mktime ctime nanosleep usleep sleep alarm
getenv secure_getenv setenv setlocale gethostname rand random
fork system popen execv execve execvp pthread_create syslog vsyslog
g_log g_logv g_log_structured g_log_structured_standard g_print g_printerr g_printf g_fprintf
g_return_if_fail_warning g_warn_message g_on_error_query
g_get_real_time g_get_monotonic_time g_get_current_time g_date_time_new_now g_date_time_new_now_utc
g_date_time_new_now_local g_date_time_new_local g_time_zone_new_local g_usleep g_random_int g_random_double
g_getenv g_setenv g_get_environ g_get_host_name g_get_user_name g_get_home_dir
g_open g_fopen g_stat g_file_get_contents g_file_set_contents g_file_test g_dir_open g_mapped_file_new g_spawn_sync
g_thread_new g_io_channel_unix_new g_mime_stream_file_new g_mime_stream_file_open g_mime_stream_fs_new g_mime_stream_fs_open
g_mime_stream_pipe_new g_mime_stream_mmap_new
'
listing=$(mktemp)
trap 'rm -f "$listing"' EXIT

bad=0
check() { # what it is, and its archive
    name=$1
    shift
    nm -u "$@" | sed -n 's/^ *U \([^@]*\).*/\1/p' | sort -u >"$listing"
    [ -s "$listing" ] || { echo "$name: nm lists nothing"; exit 1; }
    for symbol in $deny; do
        if grep -qx "$symbol" "$listing"; then
            echo "$name calls $symbol"
            bad=1
        fi
    done
    echo "$name: $(wc -l <"$listing") symbols looked at"
}

for archive in "$BUILD"/libparser*.a "$BUILD"/libclassifier*.a "$BUILD/libcmd_bounced_smtp.a" "$BUILD/libcmd_bounced_lookup.a"; do
    check "$(basename "$archive")" "$archive"
done
exit $bad
