// k6/html: `parseHTML` and the Selection that it answers, with the methods of k6, which are those
// of jQuery; single elements are Elements, whose members are methods, as in k6.
(function (define, globals, host, realm) {
  'use strict';

  const { html, selectors, htmlElement } = realm;
  const isElement = (node) => node.type === 1;
  const elementsOf = (node) => node.children.filter(isElement);

  function after(node) {
    if (node.parent === null) return [];
    const siblings = elementsOf(node.parent);
    return siblings.slice(siblings.indexOf(node) + 1);
  }

  /** The nearest comes first, as with everything that leads away from a node. */
  function before(node) {
    if (node.parent === null) return [];
    const siblings = elementsOf(node.parent);
    return siblings.slice(0, siblings.indexOf(node)).reverse();
  }

  function ancestors(node) {
    const found = [];
    for (let p = node.parent; p !== null && isElement(p); p = p.parent) found.push(p);
    return found;
  }

  const isHidden = new Set(['submit', 'button', 'reset', 'image', 'file']);

  /** What a form sends for a field: no, one or several values. */
  function valuesOf(node) {
    const { attributes } = node;
    const type = (attributes.get('type') ?? '').toLowerCase();
    if (!attributes.get('name') || attributes.has('disabled') || isHidden.has(type)) return [];
    const isChoice = type === 'checkbox' || type === 'radio';
    if (isChoice && !attributes.has('checked')) return [];
    const value = valueOf(node);
    return Array.isArray(value) ? value : value === undefined ? [] : [value];
  }

  const optionValue = (node) => node.attributes.get('value') ?? html.textOf(node).trim();

  function valueOf(node) {
    const value = node.attributes.get('value');
    switch (node.name) {
      case 'input': {
        const type = (node.attributes.get('type') ?? '').toLowerCase();
        return value ?? (type === 'checkbox' || type === 'radio' ? 'on' : '');
      }
      case 'button':
        return value ?? '';
      case 'textarea':
        return html.textOf(node);
      case 'option':
        return optionValue(node);
      case 'select': {
        const options = selectors.select([node], selectors.compile('option'));
        const chosen = options.filter((option) => option.attributes.has('selected'));
        if (node.attributes.has('multiple')) return chosen.map(optionValue);
        const shown = chosen.at(-1) ?? options[0];
        return shown === undefined ? undefined : optionValue(shown);
      }
      default:
        return undefined;
    }
  }

  const constants = { true: true, false: false, null: null, undefined };

  /** A data attribute as jQuery reads it: JSON, a number, a constant or a text. */
  function dataValue(text) {
    if (Object.hasOwn(constants, text)) return constants[text];
    if (text !== '' && `${Number(text)}` === text) return Number(text);
    if (!/^[[{]/.test(text)) return text;
    try {
      return JSON.parse(text);
    } catch {
      return text;
    }
  }

  const camelCase = (text) => text.replace(/-([a-z])/g, (_, letter) => letter.toUpperCase());
  const kebabCase = (text) => text.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);

  class Selection {
    #nodes;

    constructor(nodes) {
      this.#nodes = nodes;
    }

    static nodesOf(selection) {
      return selection.#nodes;
    }

    get length() {
      return this.#nodes.length;
    }

    size() {
      return this.#nodes.length;
    }

    find(selector) {
      if (typeof selector !== 'string') {
        const wanted = new Set(nodesOf(selector, 'find'));
        const all = selectors.select(this.#nodes, selectors.compile('*'));
        return new Selection(all.filter((node) => wanted.has(node)));
      }
      return new Selection(selectors.select(this.#nodes, selectors.compile(selector)));
    }

    // One or some of the nodes.

    eq(index) {
      const node = this.#nodes.at(index);
      return new Selection(node === undefined ? [] : [node]);
    }

    first() {
      return this.eq(0);
    }

    last() {
      return this.eq(-1);
    }

    slice(start, end = undefined) {
      return new Selection(this.#nodes.slice(start, end));
    }

    get(index = undefined) {
      if (index === undefined) return this.#nodes.map(elementOf);
      const node = this.#nodes.at(index);
      return node === undefined ? undefined : elementOf(node);
    }

    toArray() {
      return this.#nodes.map((node) => new Selection([node]));
    }

    [Symbol.iterator]() {
      return this.toArray()[Symbol.iterator]();
    }

    each(callback) {
      this.#nodes.forEach((node, index) => callback(index, elementOf(node)));
      return this;
    }

    map(callback) {
      return this.#nodes.map((node, index) => callback(index, new Selection([node])));
    }

    filter(criterion) {
      return new Selection(this.#nodes.filter(testOf(criterion, 'filter')));
    }

    not(criterion) {
      const test = testOf(criterion, 'not');
      return new Selection(this.#nodes.filter((node, index) => !test(node, index)));
    }

    is(criterion) {
      return this.#nodes.some(testOf(criterion, 'is'));
    }

    has(criterion) {
      if (typeof criterion === 'string') {
        const compiled = selectors.compile(criterion);
        return new Selection(
          this.#nodes.filter((node) => selectors.select([node], compiled).length > 0));
      }
      const wanted = nodesOf(criterion, 'has');
      return new Selection(
        this.#nodes.filter((node) => wanted.some((inner) => ancestors(inner).includes(node))));
    }

    hasClass(name) {
      return this.#nodes.some((node) => isElement(node) && selectors.hasClass(node, name));
    }

    index(criterion = undefined) {
      if (criterion === undefined) {
        return this.#nodes.length === 0 ? -1 : before(this.#nodes[0]).length;
      }
      if (typeof criterion === 'string') {
        const node = this.#nodes[0];
        if (node === undefined) return -1;
        return selectors.select([rootOf(node)], selectors.compile(criterion)).indexOf(node);
      }
      return this.#nodes.indexOf(nodesOf(criterion, 'index')[0]);
    }

    // Along the tree.

    #walk(lead, criterion, isSingle = false) {
      const found = new Set();
      const test = criterion === undefined ? () => true : testOf(criterion, 'selector');
      for (const node of this.#nodes) {
        const path = isSingle ? lead(node).slice(0, 1) : lead(node);
        for (const other of path) if (test(other, 0)) found.add(other);
      }
      return new Selection([...found]);
    }

    #walkUntil(lead, end, criterion) {
      const isEnd = end === undefined || end === null ? () => false : testOf(end, 'until');
      return this.#walk((node) => {
        const path = lead(node);
        const stop = path.findIndex(isEnd);
        return stop < 0 ? path : path.slice(0, stop);
      }, criterion);
    }

    children(criterion = undefined) {
      return this.#walk(elementsOf, criterion);
    }

    contents() {
      return new Selection([...new Set(this.#nodes.flatMap((node) => node.children))]);
    }

    parent(criterion = undefined) {
      return this.#walk(ancestors, criterion, true);
    }

    parents(criterion = undefined) {
      return this.#walk(ancestors, criterion);
    }

    parentsUntil(end = undefined, criterion = undefined) {
      return this.#walkUntil(ancestors, end, criterion);
    }

    closest(criterion) {
      const test = testOf(criterion, 'closest');
      return this.#walk((node) => {
        const path = [node, ...ancestors(node)].filter(isElement);
        return path.filter((other) => test(other, 0)).slice(0, 1);
      });
    }

    next(criterion = undefined) {
      return this.#walk(after, criterion, true);
    }

    nextAll(criterion = undefined) {
      return this.#walk(after, criterion);
    }

    nextUntil(end = undefined, criterion = undefined) {
      return this.#walkUntil(after, end, criterion);
    }

    prev(criterion = undefined) {
      return this.#walk(before, criterion, true);
    }

    prevAll(criterion = undefined) {
      return this.#walk(before, criterion);
    }

    prevUntil(end = undefined, criterion = undefined) {
      return this.#walkUntil(before, end, criterion);
    }

    siblings(criterion = undefined) {
      return this.#walk((node) => [...before(node).reverse(), ...after(node)], criterion);
    }

    // What the nodes hold.

    attr(name, fallback = undefined) {
      return this.#nodes[0]?.attributes?.get(`${name}`.toLowerCase()) ?? fallback;
    }

    text() {
      return this.#nodes.map(html.textOf).join('');
    }

    html(fallback = '') {
      return this.#nodes.length === 0 ? fallback : html.innerHTML(this.#nodes[0]);
    }

    val() {
      const node = this.#nodes[0];
      return node === undefined || !isElement(node) ? undefined : valueOf(node);
    }

    data(name = undefined) {
      const attributes = this.#nodes[0]?.attributes ?? new Map();
      if (name !== undefined) {
        const text = attributes.get(`data-${kebabCase(name)}`);
        return text === undefined ? undefined : dataValue(text);
      }
      const values = {};
      for (const [key, text] of attributes) {
        if (key.startsWith('data-')) values[camelCase(key.slice(5))] = dataValue(text);
      }
      return values;
    }

    serializeArray() {
      const compiled = selectors.compile('input,select,textarea,keygen');
      const fields = this.#nodes.flatMap((node) =>
        node.name === 'form' ? selectors.select([node], compiled)
          : selectors.matches(node, compiled) ? [node] : []);
      return fields.flatMap((node) =>
        valuesOf(node).map((value) => ({ name: node.attributes.get('name'), value })));
    }

    /** Names to values; a name that comes more than once has an array of them. */
    serializeObject() {
      const values = {};
      for (const { name, value } of this.serializeArray()) {
        values[name] = Object.hasOwn(values, name) ? [values[name], value].flat() : value;
      }
      return values;
    }

    serialize() {
      const pairs = this.serializeArray().map(({ name, value }) => [name, value]);
      return new globals.URLSearchParams(pairs).toString();
    }

    toString() {
      return this.#nodes.map(html.outerHTML).join('');
    }
  }

  const rootOf = (node) => (node.parent === null ? node : rootOf(node.parent));

  function nodesOf(value, what) {
    if (value instanceof Selection) return Selection.nodesOf(value);
    const node = htmlElement.nodeOf(value);
    if (node !== undefined) return [node];
    throw new TypeError(`${what}: a selector, a Selection or an Element is needed`);
  }

  /** The test that a selector, a function, a Selection or an Element stands for. */
  function testOf(criterion, what) {
    if (typeof criterion === 'function') {
      return (node, index) => Boolean(criterion(index, new Selection([node])));
    }
    if (typeof criterion === 'string') {
      const compiled = selectors.compile(criterion);
      return (node) => selectors.matches(node, compiled);
    }
    const nodes = nodesOf(criterion, what);
    return (node) => nodes.includes(node);
  }

  const elementOf = (node) => new htmlElement(node, toSelection);
  const toSelection = (nodes) => new Selection(nodes);

  const exported = Object.freeze({
    parseHTML: (source) => new Selection([html.parse(source ?? '')]),
    Selection,
  });
  define('k6/html', () => exported);
})
