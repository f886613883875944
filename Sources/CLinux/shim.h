// The parts of Linux's libc that Swift's Glibc module does not import.
#pragma once

// _GNU_SOURCE stays undefined: with it libc's types differ from those of Swift's Glibc and Dispatch
// modules, and files that import both do not compile. What is a GNU extension is declared below.

#include <errno.h>
#include <fcntl.h>
#include <netdb.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <arpa/inet.h>
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <sys/file.h>
#include <sys/ioctl.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/signalfd.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/types.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

// `epoll_event` holds a union, which Swift imports awkwardly: these carry the 64-bit form only.
static inline int throng_epoll_ctl(int epoll, int operation, int fd, uint32_t events, uint64_t data) {
  struct epoll_event event;
  memset(&event, 0, sizeof event);
  event.events = events;
  event.data.u64 = data;
  return epoll_ctl(epoll, operation, fd, &event);
}

static inline uint64_t throng_epoll_data(const struct epoll_event *event) { return event->data.u64; }
static inline uint32_t throng_epoll_events(const struct epoll_event *event) { return event->events; }

// EPOLL* constants are enum values or macros with casts, which import with differing types.
static const uint32_t THRONG_EPOLLIN = EPOLLIN;
static const uint32_t THRONG_EPOLLOUT = EPOLLOUT;
static const uint32_t THRONG_EPOLLERR = EPOLLERR;
static const uint32_t THRONG_EPOLLHUP = EPOLLHUP;
static const uint32_t THRONG_EPOLLRDHUP = EPOLLRDHUP;

static inline int64_t throng_clock_nanoseconds(int clock) {
  struct timespec t;
  clock_gettime((clockid_t)clock, &t);
  return (int64_t)t.tv_sec * 1000000000 + t.tv_nsec;
}

// `ioctl` and `prctl` are variadic: Swift cannot call them.
static inline int throng_terminal_columns(int fd) {
  struct winsize size;
  if (ioctl(fd, TIOCGWINSZ, &size) != 0) return 0;
  return size.ws_col;
}

static inline int throng_terminal_rows(int fd) {
  struct winsize size;
  if (ioctl(fd, TIOCGWINSZ, &size) != 0) return 0;
  return size.ws_row;
}

static inline int throng_signal_fd(const sigset_t *set) {
  return signalfd(-1, set, SFD_NONBLOCK | SFD_CLOEXEC);
}

// CPU time of this process in microseconds, user plus system.
static inline int64_t throng_cpu_microseconds(void) {
  struct rusage usage;
  getrusage(RUSAGE_SELF, &usage);
  return ((int64_t)usage.ru_utime.tv_sec + usage.ru_stime.tv_sec) * 1000000 +
         usage.ru_utime.tv_usec + usage.ru_stime.tv_usec;
}

extern int malloc_trim(size_t);

// What was freed stays with the process otherwise, for later.
static inline void throng_give_memory_back(void) { malloc_trim(1 << 20); }

// Bytes that a TCP connection has received and was given to send; false where the kernel does not
// say so. The offsets are those of Linux's `struct tcp_info`, of which glibc's is the beginning.
static inline int throng_tcp_bytes(int fd, int64_t *received, int64_t *sent) {
  unsigned char info[256];
  socklen_t size = sizeof info;
  uint32_t unsent;
  int64_t gone, again;
  if (getsockopt(fd, IPPROTO_TCP, TCP_INFO, info, &size) != 0 || size < 216) return 0;
  memcpy(received, info + 128, 8);
  memcpy(&unsent, info + 144, 4);
  memcpy(&gone, info + 200, 8);
  memcpy(&again, info + 208, 8);
  *sent = gone - again + unsent;
  return 1;
}

extern int accept4(int, struct sockaddr *, socklen_t *, int);
extern void *memmem(const void *, size_t, const void *, size_t);

static inline int throng_accept(int listener) {
  return accept4(listener, NULL, NULL, SOCK_NONBLOCK | SOCK_CLOEXEC);
}

// The same of all children that have ended and been waited for.
static inline int64_t throng_children_cpu_microseconds(void) {
  struct rusage usage;
  getrusage(RUSAGE_CHILDREN, &usage);
  return ((int64_t)usage.ru_utime.tv_sec + usage.ru_stime.tv_sec) * 1000000 +
         usage.ru_utime.tv_usec + usage.ru_stime.tv_usec;
}

extern int pipe2(int *, int);

// A pipe whose ends are closed in other programs.
static inline int throng_pipe(int *ends) { return pipe2(ends, O_CLOEXEC); }

extern int memfd_create(const char *, unsigned int);

// A file that is nowhere but in memory; 1 is MFD_CLOEXEC.
static inline int throng_memory_file(void) { return memfd_create("throng", 1); }

// Lets the kernel end this process when the thread that started it has ended, without leaving
// a dump of its memory.
static inline void throng_end_with_parent(void) {
  struct rlimit none = {0, 0};
  prctl(PR_SET_PDEATHSIG, SIGKILL);
  setrlimit(RLIMIT_CORE, &none);
}

// X/Open's, which glibc hides without _XOPEN_SOURCE.
extern int wcwidth(__WCHAR_TYPE__);

// Columns of a terminal that a character takes in the locale of this thread; -1 for controls.
static inline int throng_character_width(uint32_t scalar) { return wcwidth((__WCHAR_TYPE__)scalar); }
