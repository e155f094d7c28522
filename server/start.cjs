// Starts the monitor: `node server/start.cjs [start [--dev] | serve]`.
void require("../pipelines/run.cjs").run("server/main.ts", process.argv.slice(2));
