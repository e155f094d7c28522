#!/usr/bin/env node
// The command line.
void require("./run.cjs").run("pipelines/cli.ts", process.argv.slice(2));
