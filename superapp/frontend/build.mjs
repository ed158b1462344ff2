// Bundles src/ into superapp/web/static/dist with a hash in each name, and writes manifest.json.
import { createHash } from "node:crypto";
import { mkdirSync, readFileSync, readdirSync, rmSync, statSync, writeFileSync } from "node:fs";
import { basename, dirname, extname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";

const here = dirname(fileURLToPath(import.meta.url));
const web = join(here, "..", "web", "static");
const dist = join(web, "dist");
const entries = ["citizen.css", "desk.css", "app.js", "form.js", "coach.js", "desk.js", "map.js"];

// `@dark { ... }` holds both when the reader chose the dark theme and when the device did.
const dark = {
  name: "dark",
  setup(plugin) {
    plugin.onLoad({ filter: /src[\\/].*\.css$/ }, ({ path }) => ({
      loader: "css",
      contents: readFileSync(path, "utf8").replace(
        /@dark\s*\{([^}]*)\}/g,
        (_, body) =>
          `[data-bs-theme="dark"]{${body}}@media(prefers-color-scheme:dark){:root:not([data-bs-theme="light"]){${body}}}`,
      ),
    }));
  },
};

const result = await build({
  absWorkingDir: here,
  entryPoints: entries.map((name) => join("src", name)),
  outdir: "out",
  bundle: true,
  minify: true,
  write: false,
  target: ["chrome90", "firefox90", "safari14"],
  loader: { ".svg": "dataurl" },
  plugins: [dark],
  legalComments: "none",
  logLevel: "warning",
});

mkdirSync(dist, { recursive: true });
const manifest = {};
const keep = (name, bytes) => {
  const hash = createHash("sha256").update(bytes).digest("hex").slice(0, 10);
  const file = `${basename(name, extname(name))}.${hash}${extname(name)}`;
  writeFileSync(join(dist, file), bytes);
  manifest[name] = file;
};
for (const { path, contents } of result.outputFiles) keep(basename(path), contents);
for (const name of readdirSync(join(web, "public"))) keep(name, readFileSync(join(web, "public", name)));
// A process that started before this build still names the files of its own day.
const day = 24 * 3600 * 1000;
for (const name of readdirSync(dist)) {
  const old = Date.now() - statSync(join(dist, name)).mtimeMs > day;
  if (old && !Object.values(manifest).includes(name)) rmSync(join(dist, name), { recursive: true });
}
writeFileSync(join(dist, "manifest.json"), JSON.stringify(manifest, null, 2));
