import Shared
import XCTest

@testable import Coordinator

final class ShownItemsTests: XCTestCase {
  private func items(_ texts: [String]) -> [RenderedItem] {
    texts.map { text in
      var json = JSONWriter()
      json.string(text)
      return RenderedItem(json)
    }
  }

  private func showAll(_ shown: inout ShownItems, _ items: [RenderedItem]) -> [Int] {
    let changed = shown.changed(in: items)
    for index in changed { shown.show(index, of: items) }
    return changed
  }

  func test_onlyWhatChanged_isShownAgain() {
    var shown = ShownItems([0, 0, 0])
    XCTAssertEqual(showAll(&shown, items(["a", "b", "c", "d"])), [0, 1, 2, 3])
    XCTAssertEqual(showAll(&shown, items(["a", "b", "c", "d"])), [])
    XCTAssertEqual(showAll(&shown, items(["a", "B", "c", "d", "e"])), [1, 4])
  }

  func test_resumed_showsGroupsThatChanged() {
    var shown = ShownItems([0, 0, 0])
    _ = showAll(&shown, items(["a", "b", "c", "d"]))
    var same = ShownItems(shown.groups)
    XCTAssertEqual(showAll(&same, items(["a", "b", "c", "d"])), [])
    var changed = ShownItems(shown.groups)
    // The first and the fourth are of one group.
    XCTAssertEqual(showAll(&changed, items(["a", "b", "c", "D"])), [0, 3])
  }

  func test_resumedInTheMiddle_showsTheRest() {
    let all = items(["a", "b", "c", "d"])
    var shown = ShownItems([0, 0, 0])
    _ = shown.changed(in: all)
    shown.show(0, of: all)
    shown.show(1, of: all)
    var resumed = ShownItems(shown.groups)
    // The group of the first was not whole yet.
    XCTAssertEqual(showAll(&resumed, all), [0, 2, 3])
  }
}
