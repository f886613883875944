// Edits of a source text that keep every line where it is.
(function (parts) {
  'use strict';

  const isLineBreak = (code) => code === 10 || code === 13 || code === 0x2028 || code === 0x2029;

  /** The line breaks of `text` alone: what must remain of a passage that is taken out. */
  function lineBreaks(text) {
    let kept = '';
    for (let i = 0; i < text.length; i++) {
      if (isLineBreak(text.charCodeAt(i))) kept += text[i];
    }
    return kept;
  }

  /** Where a generated position is counted from: line from 1, column from 0. */
  class Place {
    constructor() {
      this.line = 1;
      this.column = 0;
    }

    pass(text) {
      for (let i = 0; i < text.length; i++) {
        const code = text.charCodeAt(i);
        if (code === 13 && text.charCodeAt(i + 1) === 10) continue;
        if (isLineBreak(code)) {
          this.line++;
          this.column = 0;
        } else {
          this.column++;
        }
      }
    }
  }

  class Edits {
    constructor(source) {
      this.source = source;
      this.list = [];
    }

    /** Puts `text`, of one line, before the character at `position`. */
    insert(position, text) {
      this.list.push({ start: position, end: position, text });
    }

    /** Puts `text`, of one line, in place of a passage; the passage's line breaks stay. */
    replace(start, end, text) {
      this.list.push({ start, end, text });
    }

    /** `text`, apart from a word that ends right before `position`. */
    apart(position, text) {
      const before = position > 0 ? this.source.charCodeAt(position - 1) : 32;
      return parts.isNameCharacter(before) ? ' ' + text : text;
    }

    /**
     * The edited source, and where it differs: `[line, column, length]` says that `length`
     * characters were put in at that generated place, or taken out when it is negative.
     */
    apply() {
      const sorted = this.list.map((edit, order) => ({ ...edit, order }));
      sorted.sort((a, b) => a.start - b.start || a.order - b.order);
      const insertions = [];
      const place = new Place();
      let code = '';
      let position = 0;
      const emit = (text) => {
        code += text;
        place.pass(text);
      };
      for (const { start, end, text } of sorted) {
        // An edit inside a passage that is gone has nothing left to change.
        if (start < position) continue;
        emit(this.source.slice(position, start));
        const old = this.source.slice(start, end);
        const kept = lineBreaks(old);
        const lines = old.split(/\r\n|[\r\n\u2028\u2029]/);
        const column = place.column + Math.min(text.length, lines[0].length);
        const grown = text.length - lines[0].length;
        if (grown !== 0) insertions.push([place.line, column + 1, grown]);
        emit(text);
        emit(kept);
        const last = lines[lines.length - 1].length;
        if (lines.length > 1 && last > 0) insertions.push([place.line, 1, -last]);
        position = end;
      }
      emit(this.source.slice(position));
      return { code, insertions };
    }
  }

  /** The column of the script as it was written, for one of the generated code; both from 1. */
  function originalColumn(insertions, line, column) {
    let original = column;
    for (const [at, start, length] of insertions) {
      if (at !== line || start > column) continue;
      original -= length > 0 ? Math.min(length, column - start) : length;
    }
    return original;
  }

  parts.Edits = Edits;
  parts.originalColumn = originalColumn;
})
