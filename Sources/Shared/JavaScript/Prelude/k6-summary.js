// jslib k6-summary: the end-of-test summary as text, in the layout of k6 1.x, and as JUnit XML,
// from the data that `handleSummary` gets.
(function (define, globals, host) {
  'use strict';

  const colors = { bold: 1, faint: 2, red: 31, green: 32, cyan: 36 };
  const succeeded = '✓';
  const failed = '✗';
  const defaultStatistics = ['avg', 'min', 'med', 'max', 'p(90)', 'p(95)'];

  // Values for humans.

  const trimmed = (number, digits) => `${Number(number.toFixed(digits))}`;

  function humanizeBytes(bytes) {
    const units = ['B', 'kB', 'MB', 'GB', 'TB', 'PB', 'EB'];
    if (!(bytes >= 10)) return `${trimmed(bytes ?? 0, 2)} B`;
    let exponent = Math.min(Math.floor(Math.log10(bytes) / 3), units.length - 1);
    let value = Math.round((bytes / 1000 ** exponent) * 10) / 10;
    if (value >= 1000 && exponent < units.length - 1) {
      exponent++;
      value /= 1000;
    }
    return `${value.toFixed(value < 10 ? 1 : 0)} ${units[exponent]}`;
  }

  const fixedUnits = { s: ['s', 0.001], ms: ['ms', 1], us: ['µs', 1000] };

  function humanizeDuration(milliseconds, timeUnit = null) {
    if (timeUnit && Object.hasOwn(fixedUnits, timeUnit)) {
      const [unit, factor] = fixedUnits[timeUnit];
      return `${(milliseconds * factor).toFixed(2)}${unit}`;
    }
    if (milliseconds === 0) return '0s';
    if (milliseconds < 0.001) return `${Math.trunc(milliseconds * 1e6)}ns`;
    if (milliseconds < 1) return `${trimmed(Math.trunc(milliseconds * 1e5) / 100, 2)}µs`;
    if (milliseconds < 1000) return `${trimmed(Math.trunc(milliseconds * 100) / 100, 2)}ms`;
    if (milliseconds < 60000) return `${trimmed(Math.trunc(milliseconds / 10) / 100, 2)}s`;
    const seconds = Math.round(milliseconds / 1000);
    const minutes = Math.floor(seconds / 60);
    const rest = `${minutes % 60}m${seconds % 60}s`;
    return minutes >= 60 ? `${Math.floor(minutes / 60)}h${rest}` : rest;
  }

  const percent = (rate) => `${(Math.trunc(rate * 10000) / 100).toFixed(2)}%`;

  function humanizeValue(value, metric, timeUnit = null) {
    if (metric.type === 'rate') return percent(value ?? 0);
    if (metric.contains === 'data') return humanizeBytes(value);
    if (metric.contains === 'time') return humanizeDuration(value, timeUnit);
    return trimmed(value ?? 0, 6);
  }

  /** What stands behind a metric that is no trend: the main value and what explains it. */
  function plainValues(metric, timeUnit) {
    const { values } = metric;
    const show = (value) => humanizeValue(value, metric, timeUnit);
    if (metric.type === 'counter') return [show(values.count), `${show(values.rate)}/s`];
    if (metric.type === 'rate') {
      const passes = values.passes ?? 0;
      return [show(values.rate), `${passes} out of ${passes + (values.fails ?? 0)}`];
    }
    const range = ['min', 'max'].filter((key) => key in values);
    return [show(values.value), range.map((key) => `${key}=${show(values[key])}`).join(' ')];
  }

  // The text.

  class Writer {
    lines = [];

    constructor(data, options) {
      this.data = data;
      this.indent = options.indent ?? ' ';
      this.timeUnit = options.summaryTimeUnit ?? data.options?.summaryTimeUnit ?? null;
      this.statistics =
        options.summaryTrendStats ?? data.options?.summaryTrendStats ?? defaultStatistics;
      this.hasColors = options.enableColors ?? !data.options?.noColor;
    }

    color(text, name) {
      return this.hasColors && text !== '' ? `\x1b[${colors[name]}m${text}\x1b[0m` : text;
    }

    line(text = '', depth = 0) {
      this.lines.push(text === '' ? '' : this.indent + ' '.repeat(1 + depth * 2) + text);
    }

    title(text, depth = 0) {
      this.line(this.color(`█ ${text}`, 'bold'), depth);
      this.line();
    }

    mark(isGood) {
      return isGood ? this.color(succeeded, 'green') : this.color(failed, 'red');
    }

    dots(name, width) {
      return name + this.color(`${'.'.repeat(Math.max(width - name.length, 0) + 3)}:`, 'faint');
    }

    /** What a metric has to show: its name, and its statistics or its value and detail. */
    row([name, metric]) {
      const sub = /^[^{]*\{(.*)\}$/.exec(name);
      const shown = sub === null ? name : `  { ${sub[1]} }`;
      const isTrend = metric.type === 'trend';
      const cells = isTrend
        ? this.statistics.map((key) => [
          `${key}=`, humanizeValue(metric.values[key] ?? 0, metric, this.timeUnit)])
        : plainValues(metric, this.timeUnit);
      return { shown, isTrend, cells };
    }

    /** How wide the columns must be for all of the rows. */
    widths(rows) {
      const widest = (texts) => Math.max(0, ...texts.map((text) => text.length));
      const trends = rows.filter((row) => row.isTrend);
      return {
        name: widest(rows.map((row) => row.shown)),
        main: widest(rows.filter((row) => !row.isTrend).map((row) => row.cells[0])),
        statistics: this.statistics.map((_, i) =>
          widest(trends.map((row) => row.cells[i].join('')))),
      };
    }

    metric({ shown, isTrend, cells }, widths) {
      const text = isTrend
        ? cells.map(([key, value], i) =>
          key + this.color(value, 'cyan') +
          ' '.repeat(widths.statistics[i] - key.length - value.length)).join(' ')
        : `${this.color(cells[0], 'cyan')}${' '.repeat(widths.main - cells[0].length)} ` +
          this.color(cells[1], 'cyan');
      this.line(`${this.dots(shown, widths.name)} ${text}`.trimEnd(), 1);
    }
  }

  const byName = ([a], [b]) => (a < b ? -1 : 1);

  /** `p(95)<500` is about the statistic `p(95)`. */
  const statisticOf = (source) => /^\s*([a-z]+(\([\d.]+\))?)/.exec(source)?.[1] ?? '';

  function writeThresholds(writer) {
    const entries = Object.entries(writer.data.metrics)
      .filter(([, metric]) => Object.keys(metric.thresholds ?? {}).length > 0);
    if (entries.length === 0) return;
    writer.title('THRESHOLDS');
    for (const [name, metric] of entries.sort(byName)) {
      // A part of a metric stands below the whole, indented, when that has thresholds, too.
      const whole = name.split('{')[0];
      const isPart = whole !== name && entries.some(([other]) => other === whole);
      const depth = isPart ? 2 : 1;
      writer.line(isPart ? name.slice(whole.length) : name, depth);
      for (const [source, { ok }] of Object.entries(metric.thresholds)) {
        const key = statisticOf(source);
        const isKnown = Object.hasOwn(metric.values, key);
        const value = isKnown ? humanizeValue(metric.values[key], metric, writer.timeUnit) : '';
        const shown = isKnown ? ` ${key}=${writer.color(value, 'cyan')}` : '';
        writer.line(`${writer.mark(ok)} '${source}'${shown}`, depth);
      }
      writer.line();
    }
    writer.line();
  }

  /** k6 hands on groups and checks as arrays; older versions did so as objects by name. */
  const members = (list) => (Array.isArray(list) ? list : Object.values(list ?? {}));

  function writeChecks(writer, group, depth) {
    for (const check of members(group.checks)) {
      writer.line(`${writer.mark(check.fails === 0)} ${check.name}`, depth);
      if (check.fails === 0) continue;
      const share = Math.floor((100 * check.passes) / (check.passes + check.fails));
      const counts = `${succeeded} ${check.passes} / ${failed} ${check.fails}`;
      writer.line(writer.color(`  ↳  ${share}% — ${counts}`, 'red'), depth);
    }
    if (members(group.checks).length > 0) writer.line();
    for (const inner of members(group.groups)) {
      if (!hasChecks(inner)) continue;
      writer.title(inner.name, depth);
      writeChecks(writer, inner, depth + 1);
    }
  }

  const hasChecks = (group) =>
    members(group.checks).length > 0 || members(group.groups).some(hasChecks);

  function writeCheckTotals(writer) {
    const { checks } = writer.data.metrics;
    if (!checks) return;
    const { passes = 0, fails = 0 } = checks.values;
    const total = passes + fails;
    const seconds = (writer.data.state?.testRunDurationMs ?? 0) / 1000;
    const share = (count) => percent(total === 0 ? 0 : count / total);
    const rows = [
      ['checks_total', `${total}`, `${trimmed(seconds > 0 ? total / seconds : 0, 6)}/s`],
      ['checks_succeeded', share(passes), `${passes} out of ${total}`],
      ['checks_failed', share(fails), `${fails} out of ${total}`],
    ];
    const width = Math.max(...rows.map((row) => row[1].length));
    for (const [name, value, detail] of rows) {
      const cells = writer.color(value.padEnd(width), 'cyan') + ` ${writer.color(detail, 'cyan')}`;
      writer.line(`${writer.dots(name, 'checks_succeeded'.length)} ${cells}`, 1);
    }
    writer.line();
    const root = writer.data.root_group;
    if (root) writeChecks(writer, root, 1);
  }

  /** The sections in their order; the first that takes a metric has it. */
  const sections = [
    ['HTTP', (name) => name.startsWith('http_')],
    ['EXECUTION', (name) =>
      /^(iterations|iteration_duration|vus|vus_max|dropped_iterations|group_duration)$/.test(name)],
    ['NETWORK', (name) => /^data_(sent|received)$/.test(name)],
    ['WEBSOCKET', (name) => name.startsWith('ws_')],
    ['GRPC', (name) => name.startsWith('grpc_')],
    ['CUSTOM', () => true],
  ];

  function writeMetrics(writer) {
    const groups = new Map([['CUSTOM', []]]);
    for (const [title] of sections) if (!groups.has(title)) groups.set(title, []);
    for (const entry of Object.entries(writer.data.metrics).sort(byName)) {
      const name = entry[0].split('{')[0];
      if (name === 'checks' && entry[0] === name) continue;
      groups.get(sections.find(([, takes]) => takes(name))[0]).push(entry);
    }
    const tables = [...groups].map(([title, entries]) =>
      [title, entries.map((entry) => writer.row(entry))]);
    const widths = writer.widths(tables.flatMap(([, rows]) => rows));
    for (const [title, rows] of tables) {
      if (rows.length === 0) continue;
      writer.line(writer.color(title, 'bold'), 1);
      for (const row of rows) writer.metric(row, widths);
      writer.line();
    }
  }

  function textSummary(data, options = {}) {
    const writer = new Writer(data, options ?? {});
    writeThresholds(writer);
    writer.title('TOTAL RESULTS');
    writeCheckTotals(writer);
    writeMetrics(writer);
    while (writer.lines.at(-1) === '') writer.lines.pop();
    return `${writer.lines.join('\n')}\n`;
  }

  // JUnit.

  const entities = { '<': '&lt;', '>': '&gt;', '&': '&amp;', '"': '&quot;', "'": '&apos;' };
  const escapeXML = (text) => `${text}`.replace(/[<>&"']/g, (found) => entities[found]);

  /** Every threshold as a test case. */
  function jUnit(data, options = {}) {
    const name = escapeXML(options?.name || 'k6 thresholds');
    const classname = escapeXML(options?.classname || 'Unnamed folder');
    const cases = [];
    let failures = 0;
    for (const [metricName, metric] of Object.entries(data.metrics)) {
      for (const [source, { ok }] of Object.entries(metric.thresholds ?? {})) {
        const title = escapeXML(`${metricName} - ${source}`);
        const head = `<testcase name="${title}" classname="${classname}"`;
        if (!ok) failures++;
        const values = Object.entries(metric.values).map(([key, value]) => `${key}: ${value}`);
        const message = escapeXML(`the threshold failed with ${values.join(', ')}`);
        cases.push(ok ? `${head} />` : `${head}><failure message="${message}" /></testcase>`);
      }
    }
    const counts = `tests="${cases.length}" failures="${failures}"`;
    return `<?xml version="1.0"?>\n<testsuites ${counts}>\n<testsuite name="${name}" ${counts}>\n` +
      `${cases.join('\n')}\n</testsuite>\n</testsuites>`;
  }

  const exported = Object.freeze({
    textSummary, humanizeValue, humanizeBytes, humanizeDuration, jUnit,
  });
  define('jslib/k6-summary', () => exported);
})
