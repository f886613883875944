// OpenSSL, for the trust store that all connections of a process have in common, and for what
// scripts can know of a connection.
#pragma once

#include <openssl/err.h>
#include <openssl/ocsp.h>
#include <openssl/pem.h>
#include <openssl/ssl.h>
#include <openssl/x509_vfy.h>
#include <stdint.h>
#include <stdlib.h>

// Macros, which Swift does not import.
static inline long throng_ask_for_stapling(SSL_CTX *context) {
  return SSL_CTX_set_tlsext_status_type(context, TLSEXT_STATUSTYPE_ocsp);
}
static inline long throng_stapled_response(SSL *tls, const unsigned char **bytes) {
  return SSL_get_tlsext_status_ocsp_resp(tls, bytes);
}
// Bytes of application data in the records of one connection, which libcurl does not count: of
// HTTP/2 it knows the bodies. Shared by the connection's context and whoever reads it, on one
// thread.
typedef struct {
  int64_t received, sent;
  int references;
  // Lengths of the last records' payloads, received and sent.
  int lengths[2];
} throng_tls_bytes;

static inline void throng_tls_bytes_release(throng_tls_bytes *bytes) {
  if (bytes && --bytes->references == 0) free(bytes);
}

// What a record of TLS 1.2 has beside its data: nonce and tag of GCM and CCM, or the tag alone.
static inline int throng_tls_overhead(const SSL *ssl) {
  const SSL_CIPHER *cipher = SSL_get_current_cipher(ssl);
  return cipher && SSL_CIPHER_get_cipher_nid(cipher) == NID_chacha20_poly1305 ? 16 : 24;
}

static inline void throng_tls_message(
    int sent, int version, int type, const void *data, size_t count, SSL *ssl, void *context) {
  throng_tls_bytes *bytes = context;
  const unsigned char *p = data;
  int length = -1;
  (void)version;
  if (type == SSL3_RT_HEADER && count >= 5) {
    bytes->lengths[sent != 0] = p[3] << 8 | p[4];
    // Before a cipher is in use there is no application data.
    if (p[0] == SSL3_RT_APPLICATION_DATA && SSL_version(ssl) < TLS1_3_VERSION)
      length = bytes->lengths[sent != 0] - throng_tls_overhead(ssl);
  } else if (type == SSL3_RT_INNER_CONTENT_TYPE && count >= 1 && p[0] == SSL3_RT_APPLICATION_DATA) {
    // The tag, and the byte that has just been told.
    length = bytes->lengths[sent != 0] - 17;
  }
  if (length <= 0) return;
  if (sent) bytes->sent += length; else bytes->received += length;
}

static inline void throng_tls_bytes_free(
    void *parent, void *value, CRYPTO_EX_DATA *data, int index, long number, void *context) {
  (void)parent, (void)data, (void)index, (void)number, (void)context;
  throng_tls_bytes_release(value);
}

static inline int throng_tls_bytes_index(void) {
  return SSL_CTX_get_ex_new_index(0, NULL, NULL, NULL, throng_tls_bytes_free);
}

// Counts what goes over the connection of this context. The caller has a reference of its own.
static inline throng_tls_bytes *throng_tls_bytes_count(SSL_CTX *tls, int index) {
  throng_tls_bytes *bytes = calloc(1, sizeof *bytes);
  if (!bytes) return NULL;
  bytes->references = 2;
  if (!SSL_CTX_set_ex_data(tls, index, bytes)) {
    free(bytes);
    return NULL;
  }
  SSL_CTX_set_msg_callback(tls, throng_tls_message);
  SSL_CTX_set_msg_callback_arg(tls, bytes);
  return bytes;
}
