#!/usr/bin/env node
// Runs one handler file over the AWS Lambda Runtime API: asks for an invocation, calls the handler, sends its answer.
//
//     node node_host.js HANDLER_FILE [FUNCTION]         (FUNCTION: "handler" when it is left out)
//
// The caller sets AWS_LAMBDA_RUNTIME_API=host:port. Nothing but node itself, 18 or newer.
// Spec: AWS Lambda Developer Guide, "Using the Lambda runtime API for custom runtimes".
'use strict';
const http = require('node:http');
const path = require('node:path');

const base = '/2018-06-01/runtime';
const agent = new http.Agent({ keepAlive: true, maxSockets: 1 });

function request(method, route, body = '', headers = {}) {
  const [host, port] = process.env.AWS_LAMBDA_RUNTIME_API.split(':');
  return new Promise((resolve, reject) => {
    const options = { method, host, port, agent, path: base + route, headers: { 'Content-Length': Buffer.byteLength(body), ...headers } };
    const call = http.request(options, (response) => {
      const pieces = [];
      response.on('data', (piece) => pieces.push(piece));
      response.on('error', reject);
      response.on('end', () => resolve({ status: response.statusCode, headers: response.headers, body: Buffer.concat(pieces).toString() }));
    });
    call.on('error', reject);
    call.end(body);
  });
}

function sendError(route, error) {
  const thrown = error instanceof Error ? error : new Error(String(error));
  const document = { errorMessage: thrown.message, errorType: thrown.name, stackTrace: String(thrown.stack).split('\n').slice(1) };
  return request('POST', route, JSON.stringify(document), {
    'Content-Type': 'application/json',
    'Lambda-Runtime-Function-Error-Type': thrown.name,
  });
}

// Until the API says that this process is to end, or is gone.
async function serve(handler) {
  for (;;) {
    const next = await request('GET', '/invocation/next').catch(() => null);
    if (next === null || next.status !== 200) return;
    const id = next.headers['lambda-runtime-aws-request-id'];
    const context = {
      awsRequestId: id,
      invokedFunctionArn: next.headers['lambda-runtime-invoked-function-arn'],
      getRemainingTimeInMillis: () => Math.max(0, Number(next.headers['lambda-runtime-deadline-ms']) - Date.now()),
    };
    let answer;
    try {
      answer = JSON.stringify((await handler(JSON.parse(next.body), context)) ?? null);
    } catch (error) {
      await sendError(`/invocation/${id}/error`, error);
      continue;
    }
    await request('POST', `/invocation/${id}/response`, answer, { 'Content-Type': 'application/json' });
  }
}

async function main() {
  const [file, name = 'handler'] = process.argv.slice(2);
  if (!file || !process.env.AWS_LAMBDA_RUNTIME_API) {
    console.error('usage: AWS_LAMBDA_RUNTIME_API=host:port node node_host.js HANDLER_FILE [FUNCTION]');
    process.exit(2);
  }
  let handler;
  try {
    handler = require(path.resolve(file))[name];
    if (typeof handler !== 'function') throw new Error(`${file} exports no function ${name}`);
  } catch (error) {
    await sendError('/init/error', error);
    throw error;
  }
  await serve(handler);
}

main()
  .then(() => process.exit(0))
  .catch((error) => {
    console.error(error);
    process.exit(1);
  });
