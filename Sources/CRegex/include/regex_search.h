// Searching for regular expressions with bounds on time and memory: ICU's, those of Foundation's
// NSRegularExpression, which offers no bounds. Compiled apart from Swift, because ICU's headers
// and those of the copy inside of Foundation declare the same types.
#pragma once

#include <stdint.h>

typedef struct throng_regex throng_regex;

enum {
  THRONG_REGEX_NOTHING = 0,
  THRONG_REGEX_FOUND = 1,
  THRONG_REGEX_TOO_LONG = -1,
  THRONG_REGEX_TOO_LARGE = -2,
};

// NULL when the pattern is none, or there is no memory. `ticks` are steps of a search, each about a
// millisecond of CPU time; `stackBytes` bounds what a search remembers to go back to.
throng_regex *throng_regex_open(
    const uint16_t *pattern, int32_t length, int32_t ticks, int32_t stackBytes);

// For another thread; NULL without memory. May be called while `regex` is in use.
throng_regex *throng_regex_clone(const throng_regex *regex, int32_t ticks, int32_t stackBytes);

void throng_regex_close(throng_regex *regex);

// Searches a text for the first match: `start` and `end` become the place of its first group, or
// of all of it when the pattern has none; -1 when the group took no part.
int32_t throng_regex_search(
    throng_regex *regex, const uint16_t *text, int32_t length, int32_t *start, int32_t *end);

// UTF-8 to UTF-16; what is none becomes U+FFFD. Returns the units written, or -1.
int32_t throng_utf16(uint16_t *to, int32_t capacity, const char *from, int32_t length);
