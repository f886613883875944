// OpenSSL, for the trust store that all connections of a process have in common, and for what
// scripts can know of a connection.
#pragma once

#include <openssl/err.h>
#include <openssl/ocsp.h>
#include <openssl/pem.h>
#include <openssl/ssl.h>
#include <openssl/x509_vfy.h>

// Macros, which Swift does not import.
static inline long throng_ask_for_stapling(SSL_CTX *context) {
  return SSL_CTX_set_tlsext_status_type(context, TLSEXT_STATUSTYPE_ocsp);
}
static inline long throng_stapled_response(SSL *tls, const unsigned char **bytes) {
  return SSL_get_tlsext_status_ocsp_resp(tls, bytes);
}
