// Which functions a value may be: inclusion constraints, solved with a queue.
(function (parts) {
  'use strict';

  /** A place that holds values: a variable, a property, an expression. */
  class Cell {
    constructor() {
      this.tokens = new Set();
      this.targets = new Set();
      this.listeners = [];
      this.isWide = false;
    }
  }

  /**
   * What values stand for: all objects that one expression makes (`thing`), a function, or
   * something of the language or the host (`native`, by its path, such as `k6/http.get`).
   * Data that the script only reads has no token. `any` stands for too many to tell apart.
   */
  class Token {
    constructor(kind) {
      this.kind = kind;
      this.properties = new Map();
      this.lookups = new Map();
      /** What stands in arrays, maps and sets, and under numbers. */
      this.elements = new Cell();
      /** What was stored under a computed name. */
      this.dynamic = new Cell();
      /** Everything of the above. */
      this.all = new Cell();
      this.parents = new Cell();
      /** Tokens that get all of this one's properties: by spread or Object.assign. */
      this.copies = new Set();
      this.isList = false;
      this.isMap = false;
    }
  }

  class TooMuchWork extends Error {}

  class Flow {
    /** A cell holds at most `width` tokens and `any`; `steps` bounds the work. */
    constructor({ width, steps }) {
      this.width = width;
      this.steps = steps;
      this.any = new Token('any');
      this.nothing = new Cell();
      this.queue = [];
      /** Lookups that may turn out to find nothing. */
      this.unsettled = [];
      this.natives = new Map();
      /** Property cells of the whole script by name, for receivers that are not known. */
      this.pool = new Map();
    }

    add(cell, token) {
      if (cell.isWide || cell.tokens.has(token)) return;
      if (token === this.any || cell.tokens.size >= this.width) cell.isWide = true;
      const added = cell.isWide ? this.any : token;
      cell.tokens.add(added);
      this.queue.push(cell, added);
    }

    move(from, to) {
      if (!from || !to || from === to || from.targets.has(to)) return;
      from.targets.add(to);
      for (const token of from.tokens) this.add(to, token);
    }

    /** Calls `react` once with every token that the cell holds or will hold. */
    each(cell, react) {
      if (!cell) return;
      const seen = new Set();
      const listener = (token) => {
        if (seen.has(token)) return;
        seen.add(token);
        react(token);
      };
      cell.listeners.push(listener);
      for (const token of [...cell.tokens]) listener(token);
    }

    solve() {
      this.propagate();
      // What was stored under a computed name is taken for a name that nothing else explains.
      while (this.unsettled.length > 0) {
        const open = this.unsettled;
        this.unsettled = [];
        for (const [token, cell] of open) {
          if (cell.tokens.size === 0) this.move(token.dynamic, cell);
        }
        this.propagate();
      }
    }

    propagate() {
      while (this.queue.length > 0) {
        const token = this.queue.pop();
        const cell = this.queue.pop();
        this.steps -= 1 + cell.targets.size;
        if (this.steps < 0) throw new TooMuchWork('too much to analyse');
        for (const target of cell.targets) this.add(target, token);
        for (let i = 0; i < cell.listeners.length; i++) cell.listeners[i](token);
      }
    }

    cellOf(token) {
      const cell = new Cell();
      this.add(cell, token);
      return cell;
    }

    thing() {
      const token = new Token('thing');
      this.move(token.elements, token.all);
      this.move(token.dynamic, token.all);
      return token;
    }

    /** An array or another ordered collection. */
    list(...contents) {
      const token = this.thing();
      token.isList = true;
      for (const cell of contents) this.move(cell, token.elements);
      return token;
    }

    func(context) {
      const token = this.thing();
      token.kind = 'function';
      token.context = context;
      token.params = [];
      token.rest = null;
      token.result = new Cell();
      token.self = new Cell();
      token.everyArgument = this.list();
      token.callers = new Set();
      token.prototype = null;
      return token;
    }

    /** What `target.bind(self, ...cells)` answers. */
    bound(target, self, cells) {
      const token = this.thing();
      return Object.assign(token, { kind: 'bound', target, self, arguments: cells });
    }

    native(path) {
      let token = this.natives.get(path);
      if (!token) {
        token = new Token('native');
        token.path = path;
        this.natives.set(path, token);
      }
      return token;
    }

    /** What `new` of a function or class makes. */
    prototypeOf(func) {
      if (!func.prototype) {
        func.prototype = this.thing();
        this.add(this.property(func, 'prototype'), func.prototype);
      }
      return func.prototype;
    }

    property(token, name) {
      let cell = token.properties.get(name);
      if (!cell) {
        cell = new Cell();
        token.properties.set(name, cell);
        this.move(cell, token.all);
        let pooled = this.pool.get(name);
        if (!pooled) this.pool.set(name, (pooled = new Cell()));
        this.move(cell, pooled);
        for (const copy of token.copies) this.move(cell, this.property(copy, name));
      }
      return cell;
    }

    /** Gives `target` all properties that `token` has or will have. */
    copy(token, target) {
      const hasProperties = (one) => one.kind === 'thing' || one.kind === 'function';
      if (!hasProperties(token) || !hasProperties(target) || token === target ||
          token.copies.has(target)) return;
      token.copies.add(target);
      this.move(token.elements, target.elements);
      this.move(token.dynamic, target.dynamic);
      for (const [name, cell] of [...token.properties]) {
        this.move(cell, this.property(target, name));
      }
    }

    /** What `token.name` may be, inherited values included; `name` is null when computed. */
    lookup(token, name) {
      if (token.kind === 'any') return this.nothing;
      let cell = token.lookups.get(name);
      if (cell) return cell;
      cell = new Cell();
      token.lookups.set(name, cell);
      if (token.kind === 'native') {
        // Members of a module, a global or what `new` made of one; those have no members.
        if (name === 'default') this.add(cell, token);
        else if (!token.isMember) {
          const member = this.native(`${token.path}.${name ?? '*'}`);
          member.isMember = true;
          this.add(cell, member);
        }
        return cell;
      }
      if (name === null) {
        this.move(token.all, cell);
      } else if (/^\d+$/.test(name)) {
        this.move(token.all, cell);
      } else {
        if (name === 'prototype' && token.kind === 'function') this.prototypeOf(token);
        this.move(this.property(token, name), cell);
        this.unsettled.push([token, cell]);
      }
      this.each(token.parents, (parent) => this.move(this.lookup(parent, name), cell));
      return cell;
    }

    read(object, name, target) {
      this.each(object, (token) => this.move(this.lookup(token, name), target));
    }

    write(object, name, value) {
      if (!value) return;
      this.each(object, (token) => {
        if (token.kind === 'native' || token.kind === 'any') return;
        if (name === null && !token.isList) this.move(value, token.dynamic);
        else if (name === null || /^\d+$/.test(name)) this.move(value, token.elements);
        else this.move(value, this.property(token, name));
      });
    }

    /** What iterating over the values of `source` gives. */
    elementsOf(source) {
      const cell = new Cell();
      this.each(source, (token) => {
        if (token.kind === 'native' || token.kind === 'any') return;
        if (token.isMap) this.add(cell, this.pairOf(token));
        else {
          this.move(token.elements, cell);
          this.move(token.dynamic, cell);
        }
      });
      return cell;
    }

    /** The `[key, value]` arrays of a map. */
    pairOf(token) {
      if (!token.pair) token.pair = this.list(token.all);
      return token.pair;
    }
  }

  Object.assign(parts, { Cell, Flow, TooMuchWork });
})
