// What scripts of Throng see, for editors: completion, types and what each name does.
//
//     /// <reference path="./throng.d.ts" />
//
// as the first line of a script makes it known; `// @ts-check` below it has mistakes underlined.
// Seconds are what `sleep` and `durationSecs` take; all other times are milliseconds.

/// <reference no-default-lib="true" />
/// <reference lib="esnext" />

// MARK: what the web's standards have

interface Console {
  /** To the test's log, as `log.info`. */
  log(...values: any[]): void;
  info(...values: any[]): void;
  debug(...values: any[]): void;
  warn(...values: any[]): void;
  error(...values: any[]): void;
  trace(...values: any[]): void;
  /** Logs when `condition` does not hold. */
  assert(condition?: boolean, ...values: any[]): void;
  time(name?: string): void;
  /** Logs the milliseconds since `time(name)`. */
  timeEnd(name?: string): void;
}
declare var console: Console;

/** Calls `callback` after `delay` ms. The iteration goes on until its timers are through. */
declare function setTimeout(
  callback: (...values: any[]) => void, delay?: number, ...values: any[]): any;
/** Calls `callback` every `delay` ms. An iteration with an interval ends once that is cleared. */
declare function setInterval(
  callback: (...values: any[]) => void, delay?: number, ...values: any[]): any;
declare function clearTimeout(timer: any): void;
declare function clearInterval(timer: any): void;

/** Text of base64. @throws DOMException when it is none. */
declare function atob(data: string): string;
/** Base64 of a text whose characters are bytes. @throws DOMException when they are not. */
declare function btoa(data: string): string;
declare function structuredClone<T = any>(value: T, options?: { transfer?: any[] }): T;

interface URLSearchParams extends throng.web.URLSearchParams {}
declare var URLSearchParams: typeof globalThis extends { onmessage: any; URLSearchParams: infer T }
  ? T : typeof throng.web.URLSearchParams;
interface URL extends throng.web.URL {}
declare var URL: typeof globalThis extends { onmessage: any; URL: infer T }
  ? T : typeof throng.web.URL;
interface TextEncoder extends throng.web.TextEncoder {}
declare var TextEncoder: typeof globalThis extends { onmessage: any; TextEncoder: infer T }
  ? T : typeof throng.web.TextEncoder;
interface TextDecoder extends throng.web.TextDecoder {}
declare var TextDecoder: typeof globalThis extends { onmessage: any; TextDecoder: infer T }
  ? T : typeof throng.web.TextDecoder;
declare var DOMException: typeof globalThis extends { onmessage: any; DOMException: infer T }
  ? T : typeof throng.web.DOMException;
declare var crypto: typeof globalThis extends { onmessage: any; crypto: infer T }
  ? T : throng.web.Crypto;
declare var performance: typeof globalThis extends { onmessage: any; performance: infer T }
  ? T : throng.web.Performance;

declare namespace throng.web {
  class URLSearchParams {
    constructor(
      init?: string | URLSearchParams | Record<string, string> | Iterable<[string, string]>);
    readonly size: number;
    append(name: string, value: string): void;
    delete(name: string, value?: string): void;
    get(name: string): string | null;
    getAll(name: string): string[];
    has(name: string, value?: string): boolean;
    set(name: string, value: string): void;
    sort(): void;
    forEach(callback: (value: string, name: string, parent: URLSearchParams) => void): void;
    entries(): IterableIterator<[string, string]>;
    keys(): IterableIterator<string>;
    values(): IterableIterator<string>;
    toString(): string;
    [Symbol.iterator](): IterableIterator<[string, string]>;
  }
  class URL {
    /** @throws TypeError when it is no URL. */
    constructor(url: string | URL, base?: string | URL);
    static canParse(url: string | URL, base?: string | URL): boolean;
    static parse(url: string | URL, base?: string | URL): URL | null;
    href: string;
    readonly origin: string;
    protocol: string;
    username: string;
    password: string;
    host: string;
    hostname: string;
    port: string;
    pathname: string;
    search: string;
    hash: string;
    readonly searchParams: URLSearchParams;
    toString(): string;
    toJSON(): string;
  }
  class TextEncoder {
    readonly encoding: string;
    encode(text?: string): Uint8Array;
  }
  class TextDecoder {
    constructor(label?: string, options?: { fatal?: boolean; ignoreBOM?: boolean });
    readonly encoding: string;
    readonly fatal: boolean;
    readonly ignoreBOM: boolean;
    decode(bytes?: ArrayBuffer | ArrayBufferView, options?: { stream?: boolean }): string;
  }
  class DOMException extends Error {
    constructor(message?: string, name?: string);
    readonly code: number;
  }
  interface Crypto {
    /** Fills an array of integers, at most 65,536 bytes. */
    getRandomValues<T extends ArrayBufferView>(array: T): T;
    randomUUID(): string;
    readonly subtle: {
      digest(
        algorithm: 'SHA-1' | 'SHA-256' | 'SHA-384' | 'SHA-512' | { name: string },
        data: ArrayBuffer | ArrayBufferView): Promise<ArrayBuffer>;
    };
  }
  interface Performance {
    readonly timeOrigin: number;
    /** Milliseconds with a fraction since `timeOrigin`; never goes back. */
    now(): number;
  }
}

// MARK: requests

declare namespace throng {
  /** A URL, or what `http.url` makes of a template. */
  type Address = string | URL | { isTemplate: true; url: string; name: string };

  interface File {
    data: string | ArrayBuffer | ArrayBufferView;
    filename: string;
    content_type: string;
  }

  /**
   * Text and bytes are sent as they are. An object is sent as a form; when it has a file, as
   * `multipart/form-data`.
   */
  type Body = string | ArrayBuffer | ArrayBufferView | URLSearchParams | object | null;

  interface Params<T extends string = 'text'> {
    headers?: Record<string, string | number | undefined | null>;
    /** Names and values that thresholds can select by; `name` is the resource's name. */
    tags?: Record<string, string | number | boolean>;
    /** What the request is listed as; by default method and URL. */
    name?: string;
    /** Cookies of this request alone: beside those of the jar, or instead of one of the name. */
    cookies?: Record<string, string | { value: string; replace?: boolean }>;
    /** Milliseconds, or a text such as `'30s'`. */
    timeout?: number | string;
    /** How many redirects are followed; 0 for none. */
    redirects?: number;
    /** What `body` will be: `text` (the standard), `binary` (an ArrayBuffer) or `none`. */
    responseType?: T;
    /** User and password stand in the URL. */
    auth?: 'basic' | 'digest' | 'ntlm';
    /** Codings of the body, applied in turn: `gzip`, `deflate`, `br`, `zstd`. */
    compression?: string;
    /** Whether a request without response throws, instead of answering with `error` set. */
    throw?: boolean;
    /** Which statuses are no failure, as `http.expectedStatuses` makes it; null for all. */
    responseCallback?: ExpectedStatuses | null;
    /** Used instead of the client's own, also for what the response sets. */
    jar?: CookieJar;
  }

  interface ExpectedStatuses { ranges: number[] }

  interface Cookie {
    name: string;
    value: string;
    domain: string;
    path: string;
    http_only: boolean;
    secure: boolean;
    max_age: number;
    /** Milliseconds since 1970, 0 without. */
    expires: number;
  }

  interface CookieOptions {
    domain?: string;
    path?: string;
    expires?: string;
    /** Seconds. */
    max_age?: number;
    secure?: boolean;
    http_only?: boolean;
  }

  class CookieJar {
    /** @throws TypeError when `expires` is no date. */
    set(url: string, name: string, value: string, options?: CookieOptions): boolean;
    cookiesForURL(url: string): Record<string, string[]>;
    clear(url: string): void;
    delete(url: string, name: string): void;
  }

  /** Milliseconds. */
  interface Timings {
    /** From sending to the last byte. */
    duration: number;
    blocked: number;
    looking_up: number;
    connecting: number;
    tls_handshaking: number;
    sending: number;
    /** Until the first byte. */
    waiting: number;
    receiving: number;
  }

  interface SentRequest {
    method: string;
    url: string;
    headers: Record<string, string[]>;
    /** Before it was compressed; '' without one. */
    body: string;
    cookies: Record<string, { name: string; value: string; replace: boolean }[]>;
  }

  /** What the server has its certificate authority say of its certificate. Times are seconds. */
  interface OCSP {
    /** `good`, `revoked`, or `unknown` when it says nothing; '' without TLS. */
    status: string;
    produced_at: number;
    this_update: number;
    next_update: number;
    revoked_at: number;
    revocation_reason: string;
  }

  type BodyOf<T extends string> =
    T extends 'binary' ? ArrayBuffer : T extends 'none' ? null : string;

  interface ResponseParts<T extends string> {
    /** 0 when there is no response: then `error` says why. */
    status: number;
    status_text: string;
    /** Where the response came from, after redirects. */
    url: string;
    /** By names such as `Content-Type`. */
    headers: Record<string, string>;
    cookies: Record<string, Cookie[]>;
    body: BodyOf<T>;
    /** Why there is no response, '' when there is one. */
    error: string;
    /** k6's number of that reason, 0 without. */
    error_code: number;
    timings: Timings;
    proto: string;
    remote_ip: string;
    remote_port: number;
    /** Such as `tls1.3`; '' without TLS. */
    tls_version: string;
    /** IANA's name; '' without TLS. */
    tls_cipher_suite: string;
    ocsp: OCSP;
    request: SentRequest;
    /** Whether the status is 200 to 299. */
    readonly ok: boolean;
    text(): string;
    /**
     * The body as JSON, or what a path such as `items.0.id` or `items.#.id` selects in it.
     *
     * @throws SyntaxError when it is no JSON, Error when there is no body.
     */
    json(path?: string): any;
    /** The page, or what a CSS selector selects in it. */
    html(selector?: string): Selection;
  }

  interface FormOptions {
    /** `form` by default. */
    formSelector?: string;
    /** `[type="submit"]` by default: its name and value are sent, too. */
    submitSelector?: string;
    /** In place of what the page has in its fields. */
    fields?: object;
    params?: Params;
  }
  interface LinkOptions {
    /** `a[href]` by default. */
    selector?: string;
    params?: Params;
  }

  /** Of `http` in asynchronous scripts. */
  interface Response<T extends string = 'text'> extends ResponseParts<T> {
    submitForm(options?: FormOptions): Promise<Response>;
    clickLink(options?: LinkOptions): Promise<Response>;
  }

  /** Of `k6/http`, where requests look synchronous. */
  interface K6Response<T extends string = 'text'> extends ResponseParts<T> {
    submitForm(options?: FormOptions): K6Response;
    clickLink(options?: LinkOptions): K6Response;
  }

  /** A URL, `[method, url, body, params]`, or an object of these. */
  type BatchEntry = Address | any[]
    | { method?: string; url: Address; body?: Body; params?: Params<any> | null };

  interface HTTPParts {
    /** A file as a value of a form. */
    file(data: string | ArrayBuffer | ArrayBufferView, filename?: string, type?: string): File;
    /** http.url`https://host/items/${id}`: all ids are one resource. */
    url(strings: TemplateStringsArray, ...values: any[]): Address;
    /** Statuses, and ranges of them, that are no failure. */
    expectedStatuses(...wanted: (number | { min: number; max: number })[]): ExpectedStatuses;
    /** Which statuses are no failure for all requests of this client; null for all. */
    setResponseCallback(callback: ExpectedStatuses | null): void;
    /** The client's own cookies. */
    cookieJar(): CookieJar;
    CookieJar: typeof CookieJar;
    /** k6's words for what responses say of TLS, such as `TLS_1_3`. */
    readonly [name: `TLS_${string}` | `OCSP_${string}`]: string;
  }

  /**
   * Requests as promises. A promise is fulfilled whatever the status; without a response it has
   * status 0 and `error`.
   */
  interface HTTP extends HTTPParts {
    get<T extends string = 'text'>(url: Address, params?: Params<T> | null): Promise<Response<T>>;
    head<T extends string = 'text'>(url: Address, params?: Params<T> | null): Promise<Response<T>>;
    post<T extends string = 'text'>(
      url: Address, body?: Body, params?: Params<T> | null): Promise<Response<T>>;
    put<T extends string = 'text'>(
      url: Address, body?: Body, params?: Params<T> | null): Promise<Response<T>>;
    patch<T extends string = 'text'>(
      url: Address, body?: Body, params?: Params<T> | null): Promise<Response<T>>;
    del<T extends string = 'text'>(
      url: Address, body?: Body, params?: Params<T> | null): Promise<Response<T>>;
    options<T extends string = 'text'>(
      url: Address, body?: Body, params?: Params<T> | null): Promise<Response<T>>;
    request<T extends string = 'text'>(
      method: string, url: Address, body?: Body, params?: Params<T> | null): Promise<Response<T>>;
    /** Many requests at a time, 20 at most; the responses are in the places of the requests. */
    batch(requests: BatchEntry[]): Promise<Response[]>;
    batch<K extends string>(requests: Record<K, BatchEntry>): Promise<Record<K, Response>>;
  }

  /** The same with responses instead of promises: the compiler makes them wait. */
  interface K6HTTP extends HTTPParts {
    get<T extends string = 'text'>(url: Address, params?: Params<T> | null): K6Response<T>;
    head<T extends string = 'text'>(url: Address, params?: Params<T> | null): K6Response<T>;
    post<T extends string = 'text'>(
      url: Address, body?: Body, params?: Params<T> | null): K6Response<T>;
    put<T extends string = 'text'>(
      url: Address, body?: Body, params?: Params<T> | null): K6Response<T>;
    patch<T extends string = 'text'>(
      url: Address, body?: Body, params?: Params<T> | null): K6Response<T>;
    del<T extends string = 'text'>(
      url: Address, body?: Body, params?: Params<T> | null): K6Response<T>;
    options<T extends string = 'text'>(
      url: Address, body?: Body, params?: Params<T> | null): K6Response<T>;
    request<T extends string = 'text'>(
      method: string, url: Address, body?: Body, params?: Params<T> | null): K6Response<T>;
    asyncRequest<T extends string = 'text'>(
      method: string, url: Address, body?: Body, params?: Params<T> | null): Promise<K6Response<T>>;
    batch(requests: BatchEntry[]): K6Response[];
    batch<K extends string>(requests: Record<K, BatchEntry>): Record<K, K6Response>;
  }

  type Predicate<V> = ((value: V) => any) | any;
}

/** Requests as promises: `const res = await http.get(url)`. */
declare const http: throng.HTTP;

// MARK: checks, groups, suites

/**
 * Counts, per name, whether `value` passes. All predicates are asked, also after one failed.
 *
 * @returns whether all passed; a promise of that when a predicate gave one.
 */
declare function check<V>(
  value: V, tests: Record<string, (value: V) => Promise<any>>,
  tags?: object): boolean | Promise<boolean>;
declare function check<V>(
  value: V, tests: Record<string, throng.Predicate<V>>, tags?: object): boolean;

/** Runs `body`; its checks carry the name, and `group_duration` takes its time, ms. */
declare function group<T>(name: string, body: () => T): T;

/** Ends the iteration as failed. */
declare function fail(message?: string): never;

/** Pauses the client for so many seconds. */
declare function sleep(seconds: number): Promise<void>;

/**
 * A suite: `body` names tests and hooks, which then run in order; each becomes a suite result.
 * The iteration does not end before they have run.
 */
declare function describe(name: string, body: () => any): any;
/** A test of a suite; it fails by throwing. */
declare function it(name: string, body: () => any): void;
/** Runs once before the tests of the suite. */
declare function before(body: () => any): void;
/** Runs once after the tests of the suite. */
declare function after(body: () => any): void;
/** Runs before each test of the suite, and of the suites in it. */
declare function beforeEach(body: () => any): void;
/** Runs after each test, also after one that failed. */
declare function afterEach(body: () => any): void;

// MARK: metrics

declare namespace throng {
  interface MetricOptions {
    /** 1 to 255 characters, without `-` and `__`. */
    name: string;
    /** `User` by default; `Testable` is reserved. */
    namespace?: string;
    /** What is added, measured or, for a histogram, counted; 1 by default. */
    val?: number | string;
    value?: number | string;
    /** The key that a histogram counts. */
    key?: string;
    units?: string;
  }

  type Recorder = {
    (name: string, value?: number, units?: string): void;
    (options: MetricOptions): void;
  };

  /** @throws TypeError when the name breaks the rules or the value is no number. */
  interface Metrics {
    /** A sum over all clients. */
    counter: Recorder;
    /** Durations, ms: count, mean, percentiles. */
    timing: Recorder;
    /** How often each key came. */
    histogram: { (name: string, key: string | number): void; (options: MetricOptions): void };
    /** A value that goes up and down. */
    metered: Recorder;
  }

  interface Results extends Metrics {
    /** The same metrics, of one resource. */
    (resource?: string | { resource: string }): Metrics;
    /** A metric's value of now, over all clients of all agents; undefined before there is one. */
    get(name: string, namespace?: string): Promise<any>;
    get(options: { name: string; namespace?: string; resource?: string }): Promise<any>;
    /**
     * Waits until a metric of all clients has reached `value`.
     *
     * @throws Error when `timeout`, in ms or as `'30s'`, is over before.
     */
    waitForValue(options: {
      name: string; value: number; namespace?: string; resource?: string; statistic?: string;
      timeout?: number | string; intervalMs?: number;
    }): Promise<number>;
    /** Waits until every running client of every agent has come to the barrier of that name. */
    barrier(name?: string): Promise<void>;
  }
}

/** Metrics of the script's own, merged over all clients of all agents. */
declare const results: throng.Results;

/** Runs `body` and records its time, ms, as the timing `name`. */
declare function stopwatch<T>(
  body: () => T | Promise<T>, name?: string, resource?: string): Promise<T>;
/** Starts a stopwatch; both members answer the milliseconds so far. */
declare function stopwatch(
  body?: null, name?: string, resource?: string): { stop(): number; elapsed(): number };

// MARK: logs, events, data, files

/** The test's log, with client and iteration. What is too much is cut, and counted. */
declare const log: {
  trace(...values: any[]): void;
  debug(...values: any[]): void;
  info(...values: any[]): void;
  warn(...values: any[]): void;
  error(...values: any[]): void;
  fatal(...values: any[]): void;
};

declare const events: {
  /** Calls `handler` for every event of that name that the test is sent; one handler per name. */
  on(name: string, handler: (contents: any, event: { name: string }) => any): void;
  off(name: string): void;
};

declare namespace throng {
  /** Texts by the names of the columns. */
  type Row = Record<string, string>;

  interface DataTable {
    name: string;
    /** Row `index`, from 0; undefined behind the last one. */
    get(index: number): Promise<Row | undefined>;
    random(): Promise<Row>;
    /**
     * The next row, which no other client of any agent gets.
     *
     * At the end of the table it begins anew (`recycle`, the standard), or answers undefined
     * (`stop`).
     */
    next(options?: { atEnd?: 'recycle' | 'stop' }): Promise<Row | undefined>;
    info(): Promise<{ columns: string[]; rows: number }>;
  }
}

declare const dataTable: {
  /** A CSV that was uploaded to `/data-tables` under this name. */
  open(name: string): throng.DataTable;
};

declare const output: {
  /**
   * Keeps a file with the test's results.
   *
   * @param options `compare`: the file is an image that is to look as it did before. The first of
   *   its name in a test configuration sets how that is; later ones show how many percent of their
   *   pixels differ. A name instead of `true` compares files of different names with one image.
   * @throws TypeError when `name` is a path or longer than 255 characters.
   */
  file(
    name: string, data: string | ArrayBuffer | ArrayBufferView | object, type?: string,
    options?: { compare?: boolean | string },
  ): void;
};

/** A file that was uploaded with the script; only while the script is loaded. */
declare function open(path: string): string;
declare function open(path: string, mode: 'b'): ArrayBuffer;

// MARK: who one is

declare namespace throng {
  interface VirtualUser {
    /** From 1, over all agents. */
    readonly id: number;
    /** From 0, over all agents. */
    readonly index: number;
    /** From 0, in its region. */
    readonly regionalIndex: number;
    /** From 0. */
    readonly iteration: number;
    readonly region: string;
    readonly agent: string;
    readonly execution: number;
    readonly chunk: number;
  }
}

declare const vu: throng.VirtualUser;
/** The test's `scriptParams`. */
declare const params: Record<string, any>;
/** The same as texts; `throng run -e NAME=VALUE` sets one. */
declare const env: Record<string, string>;
declare const __ENV: Record<string, string>;
/** From 1; 0 has no meaning here. */
declare const __VU: number;
/** The client's iterations so far, from 0. */
declare const __ITER: number;

// MARK: CommonJS

declare function require(name: 'throng' | 'testable-utils'): typeof import('throng');
declare function require(name: 'k6'): typeof import('k6');
declare function require(name: 'k6/http'): throng.K6HTTP;
declare function require(name: string): any;
declare var module: { exports: any };
declare var exports: any;

declare module 'throng' {
  const http_: typeof http;
  const check_: typeof check;
  const group_: typeof group;
  const fail_: typeof fail;
  const sleep_: typeof sleep;
  const describe_: typeof describe;
  const it_: typeof it;
  const before_: typeof before;
  const after_: typeof after;
  const beforeEach_: typeof beforeEach;
  const afterEach_: typeof afterEach;
  const results_: typeof results;
  const stopwatch_: typeof stopwatch;
  const log_: typeof log;
  const events_: typeof events;
  const dataTable_: typeof dataTable;
  const output_: typeof output;
  const vu_: typeof vu;
  const params_: typeof params;
  const env_: typeof env;
  export {
    http_ as http, check_ as check, group_ as group, fail_ as fail, sleep_ as sleep, describe_
    as describe, it_ as it, before_ as before, after_ as after, beforeEach_ as beforeEach,
    afterEach_ as afterEach, results_ as results, stopwatch_ as stopwatch, log_ as log, events_
    as events, dataTable_ as dataTable, output_ as output, vu_ as vu, params_ as params, env_ as
    env, vu_ as info,
  };
}
declare module 'testable-utils' {
  export * from 'throng';
}

// MARK: k6

declare namespace throng {
  /** `options` of a k6 script. Durations are texts such as `'1m30s'`, or milliseconds. */
  interface K6Options {
    vus?: number;
    duration?: string | number;
    iterations?: number;
    stages?: { duration: string | number; target: number }[];
    /** One scenario; a test for each runs several. */
    scenarios?: Record<string, K6Scenario>;
    thresholds?: Record<string, (string | {
      threshold: string; abortOnFail?: boolean; delayAbortEval?: string | number;
    })[]>;
    tags?: Record<string, string>;
    batch?: number;
    batchPerHost?: number;
    discardResponseBodies?: boolean;
    insecureSkipTLSVerify?: boolean;
    maxRedirects?: number;
    noConnectionReuse?: boolean;
    noCookiesReset?: boolean;
    noSetup?: boolean;
    noTeardown?: boolean;
    paused?: boolean;
    setupTimeout?: string | number;
    summaryTrendStats?: string[];
    teardownTimeout?: string | number;
    throw?: boolean;
    userAgent?: string;
    [name: string]: any;
  }

  interface K6Scenario {
    executor: 'constant-vus' | 'ramping-vus' | 'shared-iterations' | 'per-vu-iterations'
      | 'constant-arrival-rate' | 'ramping-arrival-rate' | string;
    /** The exported function that is an iteration. */
    exec?: string;
    env?: Record<string, string>;
    tags?: Record<string, string>;
    startTime?: string | number;
    gracefulStop?: string | number;
    vus?: number;
    duration?: string | number;
    iterations?: number;
    maxDuration?: string | number;
    startVUs?: number;
    stages?: { duration: string | number; target: number }[];
    gracefulRampDown?: string | number;
    rate?: number;
    startRate?: number;
    timeUnit?: string | number;
    preAllocatedVUs?: number;
    maxVUs?: number;
    [name: string]: any;
  }

  type Tags = Record<string, string | number | boolean>;

  /** A selection of elements, as jQuery has it. */
  interface Selection extends Iterable<Selection> {
    readonly length: number;
    size(): number;
    find(selector: string | Selection | Element): Selection;
    eq(index: number): Selection;
    first(): Selection;
    last(): Selection;
    slice(start: number, end?: number): Selection;
    get(): Element[];
    get(index: number): Element | undefined;
    toArray(): Selection[];
    each(callback: (index: number, element: Element) => any): Selection;
    map<T>(callback: (index: number, selection: Selection) => T): T[];
    filter(criterion: Criterion): Selection;
    not(criterion: Criterion): Selection;
    is(criterion: Criterion): boolean;
    has(criterion: string | Selection | Element): Selection;
    hasClass(name: string): boolean;
    index(criterion?: string | Selection | Element): number;
    children(selector?: Criterion): Selection;
    contents(): Selection;
    parent(selector?: Criterion): Selection;
    parents(selector?: Criterion): Selection;
    parentsUntil(end?: Criterion, selector?: Criterion): Selection;
    closest(selector: Criterion): Selection;
    next(selector?: Criterion): Selection;
    nextAll(selector?: Criterion): Selection;
    nextUntil(end?: Criterion, selector?: Criterion): Selection;
    prev(selector?: Criterion): Selection;
    prevAll(selector?: Criterion): Selection;
    prevUntil(end?: Criterion, selector?: Criterion): Selection;
    siblings(selector?: Criterion): Selection;
    attr(name: string, fallback?: string): string | undefined;
    text(): string;
    html(fallback?: string): string;
    val(): any;
    data(name?: string): any;
    serialize(): string;
    serializeArray(): { name: string; value: string }[];
    serializeObject(): Record<string, any>;
  }
  type Criterion = string | Selection | Element
    | ((index: number, selection: Selection) => any);

  /** One node of a page; all members are methods. */
  interface Element {
    selection(): Selection;
    nodeName(): string;
    tagName(): string;
    nodeType(): number;
    nodeValue(): string | undefined;
    id(): string;
    className(): string;
    classList(): string[];
    lang(): string;
    textContent(): string;
    innerText(): string;
    innerHTML(): string;
    outerHTML(): string;
    getAttribute(name: string): string | undefined;
    hasAttribute(name: string): boolean;
    hasAttributes(): boolean;
    attributes(): Record<string, { name: string; value: string }>;
    value(): any;
    parentNode(): Element | undefined;
    parentElement(): Element | undefined;
    childNodes(): Element[];
    children(): Element[];
    childElementCount(): number;
    hasChildNodes(): boolean;
    firstChild(): Element | undefined;
    lastChild(): Element | undefined;
    firstElementChild(): Element | undefined;
    lastElementChild(): Element | undefined;
    nextSibling(): Element | undefined;
    previousSibling(): Element | undefined;
    nextElementSibling(): Element | undefined;
    previousElementSibling(): Element | undefined;
    contains(other: Element): boolean;
    matches(selector: string): boolean;
    querySelector(selector: string): Element | undefined;
    querySelectorAll(selector: string): Element[];
    isSameNode(other: Element): boolean;
    isEqualNode(other: Element): boolean;
  }
}

declare module 'k6' {
  /** Counts, per name, whether `value` passes. All predicates are asked. */
  export function check<V>(
    value: V, tests: Record<string, throng.Predicate<V>>, tags?: object): boolean;
  /** Throws: the iteration ends as failed. */
  export function fail(message?: string): never;
  /** Runs `body`; its checks carry the name, and `group_duration` takes its time, ms. */
  export function group<T>(name: string, body: () => T): T;
  /** Pauses the client for so many seconds. */
  export function sleep(seconds: number): void;
}

declare module 'k6/options' {
  export interface Options extends throng.K6Options {}
  export interface Scenario extends throng.K6Scenario {}
}

declare module 'k6/http' {
  const http: throng.K6HTTP;
  export default http;
  export const get: throng.K6HTTP['get'];
  export const head: throng.K6HTTP['head'];
  export const post: throng.K6HTTP['post'];
  export const put: throng.K6HTTP['put'];
  export const patch: throng.K6HTTP['patch'];
  export const del: throng.K6HTTP['del'];
  export const options: throng.K6HTTP['options'];
  export const request: throng.K6HTTP['request'];
  export const asyncRequest: throng.K6HTTP['asyncRequest'];
  export const batch: throng.K6HTTP['batch'];
  export const file: throng.K6HTTP['file'];
  export const url: throng.K6HTTP['url'];
  export const expectedStatuses: throng.K6HTTP['expectedStatuses'];
  export const setResponseCallback: throng.K6HTTP['setResponseCallback'];
  export const cookieJar: throng.K6HTTP['cookieJar'];
  export import CookieJar = throng.CookieJar;
  export interface Response extends throng.K6Response {}
}

/** Made while the script is loaded; values are added in iterations. */
declare module 'k6/metrics' {
  /** @throws TypeError when the name is not 1 to 255 characters, or has `-` or `__`. */
  class Metric {
    constructor(name: string, isTime?: boolean);
    readonly name: string;
    /** @throws TypeError when `value` is no number. */
    add(value: number | boolean, tags?: throng.Tags): boolean;
  }
  /** A sum. */
  export class Counter extends Metric {}
  /** The latest value. */
  export class Gauge extends Metric {}
  /** How many values were not 0. */
  export class Rate extends Metric {}
  /** Mean and percentiles; with `isTime`, of milliseconds. */
  export class Trend extends Metric {}
}

declare module 'k6/data' {
  /** The array that `make` returns, once per engine thread, and frozen. */
  export class SharedArray<T = any> extends Array<T> {
    constructor(name: string, make: () => T[]);
  }
}

declare module 'k6/execution' {
  export const vu: {
    readonly idInInstance: number;
    /** From 1. */
    readonly idInTest: number;
    readonly iterationInInstance: number;
    readonly iterationInScenario: number;
    tags: throng.Tags;
    metrics: { tags: throng.Tags; metadata: Record<string, string> };
  };
  export const scenario: {
    readonly name: string;
    readonly executor: string;
    /** Milliseconds since 1970. */
    readonly startTime: number;
    /** From 0 to 1. */
    readonly progress: number;
    readonly iterationInInstance: number;
    readonly iterationInTest: number;
  };
  export const instance: {
    readonly iterationsCompleted: number;
    readonly iterationsInterrupted: number;
    readonly vusActive: number;
    readonly vusInitialized: number;
    /** Milliseconds. */
    readonly currentTestRunDuration: number;
  };
  export const test: {
    /** Ends the whole test, and this iteration by an exception. */
    abort(message?: string): never;
    readonly options: throng.K6Options;
  };
  const execution: {
    vu: typeof vu; scenario: typeof scenario; instance: typeof instance; test: typeof test;
  };
  export default execution;
}

declare module 'k6/encoding' {
  type Variant = 'std' | 'rawstd' | 'url' | 'rawurl';
  export function b64encode(input: string | ArrayBuffer, variant?: Variant): string;
  /** @throws Error when it is no base64. */
  export function b64decode(input: string, variant: Variant, format: 's'): string;
  export function b64decode(input: string, variant?: Variant, format?: 'b'): ArrayBuffer;
  const encoding: { b64encode: typeof b64encode; b64decode: typeof b64decode };
  export default encoding;
}

declare module 'k6/crypto' {
  type Algorithm = 'md5' | 'sha1' | 'sha256' | 'sha384' | 'sha512' | 'sha512_224' | 'sha512_256'
    | 'ripemd160';
  type Input = string | ArrayBuffer | ArrayBufferView;
  type Encoding = 'hex' | 'base64' | 'base64url' | 'base64rawurl' | 'binary';
  interface Hasher {
    update(input: Input): Hasher;
    digest(encoding: 'binary'): ArrayBuffer;
    digest(encoding?: Encoding): string;
  }
  interface Digest {
    (input: Input, encoding: 'binary'): ArrayBuffer;
    (input: Input, encoding?: Encoding): string;
  }
  export function createHash(algorithm: Algorithm): Hasher;
  export function createHMAC(algorithm: Algorithm, secret: Input): Hasher;
  export function hmac(
    algorithm: Algorithm, secret: Input, input: Input, encoding?: Encoding): string;
  export function hexEncode(input: Input): string;
  export function randomBytes(size: number): ArrayBuffer;
  export const md5: Digest;
  export const sha1: Digest;
  export const sha256: Digest;
  export const sha384: Digest;
  export const sha512: Digest;
  export const sha512_224: Digest;
  export const sha512_256: Digest;
  export const ripemd160: Digest;
  const crypto: {
    createHash: typeof createHash; createHMAC: typeof createHMAC; hmac: typeof hmac;
    hexEncode: typeof hexEncode; randomBytes: typeof randomBytes; md5: Digest; sha1: Digest;
    sha256: Digest; sha384: Digest; sha512: Digest; sha512_224: Digest; sha512_256: Digest;
    ripemd160: Digest;
  };
  export default crypto;
}

declare module 'k6/html' {
  export function parseHTML(source: string): throng.Selection;
}

declare module 'k6/timers' {
  const setTimeout_: typeof setTimeout;
  const setInterval_: typeof setInterval;
  const clearTimeout_: typeof clearTimeout;
  const clearInterval_: typeof clearInterval;
  export {
    setTimeout_ as setTimeout, setInterval_ as setInterval, clearTimeout_ as clearTimeout,
    clearInterval_ as clearInterval,
  };
}

// Libraries that k6 scripts import by URL. They are built in: nothing is loaded from there.

declare module 'https://jslib.k6.io/k6-utils/*' {
  export function uuidv4(secure?: boolean): string;
  /** A whole number from `min` to `max`, both included. */
  export function randomIntBetween(min: number, max: number): number;
  export function randomItem<T>(items: ArrayLike<T>): T;
  export function randomString(length: number, charset?: string): string;
  /** The text between `left` and `right`; with `repeat` all of them. */
  export function findBetween(text: string, left: string, right: string, repeat: true): string[];
  export function findBetween(text: string, left: string, right: string, repeat?: false): string;
  export function normalDistributionStages(
    maxVUs: number, durationSeconds: number, numberOfStages?: number
  ): { duration: string; target: number }[];
  export function parseDuration(duration: string | number): number;
  export function getCurrentStageIndex(): number;
  export function tagWithCurrentStageIndex(): void;
  export function tagWithCurrentStageProfile(): void;
}
declare module 'https://jslib.k6.io/k6-summary/*' {
  export function textSummary(
    data: any, options?: { indent?: string; enableColors?: boolean }): string;
  export function jUnit(data: any, options?: { name?: string; classname?: string }): string;
  export function humanizeValue(value: number, metric: any, timeUnit?: string): string;
}
declare module 'https://jslib.k6.io/url/*' {
  export import URL = throng.web.URL;
  export import URLSearchParams = throng.web.URLSearchParams;
}
declare module 'https://jslib.k6.io/formdata/*' {
  export class FormData {
    readonly boundary: string;
    readonly contentType: string;
    append(name: string, value: any, filename?: string): void;
    /** The whole body, to be sent with `contentType`. */
    body(): ArrayBuffer;
  }
}
declare module 'https://jslib.k6.io/k6chaijs/*' {
  /** Runs `body` as a group; false when an expectation in it failed. */
  export function describe(name: string, body: () => any): boolean;
  /** Chai's expectations; each counts as a check. */
  export function expect(value: any, name?: string): any;
  export const chai: any;
}
declare module 'https://jslib.k6.io/httpx/*' {
  /** Requests with a common address, headers and tags. */
  export class Httpx {
    constructor(options?: {
      baseURL?: string; headers?: object; tags?: object; timeout?: number; [name: string]: any;
    });
    setBaseUrl(url: string): void;
    setTimeout(milliseconds: number): void;
    addHeader(name: string, value: string): void;
    addHeaders(headers: object): void;
    clearHeader(name: string): void;
    addTag(name: string, value: string): void;
    addTags(tags: object): void;
    clearTag(name: string): void;
    get(url: string, body?: throng.Body, params?: throng.Params): throng.K6Response;
    post(url: string, body?: throng.Body, params?: throng.Params): throng.K6Response;
    put(url: string, body?: throng.Body, params?: throng.Params): throng.K6Response;
    patch(url: string, body?: throng.Body, params?: throng.Params): throng.K6Response;
    delete(url: string, body?: throng.Body, params?: throng.Params): throng.K6Response;
    options(url: string, body?: throng.Body, params?: throng.Params): throng.K6Response;
    head(url: string, body?: throng.Body, params?: throng.Params): throng.K6Response;
    batch(requests: throng.BatchEntry[], params?: throng.Params): throng.K6Response[];
  }
  export class Request {
    constructor(method: string, url: string, body?: throng.Body, params?: throng.Params);
  }
  export class Get extends Request {
    // @ts-ignore: it has the arguments that follow the method.
    constructor(url: string, body?: throng.Body, params?: throng.Params);
  }
  export class Post extends Get {}
  export class Put extends Get {}
  export class Patch extends Get {}
  export class Delete extends Get {}
}
declare module 'https://jslib.k6.io/papaparse/*' {
  const papaparse: {
    parse(text: string, config?: object): { data: any[]; errors: any[]; meta: any };
    unparse(rows: any, config?: object): string;
  };
  export default papaparse;
}
