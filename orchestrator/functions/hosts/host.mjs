// Runs a Node handler as AWS Lambda does: loads MODULE.FUNCTION from the code folder (CommonJS or ES module), asks the
// Runtime API for events and answers with what the handler returns, calls back or throws.
//
// Nothing but node itself, 18 or newer. Variables: AWS_LAMBDA_RUNTIME_API, _HANDLER, LAMBDA_TASK_ROOT.
// Spec: AWS Lambda Developer Guide, "Using the Lambda runtime API for custom runtimes", "Node.js context object".
import fs from 'node:fs';
import http from 'node:http';
import { createRequire } from 'node:module';
import path from 'node:path';
import { Writable } from 'node:stream';
import { pathToFileURL } from 'node:url';
import util from 'node:util';

const base = '/2018-06-01/runtime';
const [host, port] = process.env.AWS_LAMBDA_RUNTIME_API.split(':');
const agent = new http.Agent({ keepAlive: true, maxSockets: 1 });

function request(method, route, body = '', headers = {}) {
  return new Promise((resolve, reject) => {
    const length = method === 'POST' ? { 'Content-Length': Buffer.byteLength(body) } : {};
    const call = http.request({ method, host, port, agent, path: base + route, headers: { ...length, ...headers } }, (response) => {
      const pieces = [];
      response.on('data', (piece) => pieces.push(piece));
      response.on('error', reject);
      response.on('end', () => resolve({ status: response.statusCode, headers: response.headers, body: Buffer.concat(pieces).toString() }));
    });
    call.on('error', reject);
    call.end(body);
  });
}

class ImportModuleError extends Error {}
class HandlerNotFound extends Error {}
class MalformedHandlerName extends Error {}
class UserCodeSyntaxError extends Error {}
class MarshalError extends Error {}
class NodeJsExit extends Error {
  constructor() {
    super(
      'The Lambda runtime client detected an unexpected Node.js exit code. This is most commonly caused by a Promise that was never settled. ' +
        'For more information, see https://nodejs.org/docs/latest/api/process.html#exit-codes',
    );
  }
}
class UnhandledPromiseRejection extends Error {}
for (const kind of [
  ImportModuleError,
  HandlerNotFound,
  MalformedHandlerName,
  UserCodeSyntaxError,
  MarshalError,
  NodeJsExit,
  UnhandledPromiseRejection,
]) {
  Object.defineProperty(kind.prototype, 'name', { value: `Runtime.${kind.name}` });
}

function documentOf(error) {
  if (util.types.isNativeError(error) || (error && error.name && error.message !== undefined && error.stack)) {
    return { errorType: String(error.name), errorMessage: String(error.message), trace: String(error.stack).split('\n') };
  }
  return { errorType: error === null ? 'null' : typeof error, errorMessage: String(error), trace: [] };
}

function sendError(route, error) {
  const document = documentOf(error);
  const type = document.errorType.replace(/[^ -~]/g, '');
  return request('POST', route, JSON.stringify(document), { 'Content-Type': 'application/json', 'Lambda-Runtime-Function-Error-Type': type });
}

// All of it, also when it comes faster than it is read: process.stdout, once used, makes the pipe one that does not wait.
const patience = new Int32Array(new SharedArrayBuffer(4));
function writeAll(text) {
  for (let rest = Buffer.from(text); rest.length > 0; ) {
    try {
      rest = rest.subarray(fs.writeSync(1, rest));
    } catch (error) {
      if (error.code !== 'EAGAIN') return; // nobody reads any more, or it was closed: a log must not fail a function
      Atomics.wait(patience, 0, 0, 1);
    }
  }
}

// Lines in the log as Lambda writes them: time, request id, level, text.
let currentId = '';
function setUpConsole() {
  const at =
    (level) =>
    (...parts) =>
      writeAll(`${new Date().toISOString()}\t${currentId}\t${level}\t${util.format(...parts).replace(/\n/g, '\r')}\n`);
  Object.assign(console, { log: at('INFO'), info: at('INFO'), debug: at('DEBUG'), trace: at('TRACE'), warn: at('WARN'), error: at('ERROR') });
}

// "dir/app.inner.handler": the module is dir/app, and inner.handler is looked up in what it exports.
async function loadHandler(root, text) {
  if (text.includes('..')) throw new MalformedHandlerName(`'${text}' is not a valid handler name. Use absolute paths when specifying root directories in handler names.`);
  const [, module, names] = path.basename(text).match(/^([^.]*)\.(.*)$/) ?? [];
  if (names === undefined) throw new MalformedHandlerName('Bad handler');
  const handler = names.split('.').reduce((found, name) => found && found[name], await loadModuleOfUser(root, path.dirname(text), module));
  if (!handler) throw new HandlerNotFound(`${text} is undefined or not exported`);
  if (typeof handler !== 'function') throw new HandlerNotFound(`${text} is not a function`);
  return handler;
}

async function loadModuleOfUser(root, folder, name) {
  try {
    return await loadModule(root, folder, name);
  } catch (error) {
    const Kind = error instanceof SyntaxError ? UserCodeSyntaxError : error?.code === 'MODULE_NOT_FOUND' ? ImportModuleError : null;
    if (!Kind) throw error;
    const bad = new Kind(String(error));
    bad.stack = error.stack;
    throw bad;
  }
}

// In Lambda's order: the bare name (a folder with an index.js, too), .js as its package says, .mjs, .cjs, and at last a
// package of that name.
async function loadModule(root, folder, name) {
  const require = createRequire('/var/runtime/index.mjs');
  const file = path.resolve(root, folder, name);
  if (fs.existsSync(file)) return require(file);
  if (fs.existsSync(`${file}.js`)) return isInModulePackage(path.dirname(file)) ? import(pathToFileURL(`${file}.js`)) : require(`${file}.js`);
  if (fs.existsSync(`${file}.mjs`)) return import(pathToFileURL(`${file}.mjs`));
  if (fs.existsSync(`${file}.cjs`)) return require(`${file}.cjs`);
  return require(require.resolve(name, { paths: [root, path.resolve(root, folder)] }));
}

// Does the nearest package.json say "type": "module"?
function isInModulePackage(folder) {
  if (path.basename(folder) === 'node_modules') return false;
  const description = path.join(folder, 'package.json');
  if (fs.existsSync(description)) {
    try {
      return JSON.parse(fs.readFileSync(description, 'utf8'))?.type === 'module';
    } catch (error) {
      console.warn(`${description} cannot be read, it will be ignored for ES module detection purposes.`, error);
      return false;
    }
  }
  return folder !== path.dirname(folder) && isInModulePackage(path.dirname(folder));
}

// Handlers that write their answer to a stream. It is collected, and leaves when the stream ends.
const streaming = Symbol.for('aws.lambda.runtime.handler.streaming');
globalThis.awslambda = {
  streamifyResponse(handler) {
    handler[streaming] = 'response';
    return handler;
  },
  HttpResponseStream: {
    from(stream, prelude) {
      stream.prelude = prelude ?? {};
      return stream;
    },
  },
};

class ResponseStream extends Writable {
  pieces = [];
  prelude = null;
  setContentType(type) {
    this.contentType = type;
  }
  _write(piece, encoding, done) {
    this.pieces.push(Buffer.from(piece, encoding));
    done();
  }
  // The bytes; with a status or headers a document of them, as a function's URL takes it.
  answer(ofUrl) {
    const bytes = Buffer.concat(this.pieces);
    if (!this.prelude && !(ofUrl && this.contentType)) return bytes;
    const { statusCode = 200, headers = {}, cookies } = this.prelude ?? {};
    const named = Object.keys(headers).some((name) => name.toLowerCase() === 'content-type');
    const type = named ? {} : { 'content-type': this.contentType ?? 'application/octet-stream' };
    const isBase64Encoded = !isText(bytes);
    const body = bytes.toString(isBase64Encoded ? 'base64' : 'utf8');
    return JSON.stringify({ statusCode, headers: { ...type, ...headers }, cookies, body, isBase64Encoded });
  }
}

function isText(bytes) {
  try {
    new TextDecoder('utf-8', { fatal: true }).decode(bytes);
    return true;
  } catch {
    return false;
  }
}

function jsonHeader(text) {
  if (!text) return undefined;
  for (const candidate of [text, Buffer.from(text, 'base64').toString()]) {
    try {
      return JSON.parse(candidate);
    } catch {
      /* the other form, or neither */
    }
  }
  return undefined;
}

function contextOf(headers, invocation) {
  const deadline = Number(headers['lambda-runtime-deadline-ms']);
  return {
    get callbackWaitsForEmptyEventLoop() {
      return invocation.waitsForEmptyLoop;
    },
    set callbackWaitsForEmptyEventLoop(value) {
      invocation.waitsForEmptyLoop = value;
    },
    functionVersion: process.env.AWS_LAMBDA_FUNCTION_VERSION,
    functionName: process.env.AWS_LAMBDA_FUNCTION_NAME,
    memoryLimitInMB: process.env.AWS_LAMBDA_FUNCTION_MEMORY_SIZE,
    logGroupName: process.env.AWS_LAMBDA_LOG_GROUP_NAME,
    logStreamName: process.env.AWS_LAMBDA_LOG_STREAM_NAME,
    clientContext: jsonHeader(headers['lambda-runtime-client-context']),
    identity: jsonHeader(headers['lambda-runtime-cognito-identity']),
    invokedFunctionArn: headers['lambda-runtime-invoked-function-arn'],
    awsRequestId: headers['lambda-runtime-aws-request-id'],
    getRemainingTimeInMillis: () => Math.max(0, deadline - Date.now()),
  };
}

// Settles once with what the handler came to: its promise, its callback, or context.done/succeed/fail.
function invoke(handler, event, context, invocation) {
  return new Promise((resolve, reject) => {
    const settle = (error, result) => (error !== null && error !== undefined ? reject(error) : resolve(result));
    // With callbackWaitsForEmptyEventLoop a result leaves when nothing else is to be done; an error leaves at once.
    const callBack = (error, result) => {
      if (!invocation.waitsForEmptyLoop || (error !== null && error !== undefined)) return settle(error, result);
      invocation.atEmptyLoop = () => settle(null, result);
    };
    const atOnce = (error, result) => settle(error, result);
    Object.assign(context, { done: atOnce, succeed: (result) => atOnce(null, result), fail: (error) => atOnce(error ?? 'handled') });
    // Nothing left to do and nobody has answered: Lambda answers null, but not for what promised more.
    const nobodyAnswered = () => (handler.constructor.name === 'AsyncFunction' ? reject(new NodeJsExit()) : resolve(null));
    invocation.atExit = () => (invocation.atEmptyLoop ?? nobodyAnswered)();
    const returned = handler(event, context, callBack);
    if (typeof returned?.then === 'function') returned.then(resolve, reject);
  });
}

function invokeStreaming(handler, event, context, invocation) {
  return new Promise((resolve, reject) => {
    const stream = new ResponseStream();
    const answer = () => resolve(stream.answer(event?.requestContext?.http !== undefined));
    const finished = new Promise((end, fail) => stream.on('finish', end).on('error', fail));
    invocation.atExit = () => (stream.writableFinished ? answer() : reject(new NodeJsExit()));
    const returned = handler(event, stream, context);
    if (typeof returned?.then !== 'function') return reject('Streaming does not support non-async handlers.');
    Promise.all([returned, finished]).then(answer, reject);
  });
}

let inWork = null;
let loaded = false;
process.on('beforeExit', () => inWork?.atExit?.());
// Errors that nobody caught end the process, as on Lambda; the invocation hears of them first.
async function fatal(error) {
  console.error('Uncaught Exception', JSON.stringify(documentOf(error)));
  const route = inWork ? `/invocation/${currentId}/error` : '/init/error';
  if (inWork?.answering) await inWork.answering.catch(() => {});
  else if (inWork || !loaded) await sendError(route, error).catch(() => {});
  process.exit(129);
}
process.on('uncaughtException', fatal);
process.on('unhandledRejection', (reason) => {
  const error = new UnhandledPromiseRejection(String(reason));
  if (reason?.stack) error.stack = `${error.name}: ${reason.stack}`;
  fatal(error);
});

function textOf(result) {
  try {
    return JSON.stringify(result === undefined ? null : result) ?? 'null';
  } catch (error) {
    throw new MarshalError(`Unable to stringify response body: ${error.message}`);
  }
}

async function run(handler, next) {
  currentId = next.headers['lambda-runtime-aws-request-id'];
  const trace = next.headers['lambda-runtime-trace-id'];
  if (trace) process.env._X_AMZN_TRACE_ID = trace;
  else delete process.env._X_AMZN_TRACE_ID;
  const invocation = { waitsForEmptyLoop: true };
  inWork = invocation;
  let answer;
  try {
    const context = contextOf(next.headers, invocation);
    answer = handler[streaming]
      ? await invokeStreaming(handler, JSON.parse(next.body), context, invocation)
      : textOf(await invoke(handler, JSON.parse(next.body), context, invocation));
  } catch (error) {
    console.error('Invoke Error', JSON.stringify(documentOf(error)));
    invocation.answering = sendError(`/invocation/${currentId}/error`, error);
  }
  invocation.atExit = null;
  invocation.answering ??= request('POST', `/invocation/${currentId}/response`, answer, { 'Content-Type': 'application/json' });
  await invocation.answering;
  inWork = null;
}

async function main() {
  setUpConsole();
  let handler;
  try {
    handler = await loadHandler(process.env.LAMBDA_TASK_ROOT || process.cwd(), process.env._HANDLER);
  } catch (error) {
    console.error('Uncaught Exception', JSON.stringify(documentOf(error)));
    await sendError('/init/error', error);
    process.exit(1);
  }
  loaded = true;
  for (;;) {
    const next = await request('GET', '/invocation/next').catch(() => null);
    if (next === null || next.status !== 200) process.exit(0);
    await run(handler, next);
  }
}

main().catch((error) => {
  console.error(error);
  process.exit(1);
});
