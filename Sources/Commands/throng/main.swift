import Coordinator
import Foundation

if CommandLine.arguments.dropFirst() == [ScriptWorker.argument] { ScriptWorker.run() }
ScriptSandbox.use()
exit(ThrongCommand.run(Array(CommandLine.arguments.dropFirst())))
