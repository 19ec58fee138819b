// Bundles the viewer: node build.mjs OUTPUT_FOLDER. CMake calls it; the files it makes are embedded in the binary.
import * as esbuild from "esbuild";
import {copyFileSync, mkdirSync} from "node:fs";
import path from "node:path";
import {fileURLToPath} from "node:url";

const here = path.dirname(fileURLToPath(import.meta.url));
const output = path.resolve(process.argv[2] ?? path.join(here, "dist"));
mkdirSync(output, {recursive: true});

const settings = {
  bundle: true,
  minify: true,
  target: ["chrome111", "firefox113", "safari16.4"],
  logLevel: "warning",
  legalComments: "none",
  absWorkingDir: here,
};
await Promise.all([
  esbuild.build({
    ...settings,
    entryPoints: {app: "src/main.tsx", layout: "src/graph/layout_worker.ts"},  // the layout runs on a thread of its own
    outdir: output,
    format: "esm",
    jsx: "automatic",
    jsxImportSource: "preact",
  }),
  esbuild.build({...settings, entryPoints: {style: "style/main.css"}, outdir: output}),
]);
for (const file of ["index.html", "favicon.svg"]) copyFileSync(path.join(here, file), path.join(output, file));
