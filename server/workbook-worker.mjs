// A thread of its own for a large workbook: the job comes with it, the file goes back.
// It does not take over the TypeScript loader of the thread that starts it, so it brings its own.
import { parentPort, workerData } from "node:worker_threads";
import { tsImport } from "tsx/esm/api";

const { makeWorkbook } = await tsImport("./workbook.ts", import.meta.url);
parentPort.postMessage(await makeWorkbook(workerData));
