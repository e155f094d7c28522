// Asks questions one after another, over some connections and as fast as they are answered, from a thread of its own;
// answers are read and thrown away.
import http from "node:http";
import { parentPort, workerData } from "node:worker_threads";

const { asked, connections, seconds } = workerData;
const agent = new http.Agent({ keepAlive: true, maxSockets: connections });
const until = performance.now() + seconds * 1000;
let answers = 0;
let next = 0;

const ask = ({ address, headers }) =>
  new Promise((resolve, reject) => {
    http
      .get(address, { agent, headers }, (response) => {
        if (response.statusCode !== 200) reject(new Error(`${address} answered ${response.statusCode}`));
        response.resume();
        response.on("end", resolve);
      })
      .on("error", reject);
  });

const started = performance.now();
await Promise.all(
  Array.from({ length: connections }, async () => {
    while (performance.now() < until) {
      await ask(asked[next++ % asked.length]);
      answers += 1;
    }
  }),
);
agent.destroy();
parentPort.postMessage({ perSecond: answers / ((performance.now() - started) / 1000) });
