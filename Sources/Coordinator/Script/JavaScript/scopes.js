// Which declaration a name means.
(function (parts) {
  'use strict';

  const { eachChild, isFunction, patternNames } = parts;

  class Scope {
    constructor(parent, isFunctionScope) {
      this.parent = parent;
      this.isFunctionScope = isFunctionScope;
      this.bindings = new Map();
    }

    declare(name, declaration) {
      let binding = this.bindings.get(name);
      if (!binding) {
        binding = { name, declarations: [], cell: null };
        this.bindings.set(name, binding);
      }
      binding.declarations.push(declaration);
      return binding;
    }

    /** The scope that a `var` of this place belongs to. */
    get functionScope() {
      let scope = this;
      while (!scope.isFunctionScope) scope = scope.parent;
      return scope;
    }

    find(name) {
      for (let scope = this; scope; scope = scope.parent) {
        const binding = scope.bindings.get(name);
        if (binding) return binding;
      }
      return undefined;
    }
  }

  const makesScope = new Set([
    'BlockStatement', 'ForStatement', 'ForInStatement', 'ForOfStatement', 'SwitchStatement',
    'CatchClause', 'StaticBlock',
  ]);

  function declareNames(scope, pattern, declaration) {
    for (const identifier of patternNames(pattern)) scope.declare(identifier.name, declaration);
  }

  /** Declares what `node` itself declares; answers the scope of what stands below it. */
  function enter(node, scope) {
    switch (node.type) {
      case 'VariableDeclaration': {
        const home = node.kind === 'var' ? scope.functionScope : scope;
        for (const item of node.declarations) declareNames(home, item.id, item);
        return scope;
      }
      case 'ImportDeclaration':
        for (const item of node.specifiers) scope.declare(item.local.name, item);
        return scope;
      case 'ClassDeclaration':
        if (node.id) scope.declare(node.id.name, node);
        return scope;
      case 'ClassExpression': {
        if (!node.id) return scope;
        const inner = new Scope(scope, false);
        inner.declare(node.id.name, node);
        return inner;
      }
      case 'CatchClause': {
        const inner = new Scope(scope, false);
        declareNames(inner, node.param, node);
        return inner;
      }
      default: break;
    }
    if (isFunction(node)) return enterFunction(node, scope);
    // The braces of a function are its own scope's.
    if (makesScope.has(node.type) && !(node.parent && isFunction(node.parent))) {
      return new Scope(scope, node.type === 'StaticBlock');
    }
    return scope;
  }

  function enterFunction(node, scope) {
    if (node.type === 'FunctionDeclaration' && node.id) scope.declare(node.id.name, node);
    const inner = new Scope(scope, true);
    if (node.type === 'FunctionExpression' && node.id) inner.declare(node.id.name, node);
    for (const param of node.params) declareNames(inner, param, node);
    return inner;
  }

  /** Gives every node its `scope`; answers the script's own. */
  function buildScopes(program) {
    const root = new Scope(null, true);
    program.scope = root;
    const open = [[program, root]];
    while (open.length > 0) {
      const [node, scope] = open.pop();
      eachChild(node, (child) => {
        child.scope = enter(child, scope);
        open.push([child, child.scope]);
      });
    }
    return root;
  }

  /** Whether an identifier names a value here, rather than a key, a label or a specifier. */
  function isReference(node) {
    const parent = node.parent;
    switch (parent.type) {
      case 'MemberExpression': return parent.object === node || parent.computed;
      case 'Property': return parent.value === node || parent.computed;
      case 'MethodDefinition':
      case 'PropertyDefinition': return parent.value === node || parent.computed;
      case 'LabeledStatement':
      case 'BreakStatement':
      case 'ContinueStatement':
      case 'MetaProperty':
      case 'ImportSpecifier':
      case 'ImportDefaultSpecifier':
      case 'ImportNamespaceSpecifier':
      case 'ExportAllDeclaration': return false;
      case 'ExportSpecifier': return parent.local === node && !parent.parent.source;
      default: return true;
    }
  }

  /** Names that are assigned and declared nowhere: globals of sloppy code. */
  function undeclaredTargets(program) {
    const names = new Set();
    const check = (pattern) => {
      for (const identifier of patternNames(pattern)) {
        if (!identifier.scope.find(identifier.name)) names.add(identifier.name);
      }
    };
    const open = [program];
    while (open.length > 0) {
      const node = open.pop();
      if (node.type === 'AssignmentExpression') check(node.left);
      else if (node.type === 'UpdateExpression') check(node.argument);
      else if (node.type === 'ForInStatement' || node.type === 'ForOfStatement') check(node.left);
      eachChild(node, (child) => open.push(child));
    }
    return names;
  }

  Object.assign(parts, { Scope, buildScopes, isReference, undeclaredTargets });
})
