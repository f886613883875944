#include "include/regex_search.h"

#include <stddef.h>
#include <unicode/uregex.h>
#include <unicode/ustring.h>

static throng_regex *bounded(
    URegularExpression *regex, int32_t ticks, int32_t stackBytes, UErrorCode status) {
  if (U_SUCCESS(status)) uregex_setTimeLimit(regex, ticks, &status);
  if (U_SUCCESS(status)) uregex_setStackLimit(regex, stackBytes, &status);
  if (U_SUCCESS(status)) return (throng_regex *)regex;
  if (regex != NULL) uregex_close(regex);
  return NULL;
}

throng_regex *throng_regex_open(
    const uint16_t *pattern, int32_t length, int32_t ticks, int32_t stackBytes) {
  UErrorCode status = U_ZERO_ERROR;
  URegularExpression *regex = uregex_open((const UChar *)pattern, length, 0, NULL, &status);
  return bounded(regex, ticks, stackBytes, status);
}

throng_regex *throng_regex_clone(const throng_regex *regex, int32_t ticks, int32_t stackBytes) {
  UErrorCode status = U_ZERO_ERROR;
  URegularExpression *clone = uregex_clone((const URegularExpression *)regex, &status);
  return bounded(clone, ticks, stackBytes, status);
}

void throng_regex_close(throng_regex *regex) { uregex_close((URegularExpression *)regex); }

int32_t throng_regex_search(
    throng_regex *regex, const uint16_t *text, int32_t length, int32_t *start, int32_t *end) {
  URegularExpression *self = (URegularExpression *)regex;
  UErrorCode status = U_ZERO_ERROR;
  uregex_setText(self, (const UChar *)text, length, &status);
  UBool found = uregex_find(self, 0, &status);
  if (found && U_SUCCESS(status)) {
    int32_t group = uregex_groupCount(self, &status) > 0 ? 1 : 0;
    *start = uregex_start(self, group, &status);
    *end = uregex_end(self, group, &status);
  }
  if (status == U_REGEX_TIME_OUT) return THRONG_REGEX_TOO_LONG;
  if (U_FAILURE(status)) return THRONG_REGEX_TOO_LARGE;
  return found ? THRONG_REGEX_FOUND : THRONG_REGEX_NOTHING;
}

int32_t throng_utf16(uint16_t *to, int32_t capacity, const char *from, int32_t length) {
  UErrorCode status = U_ZERO_ERROR;
  int32_t written = 0;
  u_strFromUTF8WithSub((UChar *)to, capacity, &written, from, length, 0xFFFD, NULL, &status);
  return U_FAILURE(status) ? -1 : written;
}
