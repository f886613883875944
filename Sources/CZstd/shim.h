#pragma once
#include <stdint.h>
#include <zstd.h>

// ZSTD_CONTENTSIZE_* are casts of negative numbers to unsigned, which Swift does not import.
// Returns the decompressed size that a frame states, or −1 when it is no frame or states none.
static inline int64_t throng_zstd_content_size(const void *frame, size_t bytes) {
  unsigned long long size = ZSTD_getFrameContentSize(frame, bytes);
  if (size == ZSTD_CONTENTSIZE_UNKNOWN || size == ZSTD_CONTENTSIZE_ERROR) return -1;
  return size > INT64_MAX ? -1 : (int64_t)size;
}
