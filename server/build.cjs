// Makes the programs and the pages, so that later nothing is written beside the code: `npm run build`.
const { compiled, programs, projectFolder, run } = require("../pipelines/run.cjs");

void (async () => {
  for (const program of programs) await compiled(projectFolder, program);
  await run("server/build.ts", []);
})();
