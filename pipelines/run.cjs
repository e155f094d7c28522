// Runs a TypeScript program of this project: `node pipelines/run.cjs server/main.ts serve`.
// It is compiled into one file, kept as long as none of its sources changes: reading some two hundred modules through
// a loader takes three times as long. A CommonJS file, since only before any module is read can the thread pool be set.
// Long queries must not starve it.
process.env.UV_THREADPOOL_SIZE ??= "16";
const { createHash } = require("node:crypto");
const {
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} = require("node:fs");
const path = require("node:path");
const { pathToFileURL } = require("node:url");

const projectFolder = path.dirname(__dirname);
/** Those that the monitor runs, for whoever makes them ready beforehand. */
const programs = [
  "pipelines/backup-once.ts",
  "pipelines/cli.ts",
  "pipelines/disclosure/prove.ts",
  "pipelines/lake-once.ts",
  "pipelines/workbench/draft-once.ts",
  "server/build.ts",
  "server/main.ts",
  "server/audit-verify.ts",
  "server/verify.ts",
];
let compiler;

/**
 * Runs a program, named from the project's folder, with its arguments.
 *
 * @param {string} program
 * @param {string[]} args
 */
async function run(program, args) {
  const source = path.join(projectFolder, program);
  process.argv.splice(1, process.argv.length, source, ...args);
  process.setSourceMapsEnabled(true);
  let file;
  try {
    file = await compiled(projectFolder, program);
  } catch (error) {
    process.stderr.write(`${program} cannot be compiled: ${error.message}\n`);
    process.exit(1);
  }
  // It is a process of its own, which the program would have as a child.
  await compiler?.stop();
  await import(pathToFileURL(file).href);
}

/**
 * The compiled file of a program: that of before, or a new one where a source changed since.
 *
 * @param {string} folder of the project
 * @param {string} program
 * @returns {Promise<string>}
 */
async function compiled(folder, program) {
  const cache = path.join(folder, "node_modules", ".cache", "kvv-programs");
  // The folder is part of the name since its path is part of what is compiled: a copy elsewhere has its own.
  const name = `${path.basename(program, ".ts")}-${hashOf(folder, program, process.version)}`;
  const note = path.join(cache, `${name}.json`);
  const before = existsSync(note) ? JSON.parse(readFileSync(note, "utf8")) : null;
  // The times of files are others where a folder was packed and unpacked, and there it may not be written to.
  if (process.env.KVV_PREBUILT === "yes" && folder === projectFolder) {
    if (before) return path.join(cache, before.file);
    throw new Error("KVV_PREBUILT is set, but it was not compiled before by this version of Node; run npm run build");
  }
  if (before && before.state === stateOf(folder, before.sources) && existsSync(path.join(cache, before.file)))
    return path.join(cache, before.file);
  const started = Date.now();
  const { outputFiles, metafile } = await compile(folder, program, path.join(cache, `${name}.mjs`));
  const sources = Object.keys(metafile.inputs);
  const state = stateOf(folder, sources);
  const file = `${name}-${state}.mjs`;
  mkdirSync(cache, { recursive: true });
  const code = outputFiles.find((each) => each.path.endsWith(".mjs"));
  const map = outputFiles.find((each) => each.path.endsWith(".map"));
  put(path.join(cache, `${file}.map`), map.contents);
  put(path.join(cache, file), `${code.text}\n//# sourceMappingURL=${file}.map\n`);
  // What was written while it was read may be in it or not: then the next start compiles again.
  const isSettled = sources.every((source) => statSync(path.join(folder, source)).mtimeMs < started);
  if (isSettled) put(note, JSON.stringify({ file, state, sources }));
  for (const old of readdirSync(cache))
    if (isOld(path.join(cache, old))) rmSync(path.join(cache, old), { force: true });
  return path.join(cache, file);
}

/** Another process may be at the same. */
function put(file, content) {
  const aside = `${file}.${process.pid}`;
  writeFileSync(aside, content);
  renameSync(aside, file);
}

/** A month unused. A program that runs has been read whole. */
const isOld = (file) => Date.now() - (statSync(file, { throwIfNoEntry: false })?.mtimeMs ?? 0) > 30 * 24 * 3600 * 1000;

function compile(folder, program, outfile) {
  compiler ??= require("esbuild");
  return compiler.build({
    entryPoints: [path.join(folder, program)],
    absWorkingDir: folder,
    outfile,
    ...{ bundle: true, packages: "external", platform: "node", format: "esm", target: "node20" },
    ...{ write: false, metafile: true, sourcemap: "external", sourcesContent: false, logLevel: "silent" },
    plugins: [ownPlaces],
  });
}

/** What a module says of its place is that of its source, beside which its SQL stands. */
const ownPlaces = {
  name: "own-places",
  setup({ onLoad }) {
    onLoad({ filter: /\.ts$/ }, ({ path: file }) => {
      const places = { dirname: path.dirname(file), filename: file, url: pathToFileURL(file).href };
      const contents = readFileSync(file, "utf8").replace(/\bimport\.meta\.(dirname|filename|url)\b/g, (_, place) =>
        JSON.stringify(places[place]),
      );
      return { contents, loader: "ts" };
    });
  },
};

/** Changes where a source is written anew, or a file comes into or goes from its folder. */
function stateOf(folder, sources) {
  const files = sources.map((source) => path.join(folder, source));
  const folders = new Set(files.map((file) => path.dirname(file)));
  return hashOf(
    ...[__filename, ...files, ...folders].flatMap((file) => {
      const found = statSync(file, { throwIfNoEntry: false });
      return [file, found?.mtimeMs, found?.isDirectory() ? "" : found?.size];
    }),
  );
}

const hashOf = (...parts) => createHash("sha256").update(JSON.stringify(parts)).digest("hex").slice(0, 16);

module.exports = { run, compiled, programs, projectFolder };

if (require.main === module) void run(process.argv[2], process.argv.slice(3));
