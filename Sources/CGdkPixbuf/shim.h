#pragma once
#include <gdk-pixbuf/gdk-pixbuf.h>

/* Connecting a signal is a macro with an untyped callback. */
typedef void (*throng_pixbuf_size_callback)(GdkPixbufLoader *loader, int width, int height,
                                            void *context);

/* Calls back once the size of an image is known, before there is memory for its pixels. */
static inline void throng_pixbuf_on_size(GdkPixbufLoader *loader,
                                         throng_pixbuf_size_callback callback, void *context) {
  g_signal_connect(loader, "size-prepared", G_CALLBACK(callback), context);
}
