#pragma once
#include <dlfcn.h>
#include <pthread.h>
#include <signal.h>
#include <stdbool.h>
#include <stddef.h>
#include <string.h>
#include <ucontext.h>
#include <JavaScriptCore/JavaScript.h>

// The library exports these, and WebKit itself relies on them, but its public headers do not
// declare them: see JSContextRefPrivate.h and JSBasePrivate.h of WebKit.

// Asked when the time is up; true ends the script with an exception that it cannot catch.
typedef bool (*throng_js_should_terminate)(JSContextRef context, void *data);

// Calls `callback` once after `seconds` of the thread's CPU time in one entry; to be set again
// by the callback when it lets the script go on.
void JSContextGroupSetExecutionTimeLimit(
    JSContextGroupRef group, double seconds, throng_js_should_terminate callback, void *data);

// `finalizer` is called at the end of every garbage collection, on the thread that runs scripts.
void JSContextGroupAddHeapFinalizer(
    JSContextGroupRef group, void (*finalizer)(JSContextGroupRef group, void *data), void *data);

void JSContextGroupRemoveHeapFinalizer(
    JSContextGroupRef group, void (*finalizer)(JSContextGroupRef group, void *data), void *data);

// `function` is called with the promise and its reason once all that was due has run and nobody
// has taken care of the rejection.
void JSGlobalContextSetUnhandledRejectionCallback(
    JSGlobalContextRef context, JSObjectRef function, JSValueRef *exception);

// Collects garbage before it returns; JSGarbageCollect only says that it would be good.
void JSSynchronousGarbageCollectForDebugging(JSContextRef context);

// No inspector of browsers may look into scripts.
void JSRemoteInspectorSetInspectionEnabledByDefault(bool enabled);

// glibc declares these for _GNU_SOURCE only, which not every importer of this header defines.
extern int throng_dladdr(const void *address, void *info) __asm__("dladdr");
extern int throng_pthread_sigqueue(pthread_t thread, int number, const union sigval value)
    __asm__("pthread_sigqueue");

// Whether a signal met its thread in code that belongs to no file: in what the library compiled.
static inline bool throng_js_in_compiled_code(void *context) {
#if defined(__x86_64__)
  void *place = (void *)((ucontext_t *)context)->uc_mcontext.gregs[16];  // REG_RIP
#elif defined(__aarch64__)
  void *place = (void *)((ucontext_t *)context)->uc_mcontext.pc;
#else
  return false;
#endif
  void *info[4];  // a Dl_info
  return throng_dladdr(place, info) == 0;
}

// The signal by which the monitor interrupts a script; JavaScriptCore itself uses others.
static inline int throng_js_signal(void) { return SIGRTMIN + 7; }

typedef void (*throng_js_handler)(int, siginfo_t *, void *);

static inline int throng_js_handle_signal(throng_js_handler handler) {
  struct sigaction action;
  memset(&action, 0, sizeof action);
  action.sa_sigaction = handler;
  action.sa_flags = SA_SIGINFO | SA_RESTART;
  sigemptyset(&action.sa_mask);
  return sigaction(throng_js_signal(), &action, NULL);
}

static inline int throng_js_interrupt(pthread_t thread, void *data) {
  union sigval value;
  value.sival_ptr = data;
  return throng_pthread_sigqueue(thread, throng_js_signal(), value);
}

static inline void *throng_js_signal_data(siginfo_t *info) { return info->si_value.sival_ptr; }
