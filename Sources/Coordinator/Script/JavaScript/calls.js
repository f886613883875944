// Reads calls into constraints: who may be called, with what, and what comes back.
(function (parts) {
  'use strict';

  const { Cell, Graph } = parts;

  /** One call in the script, and what the analysis learns about it. */
  class Site {
    constructor(node, context) {
      this.node = node;
      this.context = context;
      this.callee = null;
      this.receiver = null;
      /** The member's name; null when it is computed. */
      this.name = undefined;
      this.arguments = [];
      this.spreadFrom = Infinity;
      this.result = new Cell();
      /** Functions of the script that this calls itself. */
      this.callees = new Set();
      /** Functions of the script that a function of the language or host calls meanwhile. */
      this.callbacks = new Set();
      /** Whether those are called by an array's method, which a helper stands in for. */
      this.helper = null;
      this.natives = new Set();
      /** The host call that suspends here by itself. */
      this.host = null;
      this.suspends = false;
    }
  }

  Object.assign(Graph.prototype, {
    site(node, context) {
      const site = new Site(node, context);
      node.site = site;
      this.sites.push(site);
      return site;
    },

    /** Reads the arguments of a call into the site; those of a spread stand for all that follow. */
    readArguments(site, nodes) {
      nodes.forEach((node, index) => {
        if (node.type === 'SpreadElement') {
          const value = this.expression(node.argument, site.context);
          site.arguments.push(this.flow.elementsOf(value));
          site.spreadFrom = Math.min(site.spreadFrom, index);
        } else {
          site.arguments.push(this.expression(node, site.context));
        }
      });
    },

    call(node, context) {
      const site = this.site(node, context);
      if (node.callee.type === 'Super') {
        this.readArguments(site, node.arguments);
        this.callParentConstructor(site);
        return undefined;
      }
      this.readCallee(site, node.callee);
      this.readArguments(site, node.arguments);
      this.noteRequire(site);
      this.connect(site);
      return site.result;
    },

    readCallee(site, callee) {
      const node = callee.type === 'ChainExpression' ? callee.expression : callee;
      if (node.type === 'MemberExpression') {
        if (node.computed) this.expression(node.property, site.context);
        site.receiver = this.receiver(node, site.context) ?? new Cell();
        site.name = this.memberName(node);
        site.self = node.object.type === 'Super' ? site.context.self : null;
      } else {
        site.callee = this.expression(node, site.context) ?? new Cell();
      }
    },

    connect(site) {
      const { flow } = this;
      if (site.callee) {
        flow.each(site.callee, (token) => this.invoke(site, token, null));
        return;
      }
      flow.each(site.receiver, (object) => {
        const self = site.self ?? flow.cellOf(object);
        flow.each(flow.lookup(object, site.name), (token) => this.invoke(site, token, self));
      });
      this.callMethod(site);
    },

    /** `token` is called at `site` with its arguments, less the first `skip`. */
    invoke(site, token, self, skip = 0) {
      if (token.kind === 'any') {
        site.isWide = true;
      } else if (token.kind === 'native') {
        if (site.natives.has(token.path)) return;
        site.natives.add(token.path);
        this.callNative(site, token.path, skip);
      } else if (token.kind === 'bound') {
        this.enterFunction(site, token.target, token.self, token.arguments);
        const shift = token.arguments.length - skip;
        this.passArguments(site, token.target, (index) => index + shift, skip);
      } else if (token.kind === 'function') {
        this.enterFunction(site, token, self, []);
        this.passArguments(site, token, (index) => index - skip, skip);
      }
    },

    enterFunction(site, token, self, first) {
      site.callees.add(token);
      token.callers.add(site);
      first.forEach((cell, index) => this.pass(cell, token, index));
      if (self) this.flow.move(self, token.self);
      this.flow.move(token.result, site.result);
    },

    passArguments(site, token, place, skip) {
      site.arguments.forEach((cell, index) => {
        if (index < skip || !cell) return;
        const at = place(index);
        if (index < site.spreadFrom) {
          this.pass(cell, token, at);
        } else {
          const last = Math.max(token.params.length, at + 1);
          for (let i = Math.max(at, 0); i < last; i++) this.pass(cell, token, i);
          if (token.rest) this.flow.move(cell, token.rest.elements);
        }
      });
    },

    pass(cell, token, index) {
      this.flow.move(cell, token.everyArgument.elements);
      if (index < token.params.length) this.flow.move(cell, token.params[index]);
      else if (token.rest) this.flow.move(cell, token.rest.elements);
    },

    /** A function of the language calls `token` with `cells` while the site runs. */
    callBack(site, token, cells, self) {
      if (token.kind === 'bound') {
        this.callBack(site, token.target, [...token.arguments, ...cells], token.self);
        return;
      }
      if (token.kind === 'native') {
        if (parts.isHostCall(token.path)) site.nativeCallback = token.path;
        return;
      }
      if (token.kind !== 'function') return;
      site.callbacks.add(token);
      token.callers.add(site);
      cells.forEach((cell, index) => cell && this.pass(cell, token, index));
      if (self) this.flow.move(self, token.self);
    },

    taggedTemplate(node, context) {
      const site = this.site(node, context);
      this.readCallee(site, node.tag);
      site.arguments.push(undefined);
      for (const item of node.quasi.expressions) {
        site.arguments.push(this.expression(item, context));
      }
      this.connect(site);
      return site.result;
    },

    construct(node, context) {
      const { flow } = this;
      const site = this.site(node, context);
      site.isNew = true;
      site.callee = this.expression(node.callee, context) ?? new Cell();
      this.readArguments(site, node.arguments);
      flow.each(site.callee, (token) => {
        if (token.kind === 'native') {
          site.natives.add(token.path);
          this.constructNative(site, token.path);
        } else if (token.kind === 'function') {
          const instance = flow.prototypeOf(token);
          // A function that `new` calls answers what it made, at once.
          if (!token.isClass) token.context.blocked ??= 'a constructor';
          this.enterFunction(site, token, flow.cellOf(instance), []);
          this.passArguments(site, token, (index) => index, 0);
          flow.add(site.result, instance);
        }
      });
      return site.result;
    },

    callParentConstructor(site) {
      let around = site.context;
      while (around && !around.classToken) around = around.arrowOf ?? around.outer;
      if (!around) return;
      const { flow } = this;
      flow.each(around.classToken.parents, (parent) => {
        if (parent.kind !== 'function') return;
        this.enterFunction(site, parent, around.self, []);
        this.passArguments(site, parent, (index) => index, 0);
      });
    },

    /** Gives a call of `require` the module that it answers. */
    noteRequire(site) {
      const { callee, arguments: [first] } = site.node;
      if (callee.type === 'Identifier' && first && first.moduleName) {
        this.flow.add(site.result, this.flow.native(first.moduleName));
      }
    },
  });
})
