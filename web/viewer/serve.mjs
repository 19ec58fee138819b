// The viewer from the sources, in front of a server that runs: npm run serve [http://127.0.0.1:8083 [PORT]]. Loading the page
// again shows what was changed; nothing of Pawl is built.
import {spawnSync} from "node:child_process";
import {mkdtempSync, readFileSync} from "node:fs";
import http from "node:http";
import {tmpdir} from "node:os";
import path from "node:path";
import {fileURLToPath} from "node:url";

const [, , server = "http://127.0.0.1:8083", port = "8084"] = process.argv;
const here = path.dirname(fileURLToPath(import.meta.url));
const output = mkdtempSync(path.join(tmpdir(), "pawl-viewer-"));
const types = {html: "text/html; charset=utf-8", js: "text/javascript", css: "text/css", svg: "image/svg+xml"};
const pages = /^\/(?:$|(?:executions|state-machines|map-runs|functions|author)(?:\/|$))/;

http.createServer((request, response) => {
  const {pathname} = new URL(request.url, server);
  const isPage = request.method === "GET" && pages.test(pathname);
  if (isPage || pathname.startsWith("/assets/")) {
    if (isPage) spawnSync(process.execPath, [path.join(here, "build.mjs"), output], {stdio: "inherit"});
    const name = isPage ? "index.html" : path.basename(pathname);
    response.setHeader("Content-Type", types[name.split(".").pop()] ?? "application/octet-stream");
    response.setHeader("Content-Security-Policy", "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; require-trusted-types-for 'script'");
    response.end(readFileSync(path.join(output, name)));
    return;
  }
  const asked = http.request(new URL(request.url, server), {method: request.method, headers: {...request.headers, host: new URL(server).host}}, (answer) => {
    response.writeHead(answer.statusCode, answer.headers);
    answer.pipe(response);
  });
  asked.on("error", () => response.writeHead(502).end());
  response.on("close", () => asked.destroy());
  request.pipe(asked);
}).listen(Number(port), "127.0.0.1", () => console.log(`http://127.0.0.1:${port} shows the viewer from ${here}, with what ${server} has`));
