/// Finds what somebody meant who mistyped a word. Pure.
public enum NearestWord {
  /// The word that takes the fewest edits, if they are few for its length; or the only one that
  /// begins with what was typed.
  public static func of(_ typed: String, among words: [String]) -> String? {
    let begun = words.filter { typed.count >= 2 && $0.hasPrefix(typed) }
    if begun.count == 1 { return begun[0] }
    let near = words.map { ($0, edits(from: Array(typed), to: Array($0))) }
      .min { $0.1 < $1.1 }
    guard let (word, edits) = near, edits <= max(1, min(word.count, typed.count) / 3) else {
      return nil
    }
    return word
  }

  /// Insertions, deletions, replacements and swaps of neighbours that make one of the other
  /// (the optimal string alignment distance).
  private static func edits(from typed: [Character], to word: [Character]) -> Int {
    var before: [Int] = []
    var last = Array(0...word.count)
    for row in 0..<typed.count {
      var current = [row + 1]
      for column in 0..<word.count {
        let replaced = last[column] + (typed[row] == word[column] ? 0 : 1)
        var least = min(replaced, last[column + 1] + 1, current[column] + 1)
        if row > 0, column > 0, typed[row] == word[column - 1], typed[row - 1] == word[column] {
          least = min(least, before[column - 1] + 1)
        }
        current.append(least)
      }
      before = last
      last = current
    }
    return last[word.count]
  }
}
