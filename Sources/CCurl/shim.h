// libcurl's setters and getters are variadic C functions, which Swift cannot call; each wrapper
// fixes one argument type, so that a wrong type is an error at compile time.
#pragma once

#include <curl/curl.h>
#include <malloc.h>

static inline CURLcode throng_set_long(CURL *h, CURLoption o, long v) { return curl_easy_setopt(h, o, v); }
static inline CURLcode throng_set_offset(CURL *h, CURLoption o, curl_off_t v) { return curl_easy_setopt(h, o, v); }
static inline CURLcode throng_set_string(CURL *h, CURLoption o, const char *v) { return curl_easy_setopt(h, o, v); }
static inline CURLcode throng_set_pointer(CURL *h, CURLoption o, void *v) { return curl_easy_setopt(h, o, v); }
static inline CURLcode throng_set_list(CURL *h, CURLoption o, struct curl_slist *v) { return curl_easy_setopt(h, o, v); }
static inline CURLcode throng_set_share(CURL *h, CURLSH *v) { return curl_easy_setopt(h, CURLOPT_SHARE, v); }
// Logs in by NTLM, or, without a user, as the URL says.
static inline CURLcode throng_set_ntlm(CURL *h, const char *user, const char *password) {
  curl_easy_setopt(h, CURLOPT_HTTPAUTH, user ? CURLAUTH_NTLM : CURLAUTH_BASIC);
  curl_easy_setopt(h, CURLOPT_USERNAME, user);
  return curl_easy_setopt(h, CURLOPT_PASSWORD, password);
}
static inline CURLcode throng_set_data_callback(CURL *h, CURLoption o, curl_write_callback v) { return curl_easy_setopt(h, o, v); }
static inline CURLcode throng_set_debug(CURL *h, curl_debug_callback f, void *context) {
  CURLcode code = curl_easy_setopt(h, CURLOPT_DEBUGFUNCTION, f);
  return code ? code : curl_easy_setopt(h, CURLOPT_DEBUGDATA, context);
}

static inline CURLcode throng_get_long(CURL *h, CURLINFO i, long *v) { return curl_easy_getinfo(h, i, v); }
static inline CURLcode throng_get_offset(CURL *h, CURLINFO i, curl_off_t *v) { return curl_easy_getinfo(h, i, v); }
static inline CURLcode throng_get_string(CURL *h, CURLINFO i, char **v) { return curl_easy_getinfo(h, i, v); }
// The `SSL` of the exchange under way, if OpenSSL secures it.
static inline void *throng_get_tls(CURL *h) {
  struct curl_tlssessioninfo *v = NULL;
  if (curl_easy_getinfo(h, CURLINFO_TLS_SSL_PTR, &v) || !v) return NULL;
  return v->backend == CURLSSLBACKEND_OPENSSL ? v->internals : NULL;
}
// Where a handle keeps the address of the header that came last, as an index of words; 0 when that
// is not clear. libcurl before 8.1 frees the header and keeps the address: a response whose first
// header line is a folded one would then be added to what is no longer there. The handle has the
// address in its list's ends, too, and in the last answer of curl_easy_nextheader.
static inline size_t throng_find_last_header(CURL *h) {
  const unsigned kinds = CURLH_HEADER | CURLH_TRAILER | CURLH_1XX | CURLH_PSEUDO;
  struct curl_header *header = NULL, *next;
  const void *first = NULL, *last;
  void *const *words = (void *const *)h;
  size_t count = malloc_usable_size(h) / sizeof *words, found = 0, i;
  int headers = 0;
  while ((next = curl_easy_nextheader(h, kinds, -1, header))) {
    header = next;
    if (headers++ == 0) first = header->anchor;
  }
  if (!headers) return 0;
  last = header->anchor;
  for (i = 1; i + 1 < count; i++) {
    if (words[i] != last || &words[i] == &header->anchor) continue;
    // The list's end stands behind its beginning.
    if (words[i - 1] == first && &words[i - 1] != &header->anchor) continue;
    if (headers == 1 && words[i + 1] == last) continue;
    if (found) return 0;
    found = i;
  }
  return found;
}
static inline void throng_forget_last_header(CURL *h, size_t index) { ((void **)h)[index] = NULL; }
static inline curl_socket_t throng_get_socket(CURL *h) {
  curl_socket_t fd = CURL_SOCKET_BAD;
  curl_easy_getinfo(h, CURLINFO_ACTIVESOCKET, &fd);
  return fd;
}
static inline void *throng_get_private(CURL *h) {
  char *v = NULL;
  curl_easy_getinfo(h, CURLINFO_PRIVATE, &v);
  return v;
}

static inline CURLMcode throng_multi_set_socket(CURLM *m, curl_socket_callback f, void *context) {
  CURLMcode code = curl_multi_setopt(m, CURLMOPT_SOCKETFUNCTION, f);
  return code ? code : curl_multi_setopt(m, CURLMOPT_SOCKETDATA, context);
}
static inline CURLMcode throng_multi_set_timer(CURLM *m, curl_multi_timer_callback f, void *context) {
  CURLMcode code = curl_multi_setopt(m, CURLMOPT_TIMERFUNCTION, f);
  return code ? code : curl_multi_setopt(m, CURLMOPT_TIMERDATA, context);
}
static inline CURLcode throng_set_close_socket(CURL *h, curl_closesocket_callback f, void *context) {
  CURLcode code = curl_easy_setopt(h, CURLOPT_CLOSESOCKETFUNCTION, f);
  return code ? code : curl_easy_setopt(h, CURLOPT_CLOSESOCKETDATA, context);
}
static inline CURLcode throng_set_open_socket(CURL *h, curl_opensocket_callback f, void *context) {
  CURLcode code = curl_easy_setopt(h, CURLOPT_OPENSOCKETFUNCTION, f);
  return code ? code : curl_easy_setopt(h, CURLOPT_OPENSOCKETDATA, context);
}

// Connections of its own for each client: they are never shared between clients.
static inline CURLSHcode throng_share_connections(CURLSH *s) {
  return curl_share_setopt(s, CURLSHOPT_SHARE, CURL_LOCK_DATA_CONNECT);
}

// The message's result stands in a union.
static inline CURLcode throng_message_result(const CURLMsg *m) { return m->data.result; }

static inline CURLcode throng_set_tls_context(CURL *h, curl_ssl_ctx_callback f, void *context) {
  CURLcode code = curl_easy_setopt(h, CURLOPT_SSL_CTX_FUNCTION, f);
  return code ? code : curl_easy_setopt(h, CURLOPT_SSL_CTX_DATA, context);
}
static inline CURLcode throng_set_before_request(CURL *h, curl_prereq_callback f, void *context) {
  CURLcode code = curl_easy_setopt(h, CURLOPT_PREREQFUNCTION, f);
  return code ? code : curl_easy_setopt(h, CURLOPT_PREREQDATA, context);
}
