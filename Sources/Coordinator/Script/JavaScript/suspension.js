// Which calls wait, to a fixed point, and which of them cannot.
(function (parts) {
  'use strict';

  const gatherers = new Set(['all', 'allSettled', 'race', 'any']);
  /** Methods of a response that send a request. */
  const responseRequests = new Set(['submitForm', 'clickLink']);

  /** Whether the script deals with the promise of this call itself. */
  function isAwaited(node) {
    let inner = node;
    let parent = node.parent;
    while (parent.type === 'ChainExpression') {
      inner = parent;
      parent = parent.parent;
    }
    if (parent.type === 'AwaitExpression') return true;
    if (parent.type === 'MemberExpression' && parent.object === inner) {
      const name = parts.keyName(parent.property, parent.computed);
      return (name === 'then' || name === 'catch' || name === 'finally') &&
        parent.parent.type === 'CallExpression' && parent.parent.callee === parent;
    }
    if (parent.type !== 'ArrayExpression' || parent.parent.type !== 'CallExpression') return false;
    const { callee } = parent.parent;
    return callee.type === 'MemberExpression' && callee.object.type === 'Identifier' &&
      callee.object.name === 'Promise' &&
      gatherers.has(parts.keyName(callee.property, callee.computed));
  }

  class Suspension {
    constructor(graph) {
      this.graph = graph;
      this.script = graph.script;
      this.usesHTTP = graph.flow.natives.has('k6/http');
    }

    run() {
      const { sites } = this.graph;
      for (const site of sites) this.prepare(site);
      for (const site of sites) {
        if (site.host || site.nativeCallback) this.mark(site);
      }
      // Calls that could not be resolved wait when they may reach a function that does.
      for (let changed = true; changed; ) {
        changed = false;
        for (const site of sites) {
          if (site.suspends || !this.mayReach(site) || !this.canSuspend(site.context)) continue;
          this.mark(site);
          changed = true;
        }
      }
    }

    prepare(site) {
      if (site.refused && site.callees.size === 0) {
        for (const [token, what] of site.refused) token.context.blocked ??= what;
      }
      site.isResolved = site.callees.size > 0 || site.natives.size > 0;
      if (!site.isResolved && this.usesHTTP && responseRequests.has(site.name)) {
        site.host = site.name;
      }
      site.isAwaited = isAwaited(site.node);
    }

    /** The site waits; so does what is around it, unless that cannot. */
    mark(first) {
      const open = [first];
      while (open.length > 0) {
        const site = open.pop();
        if (site.suspends) continue;
        site.suspends = true;
        const { context } = site;
        if (site.isNew) {
          this.refuse(site, 'a constructor');
        } else if (context.kind === 'program') {
          this.refuseAtTop(site);
        } else if (context.blocked) {
          this.refuse(site, context.blocked);
        } else if (!context.suspends && !(site.isAwaited && !this.usesHelper(site))) {
          context.suspends = true;
          if (!context.isAsync) open.push(...context.token.callers);
        }
      }
    }

    /** Whether a helper stands in for this call of an array's method. */
    usesHelper(site) {
      if (!site.helper) return false;
      for (const token of site.callbacks) {
        if (token.context.suspends && !token.context.isAsync) return true;
      }
      return site.nativeCallback !== undefined;
    }

    refuse(site, what) {
      // A constructor is told where its request is, not at each `new`.
      if (site.isNew || this.isParentConstructor(site)) return;
      this.script.problem(
        site.node, `${this.name(site)} cannot be called in ${what}, which cannot wait`);
    }

    refuseAtTop(site) {
      this.script.problem(
        site.node, `${this.name(site)} at the top level of the script: requests and pauses ` +
          'belong into the default function, setup or teardown (k6 refuses them in the init ' +
          'context, too)');
    }

    isParentConstructor(site) {
      return site.node.type === 'CallExpression' && site.node.callee.type === 'Super';
    }

    name(site) {
      const { node } = site;
      const callee = node.callee ?? node.tag;
      return `${parts.excerpt(this.script.source, callee)}()`;
    }

    mayReach(site) {
      if (site.isNew || site.isAwaited) return false;
      if (site.receiver) {
        for (const { dynamic } of site.receiver.tokens) {
          if (dynamic && this.anyOf(dynamic)) return true;
        }
      }
      if (site.isResolved && !site.isWide) return false;
      if (typeof site.name === 'string' && !site.isWide) {
        const pooled = this.graph.flow.pool.get(site.name);
        return pooled !== undefined && this.anyOf(pooled);
      }
      if (this.isKnown(site.node.callee)) return false;
      if (this.anySuspends) return true;
      this.anySuspends = this.graph.contexts.some(
        (context) => context.kind === 'function' && context.suspends && !context.isAsync);
      return this.anySuspends;
    }

    anyOf(cell) {
      for (const token of cell.tokens) {
        if (token.kind === 'function' && this.suspends(token)) return true;
      }
      return false;
    }

    suspends(token) {
      return token.context.suspends && !token.context.isAsync;
    }

    /** A name that the script does not declare is the language's or the host's. */
    isKnown(callee) {
      return !callee || callee.type === 'Super' ||
        (callee.type === 'Identifier' && !callee.scope.find(callee.name));
    }

    /** Whether a context can wait, and all that call it. */
    canSuspend(context) {
      const seen = new Set();
      const open = [context];
      while (open.length > 0) {
        const next = open.pop();
        if (seen.has(next)) continue;
        seen.add(next);
        if (next.kind === 'program' || next.blocked) return false;
        if (next.isAsync) continue;
        for (const site of next.token.callers) {
          if (site.isNew) return false;
          open.push(site.context);
        }
      }
      return true;
    }
  }

  Object.assign(parts, { Suspension });
})
