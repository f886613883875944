// What functions of the language and of the host do with the functions handed to them.
(function (parts) {
  'use strict';

  const { Cell, Graph } = parts;

  parts.nativeNames = new Set([
    'Array', 'ArrayBuffer', 'Boolean', 'Date', 'Error', 'Function', 'Intl', 'JSON', 'Map', 'Math',
    'Number', 'Object', 'Promise', 'Proxy', 'Reflect', 'RegExp', 'Set', 'String', 'Symbol',
    'WeakMap', 'WeakSet', 'console', 'crypto', 'clearInterval', 'clearTimeout', 'isFinite',
    'isNaN', 'parseFloat', 'parseInt', 'setInterval', 'setTimeout', 'structuredClone',
  ]);

  const requests = new Set([
    'get', 'post', 'put', 'patch', 'del', 'head', 'options', 'request', 'batch', '*',
  ]);
  const sessionRequests = new Set([
    'get', 'post', 'put', 'patch', 'del', 'delete', 'head', 'options', 'trace', 'request', 'batch',
  ]);
  const session = 'jslib/httpx.';

  /** Whether calling this waits for the network or the clock. */
  parts.isHostCall = function (path) {
    if (path === 'k6.sleep') return true;
    if (path.startsWith('k6/http.')) return requests.has(path.slice('k6/http.'.length));
    if (!path.startsWith(session)) return false;
    const dot = path.lastIndexOf('().');
    return dot > 0 && sessionRequests.has(path.slice(dot + 3));
  };

  /** Methods of arrays, maps and sets that call a function for each element. */
  parts.iterationNames = new Set([
    'forEach', 'map', 'filter', 'find', 'findIndex', 'findLast', 'findLastIndex', 'some', 'every',
    'reduce', 'reduceRight', 'flatMap', 'each',
  ]);

  // Methods of the language that use what a function answers, at once.
  const refusing = new Set(['sort', 'toSorted', 'replace', 'replaceAll']);
  const refusingNatives = new Set([
    'JSON.parse', 'JSON.stringify', 'Object.groupBy', 'Map.groupBy', 'jslib/k6chaijs.expect',
  ]);
  const givesElement = new Set([
    'pop', 'shift', 'at', 'get', 'find', 'findLast',
  ]);
  /** Methods that answer their list, or another one of the same elements. */
  const givesItself = new Set([
    'slice', 'concat', 'filter', 'reverse', 'sort', 'toSorted', 'toReversed', 'splice',
    'toSpliced', 'flat', 'fill', 'with', 'set', 'add', 'each',
  ]);
  /** Functions that answer what they are given. */
  const passing = new Set([
    'Object.freeze', 'Object.seal', 'Object.preventExtensions', 'Object.setPrototypeOf',
    'Promise.resolve', 'Promise.all', 'Promise.allSettled', 'Promise.race', 'Promise.any',
  ]);

  /** `group(name, f)`: the call ends when `f` does, and answers what it answers. */
  function callsSecond(graph, site, [, body]) {
    graph.flow.each(body, (token) => {
      graph.callBack(site, token, []);
      if (token.kind === 'function') graph.flow.move(token.result, site.result);
    });
  }

  /** Object.values and Object.entries. */
  const lists = (give) => (graph, site, [object]) => {
    graph.flow.each(object, (token) => {
      if (token.kind === 'thing' || token.kind === 'function') graph[give](site, token.all);
    });
  };

  const models = new Map(Object.entries({
    'k6.group': callsSecond,
    'jslib/k6chaijs.describe': callsSecond,

    'k6.check'(graph, site, [value, checks]) {
      graph.flow.each(checks, (token) => {
        if (token.kind !== 'thing') return;
        graph.flow.each(token.all, (check) => graph.callBack(site, check, [value]));
      });
    },

    'Array.from': (graph, site, [source, callback]) => graph.arrayFrom(site, source, callback),

    'Array.of'(graph, site, cells) {
      for (const cell of cells) graph.giveList(site, cell);
    },

    'Object.assign'({ flow }, site, [target, ...sources]) {
      for (const source of sources) {
        flow.each(source, (other) => {
          flow.each(target, (token) => flow.copy(other, token));
        });
      }
      flow.move(target, site.result);
    },

    'Object.values': lists('giveList'),
    'Object.entries': lists('giveEntries'),

    'Object.fromEntries'({ flow }, site, [entries]) {
      const made = flow.thing();
      flow.move(flow.elementsOf(flow.elementsOf(entries)), made.dynamic);
      flow.add(site.result, made);
    },

    'Object.create'({ flow }, site, [parent]) {
      const made = flow.thing();
      flow.move(parent, made.parents);
      flow.add(site.result, made);
    },

    'Object.defineProperty': (graph, site, [target, , descriptor]) =>
      graph.defineProperty(site, target, descriptor),

    'Reflect.apply'(graph, site, [callee, self, list]) {
      const elements = graph.flow.elementsOf(list);
      graph.flow.each(callee, (token) => {
        if (token.kind !== 'function' && token.kind !== 'native') return;
        graph.invoke(site, token, self, site.arguments.length);
        if (token.params) token.params.forEach((cell) => graph.flow.move(elements, cell));
      });
    },
  }));

  Object.assign(Graph.prototype, {
    /** The methods that values of the language have, by name: nothing else has told them apart. */
    callMethod(site) {
      const { flow } = this;
      const { receiver, name, result, arguments: [first, second] } = site;
      if (name === 'call' || name === 'apply' || name === 'bind') {
        flow.each(receiver, (token) => this.callThrough(site, token));
        this.refuseBorrowed(site);
      }
      if (parts.iterationNames.has(name)) this.iterate(site, first, second);
      else if (name === 'then' || name === 'catch' || name === 'finally') {
        for (const cell of [first, second]) {
          flow.each(cell, (token) => {
            if (token.kind !== 'function') return;
            this.pass(receiver, token, 0);
            flow.move(token.result, result);
          });
        }
        flow.move(receiver, result);
      } else if (refusing.has(name)) this.refuse(site, site.arguments, `${name}()`);
      if (givesElement.has(name)) flow.move(flow.elementsOf(receiver), result);
      if (givesItself.has(name)) flow.move(receiver, result);
      flow.each(receiver, (token) => this.useCollection(site, token));
    },

    /** What a list, map or set takes in or gives out. */
    useCollection(site, token) {
      if (token.kind !== 'thing' && token.kind !== 'function') return;
      const { flow } = this;
      const { name, arguments: cells, result } = site;
      if (name === 'set' || name === 'add') {
        flow.move(cells[cells.length - 1], token.elements);
      } else if (['push', 'unshift', 'fill', 'splice', 'with'].includes(name)) {
        for (const cell of cells) flow.move(cell, token.elements);
      } else if (name === 'concat') {
        for (const cell of cells) flow.move(flow.elementsOf(cell), token.elements);
      } else if (name === 'entries') {
        this.giveEntries(site, token.all);
      } else if (name === 'values') {
        this.giveList(site, token.elements);
      }
    },

    /** The call answers a list of what `cell` holds: one list, however often it is learnt. */
    giveList(site, cell) {
      site.list ??= this.flow.list();
      this.flow.move(cell, site.list.elements);
      this.flow.add(site.result, site.list);
    },

    /** The call answers a list of `[key, value]`. */
    giveEntries(site, cell) {
      site.pair ??= this.flow.list();
      this.flow.move(cell, site.pair.elements);
      this.giveList(site, this.flow.cellOf(site.pair));
    },

    /** `items.map(f)` and the like: `f` sees the elements; the answers may be elements again. */
    iterate(site, callback, second) {
      const { flow } = this;
      const { name, receiver, result } = site;
      site.helper = name;
      const elements = new Cell();
      flow.each(receiver, (token) => {
        if (token.kind !== 'native' && token.kind !== 'any') {
          flow.move(token.elements, elements);
          flow.move(token.dynamic, elements);
        }
      });
      const folds = name === 'reduce' || name === 'reduceRight';
      const sum = folds ? new Cell() : null;
      if (folds) {
        flow.move(second, sum);
        flow.move(elements, sum);
        flow.move(sum, result);
      }
      const cells = folds ? [sum, elements, undefined, receiver]
        : name === 'each' ? [undefined, elements] : [elements, undefined, receiver];
      const mapped = name === 'map' || name === 'flatMap' ? flow.list() : null;
      if (mapped) flow.add(result, mapped);
      flow.each(callback, (token) => {
        this.callBack(site, token, cells, folds ? undefined : second);
        if (token.kind !== 'function') return;
        if (folds) flow.move(token.result, sum);
        if (mapped) flow.move(token.result, mapped.elements);
        if (name === 'flatMap') flow.move(flow.elementsOf(token.result), mapped.elements);
      });
    },

    /** `f.call(self, …)`, `f.apply(self, list)`, `f.bind(self, …)`. */
    callThrough(site, token) {
      if (token.kind !== 'function' && token.kind !== 'native' && token.kind !== 'bound') return;
      const { flow } = this;
      const [self, list] = site.arguments;
      if (site.name === 'call') {
        this.invoke(site, token, self, 1);
      } else if (site.name === 'bind') {
        if (token.kind !== 'function') {
          flow.add(site.result, token);
          return;
        }
        const rest = site.arguments.slice(1);
        flow.add(site.result, flow.bound(token, self, rest));
      } else if (token.kind === 'native') {
        this.invoke(site, token, self, site.arguments.length);
      } else {
        const target = token.kind === 'bound' ? token.target : token;
        this.enterFunction(site, target, self, []);
        const elements = flow.elementsOf(list);
        for (let i = 0; i <= target.params.length; i++) this.pass(elements, target, i);
      }
    },

    /** `[].forEach.call(list, f)`: no helper stands in for it. */
    refuseBorrowed(site) {
      const { callee } = site.node;
      const method = callee && callee.object;
      if (!method || method.type !== 'MemberExpression' || site.name === 'bind') return;
      const name = this.memberName(method);
      if (!parts.iterationNames.has(name) && !refusing.has(name)) return;
      this.refuse(site, site.arguments, `${name}.${site.name}()`);
    },

    /** The functions in `cells` must answer at once. */
    refuse(site, cells, what) {
      for (const cell of cells) {
        this.flow.each(cell, (token) => {
          if (token.kind !== 'function') return;
          (site.refused ??= new Map()).set(token, `a callback of ${what}`);
        });
      }
    },

    callNative(site, path, skip) {
      const cells = site.arguments.slice(skip);
      if (parts.isHostCall(path)) site.host = path;
      const model = models.get(path);
      if (model) {
        model(this, site, cells);
        return;
      }
      const isLibrary = path.startsWith('jslib/');
      if (refusingNatives.has(path)) {
        this.refuse(site, cells, `${path.slice(path.indexOf('/') + 1)}()`);
      }
      if (!passing.has(path) && !isLibrary) return;
      for (const cell of cells) {
        this.flow.each(cell, (token) => {
          if (token.kind !== 'native') this.flow.add(site.result, token);
        });
        if (isLibrary) this.flow.move(this.flow.elementsOf(cell), site.result);
      }
    },

    arrayFrom(site, source, callback) {
      const { flow } = this;
      const elements = flow.elementsOf(source);
      if (!callback) {
        flow.add(site.result, flow.list(elements));
        return;
      }
      site.helper = 'from';
      const made = flow.list();
      flow.add(site.result, made);
      flow.each(callback, (token) => {
        this.callBack(site, token, [elements]);
        if (token.kind === 'function') flow.move(token.result, made.elements);
      });
    },

    /** Compilers of modules write `{ enumerable: true, get: () => value }`. */
    defineProperty(site, target, descriptor) {
      const { flow } = this;
      const name = this.script.constant(site.node.arguments[1]) ?? null;
      const value = new Cell();
      flow.read(descriptor, 'value', value);
      const getter = new Cell();
      flow.read(descriptor, 'get', getter);
      flow.each(getter, (token) => {
        if (token.kind === 'function') flow.move(token.result, value);
      });
      flow.write(target, name, value);
      flow.move(target, site.result);
    },

    constructNative(site, path) {
      const { flow } = this;
      const [first, second] = site.arguments;
      switch (path) {
        case 'Map':
        case 'WeakMap':
        case 'Set':
        case 'WeakSet': {
          const made = flow.list();
          made.isMap = path === 'Map';
          const elements = flow.elementsOf(first);
          flow.move(made.isMap ? flow.elementsOf(elements) : elements, made.elements);
          flow.add(site.result, made);
          return;
        }
        case 'Array':
          flow.add(site.result, flow.list(...site.arguments.filter(Boolean)));
          return;
        case 'Proxy':
          flow.move(first, site.result);
          flow.each(second, (token) => this.refuse(site, [token.all], 'a Proxy'));
          return;
        case 'k6/data.SharedArray':
          this.refuse(site, [second], 'new SharedArray(), which runs in the init context');
          flow.each(second, (token) => {
            if (token.kind === 'function') flow.move(token.result, site.result);
          });
          return;
        default:
          if (path.startsWith(session)) flow.add(site.result, flow.native(`${path}()`));
      }
    },
  });
})
