// jslib papaparse: CSV to rows and back, with the settings and the answers of Papa Parse.
(function (define, globals, host) {
  'use strict';

  const byteOrderMark = '\ufeff';
  const guesses = [',', '\t', '|', ';', '\x1e', '\x1f'];
  const rowsToGuessFrom = 10;
  const badDelimiters = new Set(['\r', '\n', '"', byteOrderMark]);

  /** The line break that `text` uses outside of quotes. */
  function guessNewline(text, quote) {
    const sample = text.slice(0, 1024 * 1024);
    let isQuoted = false;
    for (let i = 0; i < sample.length; i++) {
      const character = sample[i];
      if (character === quote) isQuoted = !isQuoted;
      else if (isQuoted) continue;
      else if (character === '\n') return '\n';
      else if (character === '\r') return sample[i + 1] === '\n' ? '\r\n' : '\r';
    }
    return '\n';
  }

  /** Splits `text` into rows of texts; tells of each row through `onRow`, until that says stop. */
  class Splitter {
    constructor(text, settings, onRow, onError) {
      Object.assign(this, settings, { text, onRow, onError });
      this.position = 0;
      this.nextDelimiter = -1;
      this.rowCount = 0;
      this.row = [];
    }

    /** Answers where it ended. */
    run() {
      const { text, delimiter, newline, quote, comments } = this;
      if (text === '') return 0;
      for (;;) {
        if (comments && this.row.length === 0 && text.startsWith(comments, this.position)) {
          const end = text.indexOf(newline, this.position);
          if (end < 0) return text.length;
          this.position = end + newline.length;
          continue;
        }
        if (quote !== null && text.startsWith(quote, this.position)) {
          this.quoted();
        } else {
          const lineEnd = text.indexOf(newline, this.position);
          const end = lineEnd < 0 ? text.length : lineEnd;
          this.plain(end, delimiter);
        }
        // A field has been read: what follows it decides whether the row goes on.
        if (this.position >= text.length) {
          this.endRow();
          return text.length;
        }
        if (text.startsWith(delimiter, this.position)) {
          this.position += delimiter.length;
        } else {
          this.position += newline.length;
          if (!this.endRow()) return this.position;
        }
      }
    }

    endRow() {
      const row = this.row;
      this.row = [];
      return this.onRow(row, this.rowCount++);
    }

    /** Reads unquoted fields up to `end`, or up to one that begins with a quote. */
    plain(end, delimiter) {
      const { text, quote, row } = this;
      for (;;) {
        // Remembered, because it often lies behind rows that have no delimiter.
        if (this.nextDelimiter < this.position) {
          const found = text.indexOf(delimiter, this.position);
          this.nextDelimiter = found < 0 ? text.length : found;
        }
        const next = this.nextDelimiter;
        if (next >= end) break;
        row.push(text.slice(this.position, next));
        this.position = next + delimiter.length;
        if (quote !== null && text.startsWith(quote, this.position)) {
          this.position = next;
          return;
        }
      }
      row.push(text.slice(this.position, end));
      this.position = end;
    }

    quoted() {
      const { text, delimiter, newline, quote, escape } = this;
      const start = this.position + 1;
      let search = start;
      let hasEscapes = false;
      for (;;) {
        let end = text.indexOf(quote, search);
        if (end < 0) {
          this.fail('MissingQuotes', 'Quoted field unterminated', start - 1);
          end = text.length;
        }
        if (quote === escape && text[end + 1] === quote) {
          hasEscapes = true;
          search = end + 2;
          continue;
        }
        if (quote !== escape && end > start && text[end - 1] === escape && end < text.length) {
          hasEscapes = true;
          search = end + 1;
          continue;
        }
        const next = this.afterSpaces(end + 1);
        if (next >= text.length || text.startsWith(delimiter, next) ||
          text.startsWith(newline, next)) {
          const field = text.slice(start, end);
          this.row.push(hasEscapes ? field.replaceAll(escape + quote, quote) : field);
          this.position = next;
          return;
        }
        this.fail('InvalidQuotes', 'Trailing quote on quoted field is malformed', start - 1);
        search = end + 1;
      }
    }

    afterSpaces(position) {
      let end = position;
      while (this.text[end] === ' ') end++;
      return end;
    }

    fail(code, message, index) {
      this.onError({ type: 'Quotes', code, message, row: this.rowCount, index });
    }
  }

  function isEmptyRow(row, skip) {
    if (skip === 'greedy') return row.every((field) => field.trim() === '');
    return row.length === 1 && row[0] === '';
  }

  function guessDelimiter(text, settings, config) {
    let best = null;
    for (const delimiter of config.delimitersToGuess ?? guesses) {
      let fields = 0;
      let rows = 0;
      let delta = 0;
      let previous;
      const onRow = (row, index) => {
        if (!(config.skipEmptyLines && isEmptyRow(row, config.skipEmptyLines))) {
          rows++;
          fields += row.length;
          if (previous !== undefined) delta += Math.abs(row.length - previous);
          previous = row.length;
        }
        return index + 1 < rowsToGuessFrom;
      };
      new Splitter(text, { ...settings, delimiter }, onRow, () => {}).run();
      const average = fields / rows;
      const isBetter = best === null || (delta <= best.delta && average > best.average);
      if (average > 1.99 && isBetter) best = { delimiter, delta, average };
    }
    return best?.delimiter;
  }

  const number = /^\s*-?(\d+\.?|\.\d+|\d+\.\d+)([eE][-+]?\d+)?\s*$/;
  const isoDate =
    /^\d{4}-[01]\d-[0-3]\dT[0-2]\d:[0-5]\d(:[0-5]\d(\.\d+)?)?([+-][0-2]\d:[0-5]\d|Z)$/;

  function typed(text) {
    if (text === 'true' || text === 'TRUE') return true;
    if (text === 'false' || text === 'FALSE') return false;
    if (number.test(text) && Math.abs(Number(text)) < 2 ** 53) return Number(text);
    if (isoDate.test(text)) return new Date(text);
    return text === '' ? null : text;
  }

  function isTyped(dynamicTyping, field) {
    if (typeof dynamicTyping === 'function') return dynamicTyping(field);
    if (typeof dynamicTyping !== 'object' || dynamicTyping === null) return Boolean(dynamicTyping);
    return Boolean(dynamicTyping[field] ?? dynamicTyping.__all__);
  }

  /** Turns rows of texts into what the settings ask for. */
  class Shaper {
    constructor(config, errors, meta) {
      Object.assign(this, { config, errors, meta, count: 0 });
    }

    header(row) {
      const counts = new Map();
      this.meta.fields = row.map((text, index) => {
        const name = this.config.transformHeader?.(text, index) ?? text;
        const count = counts.get(name) ?? 0;
        counts.set(name, count + 1);
        if (count === 0) return name;
        const renamed = `${name}_${count}`;
        (this.meta.renamedHeaders ??= {})[renamed] = name;
        return renamed;
      });
    }

    row(row) {
      const { transform, dynamicTyping } = this.config;
      const { fields } = this.meta;
      const value = (text, field) => {
        const changed = transform ? transform(text, field) : text;
        return dynamicTyping && isTyped(dynamicTyping, field) ? typed(changed) : changed;
      };
      const index = this.count++;
      if (!fields) return row.map(value);
      const shaped = {};
      row.forEach((text, i) => {
        if (i < fields.length) shaped[fields[i]] = value(text, fields[i]);
        else (shaped.__parsed_extra ??= []).push(value(text, '__parsed_extra'));
      });
      if (row.length !== fields.length) this.mismatch(row.length, fields.length, index);
      return shaped;
    }

    mismatch(count, expected, row) {
      const which = count < expected ? 'few' : 'many';
      this.errors.push({
        type: 'FieldMismatch', code: which === 'few' ? 'TooFewFields' : 'TooManyFields',
        message: `Too ${which} fields: expected ${expected} fields but parsed ${count}`, row,
      });
    }
  }

  function settingsFor(text, config, errors) {
    const quote = config.quoteChar === undefined ? '"' : config.quoteChar || null;
    const settings = {
      quote, escape: config.escapeChar ?? quote,
      newline: config.newline || guessNewline(text, quote),
      comments: config.comments === true ? '#' : config.comments || '',
    };
    settings.delimiter =
      typeof config.delimiter === 'function' ? config.delimiter(text) : config.delimiter;
    if (!settings.delimiter || badDelimiters.has(settings.delimiter)) {
      settings.delimiter = guessDelimiter(text, settings, config);
    }
    if (settings.delimiter === undefined) {
      settings.delimiter = ',';
      errors.push({
        type: 'Delimiter', code: 'UndetectableDelimiter',
        message: "Unable to auto-detect delimiting character; defaulted to ','",
      });
    }
    return settings;
  }

  function parse(input, config = {}) {
    const text = `${input ?? ''}`.replace(byteOrderMark, (mark, at) => (at === 0 ? '' : mark));
    const errors = [];
    const data = [];
    const settings = settingsFor(text, config, errors);
    const meta = {
      delimiter: settings.delimiter, linebreak: settings.newline, aborted: false,
      truncated: false, cursor: 0,
    };
    const shaper = new Shaper(config, errors, meta);
    const preview = config.preview > 0 ? Number(config.preview) : Infinity;
    const handle = { abort: () => (meta.aborted = true) };
    const onRow = (row) => {
      if (config.skipEmptyLines && isEmptyRow(row, config.skipEmptyLines)) return true;
      if (config.header && !meta.fields) return shaper.header(row), true;
      const shaped = shaper.row(row);
      if (config.step) config.step({ data: shaped, errors, meta }, handle);
      else data.push(shaped);
      return !meta.aborted && shaper.count < preview;
    };
    meta.cursor = new Splitter(text, settings, onRow, (error) => errors.push(error)).run();
    meta.truncated = !meta.aborted && meta.cursor < text.length;
    const result = { data, errors, meta };
    config.complete?.(result);
    return result;
  }

  // Rows to CSV.

  const formulaStart = /^[=+\-@\t\r].*$/s;

  function unparse(input, config = {}) {
    const source = typeof input === 'string' ? JSON.parse(input) : input;
    const delimiter = config.delimiter && !badDelimiters.has(config.delimiter)
      ? config.delimiter : ',';
    const quote = config.quoteChar || '"';
    const doubled = (config.escapeChar || quote) + quote;
    const newline = config.newline || '\r\n';
    const mustQuote = (value, column) => {
      const { quotes } = config;
      if (typeof quotes === 'function') return quotes(value, column);
      return quotes === true || (Array.isArray(quotes) && quotes[column]);
    };
    const cell = (value, column) => {
      if (value === undefined || value === null) return '';
      let text = value instanceof Date ? value.toISOString() : `${value}`;
      const formula = config.escapeFormulae === true ? formulaStart : config.escapeFormulae;
      if (formula && typeof value === 'string' && formula.test(text)) text = `'${text}`;
      const needsQuotes = mustQuote(value, column) || text.includes(quote) ||
        text.includes(delimiter) || /[\r\n\ufeff]|^ | $/.test(text);
      return needsQuotes ? quote + text.replaceAll(quote, doubled) + quote : text;
    };

    let fields = config.columns ?? null;
    let rows = source;
    if (!Array.isArray(source)) {
      rows = source.data ?? [];
      fields ??= source.fields ?? source.meta?.fields ?? null;
    }
    const isRecord = rows.length > 0 && !Array.isArray(rows[0]) && typeof rows[0] === 'object';
    if (isRecord) fields ??= Object.keys(rows[0]);
    const lines = [];
    if (fields !== null && config.header !== false) lines.push(fields.map(cell).join(delimiter));
    for (const row of rows) {
      const values = Array.isArray(row) ? row : (fields ?? []).map((field) => row?.[field]);
      const texts = values.map((value) => (value ?? '').toString());
      if (config.skipEmptyLines === 'greedy' && texts.join('').trim() === '') continue;
      if (config.skipEmptyLines && texts.length === 1 && texts[0] === '') continue;
      lines.push(values.map(cell).join(delimiter));
    }
    return lines.join(newline);
  }

  const papa = Object.freeze({
    parse, unparse, RECORD_SEP: '\x1e', UNIT_SEP: '\x1f', BYTE_ORDER_MARK: byteOrderMark,
    BAD_DELIMITERS: [...badDelimiters], DefaultDelimiter: ',',
  });
  const exported = Object.freeze({ ...papa, default: papa });
  define('jslib/papaparse', () => exported);
})
