/// An order of an execution's clients in which neighbours stand far apart: however its clients
/// are cut into contiguous ranges, each range has its even share of any run of places. Pure.
///
/// Client `g` of `n` has the place `g × step mod n`, with `step` near the golden section of `n`
/// and without a common divisor, so that it is a permutation. How unevenly such a lattice can lie
/// is bounded by the sum of the partial quotients of `step / n` (Niederreiter, Random Number
/// Generation and Quasi-Monte Carlo Methods, 1992, chapter 5), so the candidate with the smallest
/// sum is taken.
struct ClientOrder: Sendable {
  private let total: Int
  private let step: Int
  /// Candidates on either side of the golden section.
  private static let reach = 50

  /// - Parameter total: clients of the whole execution, at least 1.
  init(total: Int) {
    self.total = max(1, total)
    let golden = Int(Double(self.total) * 0.618_033_988_749_895)
    var best = (step: 1, sum: Int.max)
    for candidate in max(1, golden - Self.reach)...max(1, golden + Self.reach) {
      if let sum = Self.quotientSum(candidate, self.total), sum < best.sum {
        best = (candidate, sum)
      }
    }
    step = best.step
  }

  /// Place of a client, from 0 and below the number of clients.
  func place(of client: Int) -> Int { client * step % total }

  /// Sum of the partial quotients of `step / total`; nil when they have a common divisor.
  private static func quotientSum(_ step: Int, _ total: Int) -> Int? {
    var (large, small) = (total, step % max(1, total))
    var sum = 0
    while small > 0 {
      sum += large / small
      (large, small) = (small, large % small)
    }
    return large == 1 ? sum : nil
  }
}
