// CSS selectors over the tree of html-parser.js: what k6/html knows, which is level 3 of CSS
// without namespaces and states of a user interface, and `:contains`, `:has` and `[a!=b]`.
(function (define, globals, host, realm) {
  'use strict';

  const { textOf } = realm.html;
  const isElement = (node) => node.type === 1;
  const elementsOf = (node) => node.children.filter(isElement);
  const siblingsOf = (node) => (node.parent === null ? [node] : elementsOf(node.parent));
  const attributeOf = (node, name) => node.attributes?.get(name);

  function previousElement(node) {
    const siblings = siblingsOf(node);
    return siblings[siblings.indexOf(node) - 1];
  }

  const namePattern = /(?:[\w-]|[^\0-\x7f]|\\.)+/y;
  const attributePattern =
    /\[\s*([\w:-]+)\s*(?:([~|^$*!]?=)\s*(?:"([^"]*)"|'([^']*)'|([^\]\s]+))\s*([iI]?)\s*)?\]/y;
  const combinatorPattern = /\s*([>+~,])\s*|\s+/y;

  const comparisons = {
    '=': (value, wanted) => value === wanted,
    '~=': (value, wanted) => value.split(/\s+/).includes(wanted),
    '|=': (value, wanted) => value === wanted || value.startsWith(`${wanted}-`),
    '^=': (value, wanted) => wanted !== '' && value.startsWith(wanted),
    '$=': (value, wanted) => wanted !== '' && value.endsWith(wanted),
    '*=': (value, wanted) => wanted !== '' && value.includes(wanted),
  };

  const hasClass = (node, name) =>
    (attributeOf(node, 'class') ?? '').split(/[ \t\n\r\f]+/).includes(name);

  /** `2n+1`, `odd`, `-n+3`, `4`: whether a position that counts from 1 is meant. */
  function positionTest(text) {
    const formula = text.trim().toLowerCase().replace(/^odd$/, '2n+1').replace(/^even$/, '2n');
    const parts = /^(?:([+-]?\d*)n)?\s*([+-]?\s*\d+)?$/.exec(formula);
    if (parts === null || formula === '') return null;
    const factor = parts[1];
    let step = 0;
    if (factor !== undefined) step = Number(/\d/.test(factor) ? factor : `${factor}1`);
    const offset = Number((parts[2] ?? '0').replace(/\s/g, ''));
    return (position) =>
      step === 0 ? position === offset
        : (position - offset) % step === 0 && (position - offset) / step >= 0;
  }

  const sameName = (node) => siblingsOf(node).filter((other) => other.name === node.name);
  const isFirst = (node) => siblingsOf(node)[0] === node;
  const isLast = (node) => siblingsOf(node).at(-1) === node;
  const isField = (node) => /^(input|button|select|textarea|option)$/.test(node.name);

  const pseudoClasses = {
    'first-child': isFirst,
    'last-child': isLast,
    'only-child': (node) => isFirst(node) && isLast(node),
    'first-of-type': (node) => sameName(node)[0] === node,
    'last-of-type': (node) => sameName(node).at(-1) === node,
    'only-of-type': (node) => sameName(node).length === 1,
    empty: (node) => node.children.every((child) => !isElement(child) && child.type !== 3),
    root: (node) => node.parent?.type === 9,
    input: (node) => /^(input|button|select|textarea)$/.test(node.name),
    checked: (node) => node.attributes?.has(node.name === 'option' ? 'selected' : 'checked'),
    selected: (node) => node.attributes?.has('selected'),
    disabled: (node) => isField(node) && node.attributes?.has('disabled'),
    enabled: (node) => isField(node) && !node.attributes?.has('disabled'),
  };

  const reversed = (list) => [...list].reverse();
  const positions = {
    'nth-child': siblingsOf,
    'nth-last-child': (node) => reversed(siblingsOf(node)),
    'nth-of-type': sameName,
    'nth-last-of-type': (node) => reversed(sameName(node)),
  };

  const unquoted = (text) => /^\s*(?:"(.*)"|'(.*)'|(.*?))\s*$/s.exec(text).slice(1).join('');

  /** Reads a list of selectors; each is a list of steps from left to right. */
  class Parser {
    constructor(text) {
      this.text = text;
      this.position = 0;
    }

    fail(reason) {
      throw new Error(`the selector '${this.text}' is not valid: ${reason}`);
    }

    match(pattern) {
      pattern.lastIndex = this.position;
      const found = pattern.exec(this.text);
      if (found !== null) this.position = pattern.lastIndex;
      return found;
    }

    name(what) {
      const found = this.match(namePattern);
      if (found === null) this.fail(`${what} is missing at ${this.position}`);
      return found[0].replace(/\\(.)/g, '$1');
    }

    list() {
      const selectors = [];
      this.text = this.text.trim();
      do selectors.push(this.selector());
      while (this.position < this.text.length);
      if (this.text.endsWith(',')) this.fail('nothing follows the comma');
      return selectors;
    }

    selector() {
      const steps = [];
      let combinator = this.match(/\s*([>+~])\s*/y)?.[1] ?? null;
      for (;;) {
        const tests = this.compound();
        if (tests.length === 0) this.fail(`nothing is selected at ${this.position}`);
        steps.push({ combinator, tests });
        if (this.position >= this.text.length) return steps;
        const found = this.match(combinatorPattern);
        if (found === null) this.fail(`'${this.text[this.position]}' is not understood`);
        if (found[1] === ',') return steps;
        combinator = found[1] ?? ' ';
      }
    }

    compound() {
      const tests = [];
      for (;;) {
        const sign = this.text[this.position];
        if (sign === '*') {
          this.position++;
          tests.push(() => true);
        } else if (sign === '#') {
          this.position++;
          const id = this.name('an id');
          tests.push((node) => attributeOf(node, 'id') === id);
        } else if (sign === '.') {
          this.position++;
          const name = this.name('a class');
          tests.push((node) => hasClass(node, name));
        } else if (sign === '[') {
          tests.push(this.attribute());
        } else if (sign === ':') {
          this.position++;
          tests.push(this.pseudo());
        } else {
          const found = tests.length === 0 ? this.match(namePattern) : null;
          if (found === null) return tests;
          const name = found[0].toLowerCase();
          tests.push((node) => node.name === name);
        }
      }
    }

    attribute() {
      const found = this.match(attributePattern);
      if (found === null) this.fail(`the attribute at ${this.position} is not understood`);
      const [, rawName, operator] = found;
      const name = rawName.toLowerCase();
      if (operator === undefined) return (node) => attributeOf(node, name) !== undefined;
      const isCaseless = found[6] !== '';
      const fold = (text) => (isCaseless ? text.toLowerCase() : text);
      const wanted = fold(found[3] ?? found[4] ?? found[5]);
      if (operator === '!=') return (node) => attributeOf(node, name) !== wanted;
      const compare = comparisons[operator];
      return (node) => {
        const value = attributeOf(node, name);
        return value !== undefined && compare(fold(value), wanted);
      };
    }

    pseudo() {
      const name = this.name('a pseudo-class').toLowerCase();
      const argument = this.text[this.position] === '(' ? this.argument() : null;
      if (argument === null) {
        if (Object.hasOwn(pseudoClasses, name)) return pseudoClasses[name];
        this.fail(`:${name} is not supported`);
      }
      if (Object.hasOwn(positions, name)) {
        const isMeant = positionTest(argument);
        if (isMeant === null) this.fail(`'${argument}' is no position`);
        return (node) => isMeant(positions[name](node).indexOf(node) + 1);
      }
      if (name === 'contains') {
        const part = unquoted(argument);
        return (node) => textOf(node).includes(part);
      }
      if (!['not', 'is', 'where', 'has'].includes(name)) this.fail(`:${name}() is not supported`);
      const inner = compile(argument);
      if (name === 'not') return (node) => !matches(node, inner);
      if (name === 'has') return (node) => select([node], inner).length > 0;
      return (node) => matches(node, inner);
    }

    /** What stands in parentheses, whatever nests in it. */
    argument() {
      const start = this.position + 1;
      let depth = 0;
      let quote = null;
      for (let i = this.position; i < this.text.length; i++) {
        const character = this.text[i];
        if (quote !== null) {
          if (character === quote) quote = null;
        } else if (character === '"' || character === "'") {
          quote = character;
        } else if (character === '(') {
          depth++;
        } else if (character === ')' && --depth === 0) {
          this.position = i + 1;
          return this.text.slice(start, i);
        }
      }
      return this.fail('a closing parenthesis is missing');
    }
  }

  const compiled = new Map();
  const compiledMax = 500;

  function compile(text) {
    const known = compiled.get(text);
    if (known !== undefined) return known;
    const selectors = new Parser(`${text}`).list();
    if (compiled.size >= compiledMax) compiled.clear();
    compiled.set(text, selectors);
    return selectors;
  }

  function matchesStep(node, steps, index, scope) {
    if (!isElement(node) || !steps[index].tests.every((test) => test(node))) return false;
    const { combinator } = steps[index];
    if (index === 0 && combinator === null) return true;
    const holds = (other) =>
      index === 0 ? other === scope : matchesStep(other, steps, index - 1, scope);
    if (combinator === '>') return node.parent !== null && holds(node.parent);
    let candidate = combinator === ' ' ? node.parent : previousElement(node);
    if (combinator === '+') return candidate !== undefined && holds(candidate);
    while (candidate !== null && candidate !== undefined) {
      if (holds(candidate)) return true;
      candidate = combinator === ' ' ? candidate.parent : previousElement(candidate);
    }
    return false;
  }

  /** Whether one of the selectors means `node`; `scope` is what a leading combinator is about. */
  function matches(node, selectors, scope = null) {
    if (!isElement(node)) return false;
    return selectors.some((steps) => matchesStep(node, steps, steps.length - 1, scope));
  }

  const leadsAside = (steps) => steps[0].combinator === '+' || steps[0].combinator === '~';

  /**
   * What is meant of the descendants of `roots`, each once, in the order of the document. With a
   * selector such as `+ p`, what follows a root counts as well.
   */
  function select(roots, selectors) {
    const found = new Set();
    const visit = (children, root) => {
      for (const child of children) {
        if (!isElement(child)) continue;
        if (!found.has(child) && matches(child, selectors, root)) found.add(child);
        visit(child.children, root);
      }
    };
    const isAside = selectors.some(leadsAside);
    for (const root of roots) {
      visit(root.children, root);
      if (!isAside || root.parent === null) continue;
      const siblings = root.parent.children;
      visit(siblings.slice(siblings.indexOf(root) + 1), root);
    }
    return [...found];
  }

  realm.selectors = { compile, matches, select, hasClass };
})
