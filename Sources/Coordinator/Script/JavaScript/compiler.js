// Turns a script of k6 or of a CommonJS or ES module into the body of a function
// (module, exports, require), in which host calls that answer promises are awaited.
(function (acorn, parts) {
  'use strict';

  /** A script while it is compiled. */
  class Script {
    constructor(source, modules) {
      this.source = source;
      this.modules = modules;
      this.problems = [];
      this.opens = new Set();
      this.edits = new parts.Edits(source);
      const tokens = [];
      this.program = acorn.parse(source, {
        // Strict code, as it will run; whether it is a module is told by its declarations.
        sourceType: 'module',
        ecmaVersion: 'latest',
        allowHashBang: true,
        allowReturnOutsideFunction: true,
        allowAwaitOutsideFunction: true,
        onToken: tokens,
      });
      this.tokens = new parts.Tokens(tokens);
      parts.setParents(this.program);
      parts.buildScopes(this.program);
    }

    problem(node, message) {
      const { line, column } = acorn.getLineInfo(this.source, node.start);
      this.problems.push({ message, line, column: column + 1 });
    }

    /** The text of a constant expression, through `const` names of the script. */
    constant(node, depth = 0) {
      return parts.constantString(node, (identifier) => {
        const binding = identifier.scope.find(identifier.name);
        if (!binding || binding.declarations.length !== 1 || depth > 8) return undefined;
        const [declaration] = binding.declarations;
        if (declaration.type !== 'VariableDeclarator' || declaration.id.type !== 'Identifier' ||
            declaration.parent.kind !== 'const' || !declaration.init) return undefined;
        return this.constant(declaration.init, depth + 1);
      });
    }

    /** The module that `require(argument)` gives; notes a problem when there is none. */
    requiredModule(argument) {
      const value = this.constant(argument);
      if (value === undefined) {
        if (argument) this.problem(argument, 'require(): the name must be a string constant');
        return undefined;
      }
      const found = parts.resolveModule(value, this.modules);
      if (found.refusal) {
        this.problem(argument, `require('${value}'): ${found.refusal}`);
        return undefined;
      }
      argument.moduleName = found.name;
      if (found.name !== value) {
        this.edits.replace(argument.start, argument.end, JSON.stringify(found.name));
      }
      return found.name;
    }

    noteOpen(node, argument) {
      const value = this.constant(argument);
      if (value !== undefined) this.opens.add(value);
      else this.problem(node, 'open(): the name of the file must be a string constant');
    }
  }

  /**
   * Looks at every node once: calls of the global `require` and `open`, and what the body of a
   * plain function cannot have. Answers the names of the modules.
   */
  function survey(script) {
    const names = new Set();
    const open = [[script.program, false]];
    while (open.length > 0) {
      const [node, isInFunction] = open.pop();
      surveyNode(script, node, isInFunction, names);
      const isInside = isInFunction || parts.isFunction(node);
      const children = [];
      parts.eachChild(node, (child) => children.push([child, isInside]));
      open.push(...children.reverse());
    }
    return names;
  }

  function surveyNode(script, node, isInFunction, names) {
    switch (node.type) {
      case 'CallExpression':
        if (node.callee.type !== 'Identifier' || node.scope.find(node.callee.name)) return;
        if (node.callee.name === 'require') {
          const name = script.requiredModule(node.arguments[0]);
          if (name) names.add(name);
        } else if (node.callee.name === 'open') {
          script.noteOpen(node, node.arguments[0]);
        }
        return;
      case 'ImportExpression':
        script.problem(node, 'import(): modules cannot be loaded while a script runs');
        return;
      case 'MetaProperty':
        if (node.meta.name === 'import') script.problem(node, 'import.meta is not supported');
        return;
      case 'AwaitExpression':
      case 'ForOfStatement':
        if (isInFunction || (node.type === 'ForOfStatement' && !node.await)) return;
        script.problem(node, 'await at the top level of the script is not supported');
        return;
      default:
    }
  }

  /** Names of the function around the script, which the script cannot declare itself. */
  function refuseTakenNames(script, isModule) {
    for (const name of ['module', 'exports', 'require', '__throng']) {
      const binding = script.program.scope.bindings.get(name);
      if (!binding) continue;
      const [declaration] = binding.declarations;
      // `var exports = module.exports` is common, and means the same in a function.
      const isLoose = declaration.type === 'FunctionDeclaration' ||
        (declaration.type === 'VariableDeclarator' && declaration.parent.kind === 'var');
      if (isLoose && !isModule && name !== '__throng') continue;
      script.problem(declaration, `the name '${name}' is taken at the top level of a script`);
    }
  }

  function rewrite(script, effort) {
    const graph = new parts.Graph(script, effort);
    graph.build();
    const suspension = new parts.Suspension(graph);
    suspension.run();
    new parts.Awaiting(graph, suspension).run();
  }

  /** The acorn error of a script that is none, as data. */
  function syntaxError(error, fileName) {
    if (!error.loc) throw error;
    const { line, column } = error.loc;
    const message = error.message.slice(0, error.message.lastIndexOf(' ('));
    return { syntaxError: { message, line, column: column + 1 }, fileName };
  }

  /** One attempt at a script that parses, with so much effort. */
  function attempt(source, fileName, modules, effort) {
    const script = new Script(source, modules);
    const module = new parts.ModuleTransform(script);
    module.run();
    const names = new Set([...module.imports, ...survey(script)]);
    refuseTakenNames(script, module.isModule);
    const rewritten = [...names].some(parts.isSynchronousStyle);
    if (rewritten) rewrite(script, effort);
    const first = [...module.first];
    const globals = module.isModule ? [] : [...parts.undeclaredTargets(script.program)];
    if (globals.length > 0) first.unshift(`var ${globals.join(', ')};`);
    if (source.startsWith('#!')) script.edits.list.unshift({ start: 0, end: 2, text: '//' });
    // Stands before all else that begins the first line.
    if (first.length > 0) {
      script.edits.list.unshift({ start: 0, end: 0, text: first.join(' ') + ' ' });
    }
    script.problems.sort((a, b) => a.line - b.line || a.column - b.column);
    return {
      ...script.edits.apply(), rewritten,
      kind: module.isModule ? 'module' : 'commonjs',
      imports: [...names],
      opens: [...script.opens],
      exports: [...module.names],
      problems: script.problems,
      fileName,
    };
  }

  // Ordinary scripts need a few thousand steps. Those that carry large libraries are looked at
  // again less closely, which awaits more calls than needed.
  const efforts = [
    { width: 60, steps: 1500000 }, { width: 6, steps: 1500000 }, { width: 1, steps: Infinity },
  ];

  /**
   * Compiles one script. Lines and columns count from 1, columns in UTF-16 units. `modules` is
   * a table like `parts.knownModules`.
   */
  function compile(text, fileName, modules = parts.knownModules) {
    const source = text.charCodeAt(0) === 0xfeff ? text.slice(1) : text;
    for (const effort of efforts) {
      try {
        return attempt(source, fileName, modules, effort);
      } catch (error) {
        if (error instanceof SyntaxError) return syntaxError(error, fileName);
        if (!(error instanceof parts.TooMuchWork)) throw error;
      }
    }
    return undefined;
  }

  return { compile, originalColumn: parts.originalColumn };
})
