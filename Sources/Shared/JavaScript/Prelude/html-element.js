// The Element of k6/html: one node of a page. Its members are methods, as in k6.
(function (define, globals, host, realm) {
  'use strict';

  const { html, selectors } = realm;
  const isElement = (node) => node.type === 1;

  class Element {
    #node;
    #toSelection;

    constructor(node, toSelection) {
      this.#node = node;
      this.#toSelection = toSelection;
    }

    static nodeOf(value) {
      return value instanceof Element ? value.#node : undefined;
    }

    #wrap(node) {
      return node === undefined || node === null ? undefined
        : new Element(node, this.#toSelection);
    }

    #siblings(onlyElements) {
      const all = this.#node.parent?.children ?? [this.#node];
      return onlyElements ? all.filter(isElement) : all;
    }

    #beside(distance, onlyElements) {
      const siblings = this.#siblings(onlyElements);
      return this.#wrap(siblings[siblings.indexOf(this.#node) + distance]);
    }

    selection() {
      return this.#toSelection([this.#node]);
    }

    /** In small letters, as k6 has it. */
    nodeName() {
      return this.#node.name;
    }

    tagName() {
      return this.nodeName();
    }

    nodeType() {
      return this.#node.type;
    }

    nodeValue() {
      return this.#node.type === 3 || this.#node.type === 8 ? this.#node.data : undefined;
    }

    id() {
      return this.getAttribute('id') ?? '';
    }

    className() {
      return this.getAttribute('class') ?? '';
    }

    classList() {
      return this.className().split(/\s+/).filter((name) => name !== '');
    }

    lang() {
      return this.getAttribute('lang') ?? '';
    }

    textContent() {
      return html.textOf(this.#node);
    }

    innerText() {
      return this.textContent();
    }

    innerHTML() {
      return html.innerHTML(this.#node);
    }

    outerHTML() {
      return html.outerHTML(this.#node);
    }

    getAttribute(name) {
      return this.#node.attributes?.get(`${name}`.toLowerCase());
    }

    hasAttribute(name) {
      return this.getAttribute(name) !== undefined;
    }

    hasAttributes() {
      return (this.#node.attributes?.size ?? 0) > 0;
    }

    /** Names to `{name, value}`, as in k6. */
    attributes() {
      const all = {};
      for (const [name, value] of this.#node.attributes ?? []) all[name] = { name, value };
      return all;
    }

    value() {
      return this.selection().val();
    }

    parentNode() {
      return this.#wrap(this.#node.parent);
    }

    parentElement() {
      const { parent } = this.#node;
      return parent !== null && isElement(parent) ? this.#wrap(parent) : undefined;
    }

    childNodes() {
      return this.#node.children.map((node) => this.#wrap(node));
    }

    children() {
      return this.#node.children.filter(isElement).map((node) => this.#wrap(node));
    }

    childElementCount() {
      return this.children().length;
    }

    hasChildNodes() {
      return this.#node.children.length > 0;
    }

    firstChild() {
      return this.#wrap(this.#node.children[0]);
    }

    lastChild() {
      return this.#wrap(this.#node.children.at(-1));
    }

    firstElementChild() {
      return this.children()[0];
    }

    lastElementChild() {
      return this.children().at(-1);
    }

    nextSibling() {
      return this.#beside(1, false);
    }

    previousSibling() {
      return this.#beside(-1, false);
    }

    nextElementSibling() {
      return this.#beside(1, true);
    }

    previousElementSibling() {
      return this.#beside(-1, true);
    }

    contains(other) {
      for (let node = Element.nodeOf(other); node; node = node.parent) {
        if (node === this.#node) return true;
      }
      return false;
    }

    matches(selector) {
      return selectors.matches(this.#node, selectors.compile(selector));
    }

    querySelector(selector) {
      return this.querySelectorAll(selector)[0];
    }

    querySelectorAll(selector) {
      const found = selectors.select([this.#node], selectors.compile(selector));
      return found.map((node) => this.#wrap(node));
    }

    isSameNode(other) {
      return Element.nodeOf(other) === this.#node;
    }

    isEqualNode(other) {
      const node = Element.nodeOf(other);
      return node !== undefined && html.outerHTML(node) === html.outerHTML(this.#node);
    }

    toString() {
      return html.outerHTML(this.#node);
    }
  }

  // The attributes that k6 offers as methods of the elements that have them.
  const attributeMethods = {
    href: 'href', src: 'src', alt: 'alt', title: 'title', rel: 'rel', target: 'target',
    type: 'type', name: 'name', action: 'action', method: 'method', content: 'content',
    placeholder: 'placeholder', rows: 'rows', cols: 'cols', width: 'width', height: 'height',
    htmlFor: 'for', maxLength: 'maxlength', pattern: 'pattern', min: 'min', max: 'max',
  };
  for (const [method, name] of Object.entries(attributeMethods)) {
    Element.prototype[method] = function () {
      return this.getAttribute(name) ?? '';
    };
  }
  for (const name of ['checked', 'disabled', 'selected', 'multiple', 'required', 'hidden']) {
    Element.prototype[name] = function () {
      return this.hasAttribute(name);
    };
  }
  Element.prototype.readOnly = function () {
    return this.hasAttribute('readonly');
  };

  realm.htmlElement = Element;
})
