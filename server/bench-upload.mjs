// Sends one large file of complaints to the server, from a thread of its own; tells the answer.
import { randomUUID } from "node:crypto";
import { once } from "node:events";
import http from "node:http";
import { parentPort, workerData } from "node:worker_threads";

const { address, cookie, rows, unit, prefix = "K" } = workerData;
const boundary = randomUUID();
const request = http.request(address, {
  method: "POST",
  headers: { cookie, "content-type": `multipart/form-data; boundary=${boundary}` },
});
const answered = once(request, "response");
const write = async (text) => void (request.write(text) || (await once(request, "drain")));

await write(`--${boundary}\r\nContent-Disposition: form-data; name="file"; filename="large.csv"\r\n\r\n`);
await write("klachtnummer;ontvangen op;eenheid;aspecten;uitkomst\r\n");
for (let row = 0; row < rows; row += 1000) {
  let text = "";
  for (let i = row; i < Math.min(rows, row + 1000); i++) {
    const month = String((i % 12) + 1).padStart(2, "0");
    text += `${prefix}-${i};15-${month}-${2014 + (i % 3)};${unit};bejegening|houding;gegrond\r\n`;
  }
  await write(text);
}
request.end(`\r\n--${boundary}--\r\n`);
const [response] = await answered;
let text = "";
for await (const piece of response) text += piece;
parentPort.postMessage({ status: response.statusCode, body: JSON.parse(text) });
