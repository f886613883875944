import Glibc

/// The three descriptors that every program is started with, or should be.
enum StandardStreams {
  /// Opens those that are closed, so that no file or socket gets their numbers and is written to
  /// by mistake. Using one of them still fails.
  static func fill() {
    for number: Int32 in 0...2 where fcntl(number, F_GETFD) < 0 && errno == EBADF {
      // The lowest free number is taken, which is this one.
      _ = open("/dev/null", number == 0 ? O_WRONLY : O_RDONLY)
    }
  }
}
