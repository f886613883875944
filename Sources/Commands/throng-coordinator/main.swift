import Coordinator
import Foundation
import Shared

if CommandLine.arguments.dropFirst() == [ScriptWorker.argument] { ScriptWorker.run() }
ScriptSandbox.use()
exit(CoordinatorCommand.run(Array(CommandLine.arguments.dropFirst())))
