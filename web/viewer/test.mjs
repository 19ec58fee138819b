// Runs test/*.test.ts on Node's own test runner: each is bundled first, since Node 18 reads no TypeScript.
import * as esbuild from "esbuild";
import {spawnSync} from "node:child_process";
import {mkdtempSync, readdirSync, rmSync} from "node:fs";
import {tmpdir} from "node:os";
import path from "node:path";
import {fileURLToPath} from "node:url";

const here = path.dirname(fileURLToPath(import.meta.url));
const output = mkdtempSync(path.join(tmpdir(), "pawl-viewer-test-"));
try {
  const tests = readdirSync(path.join(here, "test")).filter((name) => name.endsWith(".test.ts"));
  await esbuild.build({
    entryPoints: tests.map((name) => path.join(here, "test", name)),
    bundle: true,
    platform: "node",
    format: "esm",
    outdir: output,
    outExtension: {".js": ".mjs"},
    jsx: "automatic",
    jsxImportSource: "preact",
    logLevel: "warning",
  });
  const files = tests.map((name) => path.join(output, name.replace(/\.ts$/, ".mjs")));
  process.exitCode = spawnSync(process.execPath, ["--test", ...files], {stdio: "inherit"}).status ?? 1;
} finally {
  rmSync(output, {recursive: true, force: true});
}
