// Asks one address as fast as it is answered, from a thread of its own; answers are read and thrown away.
import http from "node:http";
import { parentPort, workerData } from "node:worker_threads";

const { address, cookie, connections, seconds } = workerData;
const agent = new http.Agent({ keepAlive: true, maxSockets: connections });
const until = performance.now() + seconds * 1000;
let answers = 0;
let bytes = 0;

const ask = () =>
  new Promise((resolve, reject) => {
    http
      .get(address, { agent, headers: { cookie } }, (response) => {
        if (response.statusCode !== 200) reject(new Error(`${address} answered ${response.statusCode}`));
        response.on("data", (piece) => (bytes += piece.length));
        response.on("end", resolve);
      })
      .on("error", reject);
  });

const started = performance.now();
await Promise.all(
  Array.from({ length: connections }, async () => {
    while (performance.now() < until) {
      await ask();
      answers += 1;
    }
  }),
);
agent.destroy();
parentPort.postMessage({ perSecond: answers / ((performance.now() - started) / 1000), bytes: bytes / answers });
