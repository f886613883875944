import Foundation
import Shared

exit(CoordinatorCommand.run(Array(CommandLine.arguments.dropFirst())))
