// Reads the script's statements and functions into constraints of the flow.
(function (parts) {
  'use strict';

  const { Cell, isFunction, keyName } = parts;

  /**
   * A stretch of code that runs in one go: the script, a function, a field's initialiser.
   * `blocked` says what it is, when nothing in it can wait.
   */
  class Context {
    constructor(kind, blocked) {
      this.kind = kind;
      this.blocked = blocked;
      this.token = null;
      this.isAsync = false;
      this.suspends = false;
      this.node = null;
      /** What `this` is, and what `super` belongs to: the function's around an arrow function. */
      this.self = null;
      this.home = null;
    }
  }

  class Graph {
    constructor(script, effort) {
      this.script = script;
      this.flow = new parts.Flow(effort);
      this.sites = [];
      this.contexts = [];
      this.tokens = new Map();
      const flow = this.flow;
      this.globals = new Set();
      this.globalObject = flow.thing();
      this.exports = flow.thing();
      this.module = flow.thing();
      flow.add(flow.property(this.module, 'exports'), this.exports);
      this.program = this.context('program', null);
      this.program.self = new Cell();
    }

    build() {
      for (const statement of this.script.program.body) this.statement(statement, this.program);
      this.flow.solve();
    }

    context(kind, blocked) {
      const context = new Context(kind, blocked);
      this.contexts.push(context);
      return context;
    }

    /** A context that takes `this` and `super` from the one around it. */
    within(kind, blocked, outer) {
      const context = this.context(kind, blocked);
      context.self = outer.self;
      context.home = outer.home;
      context.outer = outer;
      context.token = outer.token;
      return context;
    }

    /** The cell of a variable. */
    variable(identifier) {
      const binding = identifier.scope.find(identifier.name);
      if (binding) {
        if (!binding.cell) binding.cell = new Cell();
        return binding.cell;
      }
      return this.global(identifier.name);
    }

    /** The cell of a name that the script does not declare: a property of the global object. */
    global(name) {
      const { flow } = this;
      if (this.globals.has(name)) return flow.property(this.globalObject, name);
      this.globals.add(name);
      const cell = flow.property(this.globalObject, name);
      if (name === 'exports') flow.add(cell, this.exports);
      else if (name === 'module') flow.add(cell, this.module);
      else if (name === 'globalThis' || name === 'global' || name === 'self') {
        flow.add(cell, this.globalObject);
      } else if (parts.nativeNames.has(name)) flow.add(cell, flow.native(name));
      return cell;
    }

    // Statements: whatever they are, the expressions below them are visited once, in this context.

    statement(node, context) {
      switch (node.type) {
        case 'FunctionDeclaration':
          this.flow.add(this.declared(node), this.func(node, context));
          break;
        case 'ClassDeclaration':
          this.flow.move(this.classDefinition(node, context), this.declared(node));
          break;
        case 'VariableDeclaration':
          for (const item of node.declarations) {
            this.pattern(item.id, item.init ? this.expression(item.init, context) : null, context);
          }
          break;
        case 'ForOfStatement':
        case 'ForInStatement': this.forEachStatement(node, context); break;
        case 'ReturnStatement':
          if (node.argument) {
            const value = this.expression(node.argument, context);
            this.flow.move(value, context.token && context.token.result);
          }
          break;
        case 'CatchClause':
          if (node.param) this.pattern(node.param, null, context);
          this.statement(node.body, context);
          break;
        case 'ImportDeclaration': this.importDeclaration(node); break;
        case 'ExportDefaultDeclaration': this.exportDefault(node, context); break;
        case 'ExportNamedDeclaration':
          if (node.declaration) this.statement(node.declaration, context);
          break;
        case 'ExportAllDeclaration': break;
        default:
          parts.eachChild(node, (child) => {
            if (parts.isStatement(child)) this.statement(child, context);
            else if (child.type !== 'Identifier' || parts.isReference(child)) {
              this.expression(child, context);
            }
          });
      }
    }

    /** The cell of a declared name; the name stands in the scope around its function. */
    declared(node) {
      if (!node.id) return new Cell();
      const scope = node.parent.scope;
      const binding = scope.find(node.id.name);
      if (!binding.cell) binding.cell = new Cell();
      return binding.cell;
    }

    forEachStatement(node, context) {
      const source = this.expression(node.right, context);
      const value = node.type === 'ForOfStatement' ? this.flow.elementsOf(source) : null;
      if (node.left.type === 'VariableDeclaration') {
        this.pattern(node.left.declarations[0].id, value, context);
      } else {
        this.pattern(node.left, value, context);
      }
      this.statement(node.body, context);
    }

    importDeclaration(node) {
      const name = node.source.moduleName;
      if (!name) return;
      const module = this.flow.native(name);
      for (const item of node.specifiers) {
        const cell = this.variable(item.local);
        const whole = item.type !== 'ImportSpecifier';
        const imported = whole ? 'default' : item.imported.name ?? item.imported.value;
        this.flow.move(this.flow.lookup(module, imported), cell);
      }
    }

    exportDefault(node, context) {
      const { declaration } = node;
      if (declaration.type === 'FunctionDeclaration') {
        this.flow.add(this.declared(declaration), this.func(declaration, context));
      } else if (declaration.type === 'ClassDeclaration') {
        this.flow.move(this.classDefinition(declaration, context), this.declared(declaration));
      } else {
        this.expression(declaration, context);
      }
    }

    // Patterns

    /** Gives the names of a pattern what `value` holds. */
    pattern(node, value, context) {
      if (!node) return;
      const { flow } = this;
      switch (node.type) {
        case 'Identifier': flow.move(value, this.variable(node)); break;
        case 'MemberExpression': this.assignMember(node, value, context); break;
        case 'AssignmentPattern': {
          const both = new Cell();
          flow.move(value, both);
          flow.move(this.expression(node.right, context), both);
          this.pattern(node.left, both, context);
          break;
        }
        case 'ArrayPattern': {
          const elements = value ? flow.elementsOf(value) : null;
          for (const element of node.elements) {
            if (!element) continue;
            if (element.type === 'RestElement') {
              this.pattern(
                element.argument, flow.cellOf(flow.list(...(elements ? [elements] : []))), context);
            } else {
              this.pattern(element, elements, context);
            }
          }
          break;
        }
        case 'ObjectPattern':
          for (const property of node.properties) this.propertyPattern(property, value, context);
          break;
        case 'RestElement': this.pattern(node.argument, value, context); break;
        default: break;
      }
    }

    propertyPattern(property, value, context) {
      if (property.type === 'RestElement') {
        this.pattern(property.argument, value, context);
        return;
      }
      if (property.computed) this.expression(property.key, context);
      const target = new Cell();
      this.flow.read(value, keyName(property.key, property.computed), target);
      this.pattern(property.value, target, context);
    }

    assignMember(node, value, context) {
      const object = node.object.type === 'Super' ? context.self
        : this.expression(node.object, context);
      if (node.computed) this.expression(node.property, context);
      this.flow.write(object, keyName(node.property, node.computed), value);
    }

    // Functions

    /** The token of a function; its body is read when it is met for the first time. */
    func(node, outer, how = {}) {
      const known = this.tokens.get(node);
      if (known) return known;
      const isArrow = node.type === 'ArrowFunctionExpression';
      const blocked = node.generator && !node.async ? 'a generator function' : how.blocked ?? null;
      const context = this.context('function', blocked);
      const token = this.flow.func(context);
      this.tokens.set(node, token);
      Object.assign(context, { node, token, isAsync: node.async, outer });
      context.self = isArrow ? outer.self : token.self;
      context.home = isArrow ? outer.home : how.home ?? null;
      context.arrowOf = isArrow ? outer : null;
      if (node.type === 'FunctionExpression' && node.id) {
        this.flow.add(this.variable(node.id), token);
      }
      this.params(node, token, context);
      if (node.generator) {
        const yields = this.flow.list();
        context.yields = yields.elements;
        const value = new Cell();
        this.flow.add(value, yields);
        token.yielded = value;
      }
      if (node.body.type === 'BlockStatement') this.statement(node.body, context);
      else this.flow.move(this.expression(node.body, context), token.result);
      if (token.yielded) this.flow.move(token.yielded, token.result);
      return token;
    }

    params(node, token, context) {
      // A default value runs before the body, where `await` is not allowed.
      const inner = this.within('params', 'the default value of a parameter', context);
      for (const param of node.params) {
        if (param.type === 'RestElement') {
          token.rest = this.flow.list();
          this.pattern(param.argument, this.flow.cellOf(token.rest), inner);
        } else {
          const cell = new Cell();
          token.params.push(cell);
          this.pattern(param, cell, inner);
        }
      }
    }
  }

  const expressionStatements = new Set([
    'VariableDeclaration', 'FunctionDeclaration', 'ClassDeclaration', 'SwitchCase', 'CatchClause',
  ]);
  parts.isStatement = (node) =>
    node.type.endsWith('Statement') || expressionStatements.has(node.type);
  Object.assign(parts, { Graph, isFunction });
})
