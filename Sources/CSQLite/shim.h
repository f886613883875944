#pragma once
#include <sqlite3.h>

// SQLITE_TRANSIENT is a cast of −1 to a function pointer, which Swift does not import: these bind
// with it, so that SQLite copies the bytes before the call returns.
static inline int throng_sqlite_bind_text(sqlite3_stmt *statement, int index, const char *text, int bytes) {
  return sqlite3_bind_text(statement, index, text, bytes, SQLITE_TRANSIENT);
}

// A null pointer would bind NULL; an empty blob has to stay an empty blob.
static inline int throng_sqlite_bind_blob(sqlite3_stmt *statement, int index, const void *data, int bytes) {
  if (bytes == 0) return sqlite3_bind_zeroblob(statement, index, 0);
  return sqlite3_bind_blob(statement, index, data, bytes, SQLITE_TRANSIENT);
}
