// Reads the script's expressions into constraints of the flow.
(function (parts) {
  'use strict';

  const { Cell, Graph, keyName } = parts;

  const handlers = {
    Identifier(graph, node, context) {
      if (node.name === 'arguments' && !node.scope.find('arguments')) {
        let around = context;
        while (around && around.arrowOf) around = around.arrowOf;
        return around && around.token ? graph.flow.cellOf(around.token.everyArgument) : undefined;
      }
      return graph.variable(node);
    },

    ThisExpression: (graph, node, context) => context.self,

    FunctionExpression: (graph, node, context) =>
      graph.flow.cellOf(graph.func(node, context)),

    ArrowFunctionExpression: (graph, node, context) =>
      graph.flow.cellOf(graph.func(node, context)),

    ClassExpression: (graph, node, context) => graph.classDefinition(node, context),

    ParenthesizedExpression: (graph, node, context) => graph.expression(node.expression, context),
    ChainExpression: (graph, node, context) => graph.expression(node.expression, context),
    AwaitExpression: (graph, node, context) => graph.expression(node.argument, context),

    YieldExpression(graph, node, context) {
      const value = node.argument ? graph.expression(node.argument, context) : undefined;
      const { flow } = graph;
      if (context.yields) {
        flow.move(node.delegate ? flow.elementsOf(value) : value, context.yields);
      }
      return undefined;
    },

    MemberExpression(graph, node, context) {
      if (node.computed) graph.expression(node.property, context);
      const target = new Cell();
      graph.flow.read(graph.receiver(node, context), graph.memberName(node), target);
      return target;
    },

    AssignmentExpression(graph, node, context) {
      const value = graph.expression(node.right, context);
      if (node.operator === '=') {
        graph.pattern(node.left, value, context);
        return value;
      }
      const before = graph.expression(node.left, context);
      if (!['||=', '&&=', '??='].includes(node.operator)) return undefined;
      const result = new Cell();
      graph.flow.move(before, result);
      graph.flow.move(value, result);
      if (node.left.type === 'Identifier') graph.flow.move(value, graph.variable(node.left));
      else graph.assignMember(node.left, value, context);
      return result;
    },

    ConditionalExpression(graph, node, context) {
      graph.expression(node.test, context);
      return graph.either([node.consequent, node.alternate], context);
    },

    LogicalExpression: (graph, node, context) => graph.either([node.left, node.right], context),

    SequenceExpression(graph, node, context) {
      let last;
      for (const item of node.expressions) last = graph.expression(item, context);
      return last;
    },

    ArrayExpression(graph, node, context) {
      const { flow } = graph;
      const token = flow.list();
      for (const element of node.elements) {
        if (!element) continue;
        const isSpread = element.type === 'SpreadElement';
        const value = graph.expression(isSpread ? element.argument : element, context);
        flow.move(isSpread ? flow.elementsOf(value) : value, token.elements);
      }
      return flow.cellOf(token);
    },

    ObjectExpression(graph, node, context) {
      const { flow } = graph;
      const token = flow.thing();
      for (const property of node.properties) graph.objectProperty(property, token, context);
      return flow.cellOf(token);
    },

    CallExpression: (graph, node, context) => graph.call(node, context),
    NewExpression: (graph, node, context) => graph.construct(node, context),
    TaggedTemplateExpression: (graph, node, context) => graph.taggedTemplate(node, context),
  };

  Object.assign(Graph.prototype, {
    /** Visits an expression once; answers the cell of what it may be, if it may be a function. */
    expression(node, context) {
      if (node.isRead) return node.cell;
      node.isRead = true;
      const handler = handlers[node.type];
      if (handler) return (node.cell = handler(this, node, context));
      parts.eachChild(node, (child) => {
        if (child.type === 'TemplateElement') return;
        this.expression(child, context);
      });
      return undefined;
    },

    either(nodes, context) {
      const result = new Cell();
      for (const node of nodes) this.flow.move(this.expression(node, context), result);
      return result;
    },

    memberName(node) {
      const name = keyName(node.property, node.computed);
      if (name !== null) return name;
      return this.script.constant(node.property) ?? null;
    },

    /** What stands before the dot. */
    receiver(node, context) {
      if (node.object.type !== 'Super') return this.expression(node.object, context);
      const cell = new Cell();
      if (context.home) {
        this.flow.each(context.home.parents, (parent) => this.flow.add(cell, parent));
      }
      return cell;
    },

    objectProperty(property, token, context) {
      const { flow } = this;
      if (property.type === 'SpreadElement') {
        flow.each(this.expression(property.argument, context), (other) => flow.copy(other, token));
        return;
      }
      if (property.computed) this.expression(property.key, context);
      const name = keyName(property.key, property.computed);
      const store = (value) => flow.write(flow.cellOf(token), name, value);
      if (property.kind === 'get' || property.kind === 'set') {
        this.accessor(property.value, property.kind, store, token, context);
      } else if (property.value.type === 'FunctionExpression') {
        const blocked = parts.implicitMethod(name);
        const func = this.func(property.value, context, { home: token, blocked });
        flow.add(func.self, token);
        store(flow.cellOf(func));
      } else {
        if (name === '__proto__' && !property.computed && !property.shorthand) {
          flow.move(this.expression(property.value, context), token.parents);
        } else {
          store(this.expression(property.value, context));
        }
      }
    },

    accessor(node, kind, store, home, context) {
      const blocked = kind === 'get' ? 'a getter' : 'a setter';
      const func = this.func(node, context, { home, blocked });
      if (kind === 'get') store(func.result);
      this.flow.add(func.self, home);
    },

    /** A class: a function token, what `new` makes of it, and its static members. */
    classDefinition(node, context) {
      const { flow } = this;
      const own = node.body.body.find((member) => member.kind === 'constructor');
      const token = own ? this.classToken(own.value, context) : this.defaultConstructor(context);
      const instance = flow.prototypeOf(token);
      const result = flow.cellOf(token);
      if (node.id && node.type === 'ClassExpression') flow.move(result, this.variable(node.id));
      if (node.id && node.type === 'ClassDeclaration') flow.move(result, this.declared(node));
      token.isClass = true;
      flow.add(token.self, instance);
      if (node.superClass) {
        flow.each(this.expression(node.superClass, context), (parent) => {
          flow.add(token.parents, parent);
          if (parent.kind === 'function') flow.add(instance.parents, flow.prototypeOf(parent));
          else if (parent.kind === 'native') {
            flow.add(instance.parents, flow.native(`${parent.path}()`));
          }
        });
      }
      if (own) this.constructorBody(own.value, token, instance);
      for (const member of node.body.body) {
        if (member !== own) this.classMember(member, token, instance, context);
      }
      return result;
    },

    /** The constructor is made first and read later: its body may name the class. */
    classToken(node, context) {
      const inner = this.context('function', 'a constructor');
      const token = this.flow.func(inner);
      Object.assign(inner, { node, token, outer: context, self: token.self });
      this.tokens.set(node, token);
      return token;
    },

    constructorBody(node, token, instance) {
      const { context } = token;
      context.home = instance;
      context.classToken = token;
      this.params(node, token, context);
      this.statement(node.body, context);
    },

    defaultConstructor(context) {
      const inner = this.context('function', 'a constructor');
      const token = this.flow.func(inner);
      Object.assign(inner, { token, outer: context, self: token.self });
      // Without a constructor of its own, a class hands its arguments to its parent's.
      this.flow.each(token.parents, (parent) => {
        if (parent.kind !== 'function') return;
        const everything = this.flow.elementsOf(this.flow.cellOf(token.everyArgument));
        for (const param of parent.params) this.flow.move(everything, param);
        this.flow.move(everything, parent.everyArgument.elements);
      });
      return token;
    },

    classMember(member, token, instance, context) {
      const { flow } = this;
      const home = member.static ? token : instance;
      if (member.type === 'StaticBlock') {
        const inner = this.within('static', 'a static block', context);
        inner.self = flow.cellOf(token);
        inner.home = token;
        for (const statement of member.body) this.statement(statement, inner);
        return;
      }
      if (member.computed) this.expression(member.key, context);
      const name = keyName(member.key, member.computed);
      const store = (value) => flow.write(flow.cellOf(home), name, value);
      if (member.type === 'PropertyDefinition') {
        if (!member.value) return;
        const inner = this.within('field', 'the initialiser of a class field', context);
        inner.self = flow.cellOf(home);
        inner.home = home;
        store(this.expression(member.value, inner));
      } else if (member.kind === 'get' || member.kind === 'set') {
        this.accessor(member.value, member.kind, store, home, context);
      } else {
        const blocked = parts.implicitMethod(name);
        const func = this.func(member.value, context, { home, blocked });
        flow.add(func.self, home);
        store(flow.cellOf(func));
      }
    },
  });
})
