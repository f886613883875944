// Writes `await` and `async` into the script.
(function (parts) {
  'use strict';

  class Awaiting {
    constructor(graph, suspension) {
      this.graph = graph;
      this.suspension = suspension;
      this.script = graph.script;
      this.edits = graph.script.edits;
      this.tokens = graph.script.tokens;
    }

    run() {
      this.visit(this.script.program);
    }

    /** Edits before a node come first to last, those behind it last to first, so that they nest. */
    visit(node) {
      const after = this.before(node);
      const children = [];
      parts.eachChild(node, (child) => children.push(child));
      children.sort((a, b) => a.start - b.start || b.end - a.end);
      for (const child of children) this.visit(child);
      for (const edit of after) edit();
    }

    before(node) {
      if (node.type === 'ExpressionStatement') this.beginStatement(node);
      if (parts.isFunction(node)) this.makeAsync(node);
      if (!node.site || !this.isEdited(node.site)) return [];
      return this.makeAwait(node.site);
    }

    /** How the call is to be changed. */
    isEdited(site) {
      if (!site.suspends || site.isNew || site.context.blocked) return false;
      return this.suspension.usesHelper(site) || !site.isAwaited;
    }

    /** A statement that will begin with a parenthesis must not go on with the line before. */
    beginStatement(node) {
      const list = node.parent.type;
      const isListed = list === 'Program' || list === 'BlockStatement' ||
        list === 'SwitchCase' || list === 'StaticBlock';
      if (!isListed) return;
      let inner = node.expression;
      while (inner && inner.start === node.start) {
        if (inner.site && this.isEdited(inner.site)) {
          if (this.needsParentheses(inner)) this.edits.insert(node.start, ';');
          return;
        }
        inner = inner.callee ?? inner.object ?? inner.tag ?? inner.left ?? inner.test ??
          inner.expression ?? (inner.expressions && inner.expressions[0]) ??
          (inner.prefix === false ? inner.argument : undefined);
      }
    }

    makeAsync(node) {
      const token = this.graph.tokens.get(node);
      if (!token || !token.context.suspends || token.context.isAsync) return;
      const { parent } = node;
      const isMethod = parent.type === 'MethodDefinition' ||
        (parent.type === 'Property' && parent.method && parent.value === node);
      let position = node.start;
      if (isMethod) {
        position = parent.computed ? this.tokens.before(parent.key.start).start : parent.key.start;
      }
      this.edits.insert(position, this.edits.apart(position, 'async '));
    }

    /** Answers the edits behind the call. */
    makeAwait(site) {
      const { node } = site;
      const parenthesised = this.needsParentheses(node);
      const helper = this.suspension.usesHelper(site);
      const open = parenthesised ? '(await ' : 'await ';
      const begin = this.edits.apart(node.start, open);
      if (!helper) this.edits.insert(node.start, begin);
      else this.callHelper(site, begin);
      if (!parenthesised) return [];
      return [() => this.edits.insert(node.end, ')'), () => this.shortCircuit(node)];
    }

    /** `list.map(f)` becomes `__throng.map(list, f)`. */
    callHelper(site, begin) {
      const { node } = site;
      const callee = node.callee.type === 'ChainExpression' ? node.callee.expression : node.callee;
      if (callee.type !== 'MemberExpression' || site.helper === 'from') {
        this.edits.insert(node.start, begin);
        this.edits.replace(callee.start, callee.end, `__throng.${site.helper}`);
        return;
      }
      const isOptional = this.isOptional(callee) || node.optional;
      const helpers = isOptional ? '__throng.optional' : '__throng';
      this.edits.insert(node.start, `${begin}${helpers}.${site.helper}(`);
      let first = this.tokens.before(callee.property.start);
      if (callee.computed && callee.optional) first = this.tokens.before(first.start);
      let last = this.tokens.from(callee.property.end);
      while (last.type.label !== '(') last = this.tokens.from(last.end);
      this.edits.replace(first.start, last.end, ', ');
    }

    /** Whether a chain like `a?.b.c` may end early at or below this node. */
    isOptional(node) {
      for (let inner = node; inner; inner = inner.object ?? inner.callee) {
        if (inner.type === 'ChainExpression') return false;
        if (inner.optional) return true;
      }
      return false;
    }

    /** What follows `(await a?.b())` must end with it, as the whole chain did. */
    shortCircuit(node) {
      const { parent } = node;
      const continues = (parent.type === 'MemberExpression' && parent.object === node) ||
        (parent.type === 'CallExpression' && parent.callee === node);
      if (!continues || parent.optional || !this.isOptional(node)) return;
      if (parent.type === 'MemberExpression' && !parent.computed) {
        const dot = this.tokens.before(parent.property.start);
        this.edits.replace(dot.start, dot.end, '?.');
      } else {
        this.edits.insert(this.tokens.from(node.end).start, '?.');
      }
    }

    /** Whether `await f()` must stand in parentheses where `f()` stood. */
    needsParentheses(node) {
      const { parent } = node;
      switch (parent.type) {
        case 'MemberExpression': return parent.object === node;
        case 'CallExpression':
        case 'NewExpression': return parent.callee === node;
        case 'TaggedTemplateExpression': return parent.tag === node;
        case 'BinaryExpression': return parent.operator === '**' && parent.left === node;
        case 'ClassDeclaration':
        case 'ClassExpression': return parent.superClass === node;
        case 'ChainExpression': return this.needsParentheses(parent);
        default: return false;
      }
    }
  }

  parts.Awaiting = Awaiting;
})
