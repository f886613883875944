import Foundation

exit(ThrongCommand.run(Array(CommandLine.arguments.dropFirst())))
