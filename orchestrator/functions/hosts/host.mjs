// Runs a Node handler as AWS Lambda does: loads MODULE.FUNCTION from the code folder (CommonJS or ES module), asks the
// Runtime API for events and answers with what the handler returns, calls back or throws.
//
// Nothing but node itself, 18 or newer. Variables: AWS_LAMBDA_RUNTIME_API, _HANDLER, LAMBDA_TASK_ROOT.
// Spec: AWS Lambda Developer Guide, "Using the Lambda runtime API for custom runtimes", "Node.js context object".
import fs from 'node:fs';
import http from 'node:http';
import { createRequire } from 'node:module';
import path from 'node:path';
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
class UnhandledPromiseRejection extends Error {}
for (const kind of [ImportModuleError, HandlerNotFound, MalformedHandlerName, UserCodeSyntaxError, MarshalError, UnhandledPromiseRejection]) {
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

// Lines in the log as Lambda writes them: time, request id, level, text.
let currentId = '';
function setUpConsole() {
  const write = (level) => (...parts) => {
    const text = util.format(...parts).replace(/\n/g, '\r');
    fs.writeSync(1, `${new Date().toISOString()}\t${currentId}\t${level}\t${text}\n`);
  };
  const sync = (level) => {
    const line = write(level);
    return (...parts) => {
      try {
        line(...parts);
      } catch {
        /* a full pipe: a log must not fail a function */
      }
    };
  };
  Object.assign(console, { log: sync('INFO'), info: sync('INFO'), debug: sync('DEBUG'), trace: sync('TRACE'), warn: sync('WARN'), error: sync('ERROR') });
}

// "dir/app.inner.handler": the module is dir/app, and inner.handler is looked up in what it exports.
async function loadHandler(root, text) {
  const folder = path.dirname(text);
  const file = path.basename(text);
  const dot = file.indexOf('.');
  if (dot <= 0 || dot === file.length - 1) throw new MalformedHandlerName('Bad handler');
  if (text.includes('..')) throw new MalformedHandlerName(`'${text}' is not a valid handler name. Use absolute paths when specifying root directories in handler names.`);
  const module = path.join(root, folder, file.slice(0, dot));
  let loaded;
  try {
    loaded = await loadModule(module);
  } catch (error) {
    if (error instanceof SyntaxError) {
      const bad = new UserCodeSyntaxError(`SyntaxError: ${error.message}`);
      bad.stack = error.stack;
      throw bad;
    }
    if (error && (error.code === 'MODULE_NOT_FOUND' || error.code === 'ERR_MODULE_NOT_FOUND')) {
      const bad = new ImportModuleError(`Error: ${error.message}`);
      bad.stack = error.stack;
      throw bad;
    }
    throw error;
  }
  let handler = loaded;
  for (const name of file.slice(dot + 1).split('.')) handler = handler?.[name] ?? (handler === loaded ? loaded.default?.[name] : undefined);
  if (handler === undefined) throw new HandlerNotFound(`${text} is undefined or not exported`);
  if (typeof handler !== 'function') throw new HandlerNotFound(`${text} is not a function`);
  return handler;
}

async function loadModule(module) {
  for (const [ending, load] of [
    ['', loadCommon],
    ['.js', loadEither],
    ['.mjs', (file) => import(pathToFileURL(file))],
    ['.cjs', loadCommon],
  ]) {
    const file = module + ending;
    if (fs.statSync(file, { throwIfNoEntry: false })?.isFile()) return load(file);
  }
  const missing = new Error(`Cannot find module '${path.basename(module)}'\nRequire stack:\n- /var/runtime/index.mjs`);
  missing.code = 'MODULE_NOT_FOUND';
  throw missing;
}

const loadCommon = (file) => createRequire(file)(file);

function loadEither(file) {
  for (let folder = path.dirname(file); ; folder = path.dirname(folder)) {
    const description = path.join(folder, 'package.json');
    if (fs.existsSync(description)) {
      const { type } = JSON.parse(fs.readFileSync(description, 'utf8'));
      return type === 'module' ? import(pathToFileURL(file)) : loadCommon(file);
    }
    if (folder === path.dirname(folder)) return loadCommon(file);
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
    // With callbackWaitsForEmptyEventLoop, the answer leaves when nothing else is to be done.
    const callBack = (error, result) => {
      if (!invocation.waitsForEmptyLoop) return settle(error, result);
      invocation.atEmptyLoop ??= () => settle(error, result);
    };
    const atOnce = (error, result) => settle(error, result);
    Object.assign(context, { done: atOnce, succeed: (result) => atOnce(null, result), fail: (error) => atOnce(error ?? 'handled') });
    // Nothing left to do and nobody has answered: Lambda answers null.
    invocation.atExit = () => (invocation.atEmptyLoop ? invocation.atEmptyLoop() : resolve(null));
    const returned = handler(event, context, callBack);
    if (typeof returned?.then === 'function') returned.then(resolve, reject);
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

async function run(handler, next) {
  currentId = next.headers['lambda-runtime-aws-request-id'];
  const invocation = { waitsForEmptyLoop: true };
  inWork = invocation;
  let answer;
  try {
    const result = await invoke(handler, JSON.parse(next.body), contextOf(next.headers, invocation), invocation);
    try {
      answer = JSON.stringify(result === undefined ? null : result) ?? 'null';
    } catch (error) {
      throw new MarshalError(`Unable to stringify response body: ${error.message}`);
    }
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
