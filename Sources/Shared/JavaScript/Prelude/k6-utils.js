// jslib k6-utils: small helpers of k6 scripts. The stage helpers ask k6/execution. And jslib url.
(function (define, globals, host, realm) {
  'use strict';

  const uuidv4 = () => globals.crypto.randomUUID();

  /** A whole number from `min` to `max`, both included. */
  const randomIntBetween = (min, max) => Math.floor(Math.random() * (max - min + 1) + min);

  const randomItem = (items) => items[Math.floor(Math.random() * items.length)];

  function randomString(length, charset = 'abcdefghijklmnopqrstuvwxyz') {
    let text = '';
    for (let i = 0; i < length; i++) text += charset[Math.floor(Math.random() * charset.length)];
    return text;
  }

  /** The text between `left` and `right`, or `null`; with `repeat`, all of them as an array. */
  function findBetween(content, left, right, repeat = false) {
    const found = [];
    let start = content.indexOf(left);
    while (start >= 0) {
      start += left.length;
      const end = content.indexOf(right, start);
      if (end < 0) break;
      found.push(content.slice(start, end));
      if (!repeat) break;
      start = content.indexOf(left, end + right.length);
    }
    return repeat ? found : found[0] ?? null;
  }

  /**
   * Stages whose targets follow a bell curve from -2σ to 2σ with its peak at `maxVUs`. The curve
   * takes two thirds of the time, one sixth leads to it and one sixth away from it.
   */
  function normalDistributionStages(maxVUs, durationSeconds, numberOfStages = 10) {
    const stages = [];
    const edge = Math.ceil(durationSeconds / 6);
    const inner = Math.ceil((4 * durationSeconds) / (6 * numberOfStages));
    const heightAt = (index) => Math.exp(-((4 * index / numberOfStages - 2) ** 2) / 2);
    let peak = 0;
    for (let i = 0; i <= numberOfStages; i++) peak = Math.max(peak, heightAt(i));
    for (let i = 0; i <= numberOfStages; i++) {
      stages.push({
        duration: `${i === 0 ? edge : inner}s`, target: Math.round((maxVUs * heightAt(i)) / peak),
      });
    }
    stages.push({ duration: `${edge}s`, target: 0 });
    return stages;
  }

  const unitMilliseconds = {
    d: 86400000, h: 3600000, m: 60000, s: 1000, ms: 1, us: 1e-3, 'µs': 1e-3, ns: 1e-6,
  };

  /** Milliseconds of a duration as k6 writes them: `1m30s`, `500ms`, `1.5h`, or a number. */
  function parseDuration(duration) {
    if (typeof duration === 'number') return duration;
    const text = `${duration ?? ''}`.trim();
    if (/^\d+(\.\d+)?$/.test(text)) return Number(text);
    let sum = 0;
    const rest = text.replace(/(\d+\.?\d*|\.\d+)(d|h|ms|us|µs|ns|m|s)/g, (_, number, unit) => {
      sum += Number(number) * unitMilliseconds[unit];
      return '';
    });
    if (rest !== '' || text === '') {
      throw new Error(`'${duration}' is not a duration, such as 1m30s`);
    }
    return sum;
  }

  function stagesOf(execution) {
    const name = execution?.scenario?.name;
    const scenario = execution?.test?.options?.scenarios?.[name];
    const stages = scenario?.stages ?? execution?.test?.options?.stages;
    if (!Array.isArray(stages) || stages.length === 0) {
      throw new Error(`the scenario '${name}' has no stages, so there is no current stage`);
    }
    return stages;
  }

  function currentStageIndex(execution) {
    const stages = stagesOf(execution);
    const elapsed = Date.now() - execution.scenario.startTime;
    let end = 0;
    for (let i = 0; i < stages.length; i++) {
      end += parseDuration(stages[i].duration);
      if (elapsed < end) return i;
    }
    return stages.length - 1;
  }

  function currentStageProfile(execution) {
    const stages = stagesOf(execution);
    const index = currentStageIndex(execution);
    if (index === 0) return 'ramp-up';
    const change = stages[index].target - stages[index - 1].target;
    return change > 0 ? 'ramp-up' : change < 0 ? 'ramp-down' : 'steady';
  }

  define('jslib/k6-utils', () => {
    const execution = () => realm.require('k6/execution');
    const setTag = (name, value) => {
      execution().vu.metrics.tags[name] = value;
    };
    return {
      // It waits for predicates that are asynchronous, like the one of k6 here.
      check: globals.check,
      uuidv4, randomIntBetween, randomItem, randomString, findBetween, normalDistributionStages,
      parseDuration,
      getCurrentStageIndex: () => currentStageIndex(execution()),
      tagWithCurrentStageIndex: () => setTag('stage', `${currentStageIndex(execution())}`),
      tagWithCurrentStageProfile: () =>
        setTag('stage_profile', currentStageProfile(execution())),
    };
  });

  define('jslib/url', () => ({
    URL: globals.URL, URLSearchParams: globals.URLSearchParams,
  }));
})
