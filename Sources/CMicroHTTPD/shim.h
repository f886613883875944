#pragma once
#include <microhttpd.h>

/* Swift imports no C variadics: the daemon's options go through this wrapper, with their types. */

typedef void *(*throng_mhd_uri_callback)(void *cls, const char *uri, struct MHD_Connection *c);

/* What a server is started with; `cls` is handed to every callback. */
struct throng_mhd_settings {
  int listen_socket;
  unsigned int threads;
  unsigned int connections_max;
  unsigned int timeout_seconds;
  size_t connection_memory_bytes;
  throng_mhd_uri_callback uri;
  MHD_AccessHandlerCallback access;
  MHD_RequestCompletedCallback completed;
  MHD_NotifyConnectionCallback changed;
  void *cls;
};

static inline struct MHD_Daemon *throng_mhd_start(const struct throng_mhd_settings *s) {
  /* poll: with epoll, 0.9.75 misses the edge of a client that closed its sending half, and keeps
     the connection until its timeout. A thread has few enough connections for poll.
     ITC: MHD_stop_daemon wakes the threads instead of waiting for their timeout.
     Connections are suspended while others work for them. */
  return MHD_start_daemon(
      MHD_USE_POLL_INTERNAL_THREAD | MHD_USE_ITC | MHD_ALLOW_SUSPEND_RESUME, 0, NULL, NULL, s->access, s->cls,
      MHD_OPTION_LISTEN_SOCKET, s->listen_socket,
      MHD_OPTION_THREAD_POOL_SIZE, s->threads,
      MHD_OPTION_CONNECTION_LIMIT, s->connections_max,
      MHD_OPTION_CONNECTION_TIMEOUT, s->timeout_seconds,
      MHD_OPTION_CONNECTION_MEMORY_LIMIT, s->connection_memory_bytes,
      MHD_OPTION_URI_LOG_CALLBACK, s->uri, s->cls,
      MHD_OPTION_NOTIFY_COMPLETED, s->completed, s->cls,
      MHD_OPTION_NOTIFY_CONNECTION, s->changed, s->cls,
      MHD_OPTION_END);
}

/* Casts within macros are not imported. */
static inline ssize_t throng_mhd_stream_end(void) { return MHD_CONTENT_READER_END_OF_STREAM; }
static inline ssize_t throng_mhd_stream_error(void) { return MHD_CONTENT_READER_END_WITH_ERROR; }
static inline uint64_t throng_mhd_size_unknown(void) { return MHD_SIZE_UNKNOWN; }

/* Variadic: the socket of a connection, -1 for none. */
static inline int throng_mhd_connection_socket(struct MHD_Connection *connection) {
  const union MHD_ConnectionInfo *info =
      MHD_get_connection_info(connection, MHD_CONNECTION_INFO_CONNECTION_FD);
  return info ? info->connect_fd : -1;
}

/* Variadic: an answer of unknown length without chunks, after which the connection ends. */
static inline enum MHD_Result throng_mhd_answer_as_http_1_0(struct MHD_Response *response) {
  return MHD_set_response_options(response, MHD_RF_HTTP_1_0_COMPATIBLE_STRICT, MHD_RO_END);
}
