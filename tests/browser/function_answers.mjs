// What /api/v1/functions answers, for a server that has no such routes: the shapes are those of web/viewer/src/api/types.ts.
const invocation = (n, more) => ({requestId: `0000000${n}-0000-4000-8000-000000000000`, startDate: `2026-11-22T13:46:4${n}.000Z`, finished: true,
  durationMs: 1.25 * n, billedMs: 2 * n, log: `START\ncall ${n}\nEND\nREPORT\n`, ...more});

export async function answerForFunctions(page) {
  let asked = 0;
  const answer = (where, body) => page.route(where, (route) => route.fulfill({json: body()}));
  const flaky = {name: "flaky", arn: "arn:aws:lambda:us-east-1:000000000000:function:flaky", command: ["node", "host.js", "flaky.cjs"], timeoutSeconds: 20,
    maxConcurrency: 2, processes: 1, running: 0, queued: 1, invocations: 2, errors: 1, lastInvocation: "2026-11-22T13:46:42.000Z"};
  await answer("**/api/v1/functions", () => ({functions: [{name: "ask", url: "http://127.0.0.1:9/ask"}, flaky]}));
  await answer("**/api/v1/functions/flaky", () => flaky);
  await answer("**/api/v1/functions/flaky/invocations*", () => ({invocations: [{...invocation(3, {finished: false}), durationMs: undefined}, invocation(2), invocation(1, {error: "Again", initMs: 80, truncated: true})]}));
  await answer("**/api/v1/functions/flaky/logs*", () => ({text: asked++ === 0 ? "START\ncall 1\nEND\nSTART\ncall 2\nEND\n" : "START\ncall 3\nEND\n", nextAfter: String(asked), truncated: false}));
}
