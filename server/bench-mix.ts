import http from "node:http";
import { openBenchApp } from "./bench-app.ts";
import { drawVisit, headersOf, readerOf, type Subjects } from "./bench-readers.ts";
import { median, rateOf, type Sent } from "./bench-rate.ts";
import { addressOf } from "./listen.ts";
import { ownSession } from "./own-session.ts";
import { randomOf } from "../pipelines/statistics/random.ts";

const [connections, seconds, rounds] = [8, 3, 3];
const visitsEach = 3;

/**
 * Answers per second to what readers ask, by a server that has them ready, and by the same server answering as many
 * bytes that it only has to send. Both take turns, so that what else the machine does hits both.
 */
export async function benchMix(
  { address, home }: { address: string; home: string },
  { readers, subjects }: { readers: number; subjects: Subjects },
): Promise<{ mix_per_second: number; constant_per_second: number }> {
  const random = randomOf(11);
  const asked: Sent[] = [];
  for (let number = 0; number < readers; number++) {
    const { user, unit } = readerOf(number, subjects);
    const { cookie } = await ownSession(home, user);
    for (let visit = 0; visit < visitsEach; visit++) {
      const { page, questions } = drawVisit(random, { user, unit }, subjects, visit === 0);
      if (page) asked.push({ address: address + page, headers: headersOf(cookie, "text/html") });
      for (const each of questions)
        asked.push({ address: `${address}/api/v1${each}`, headers: headersOf(cookie, "*/*") });
    }
  }
  const sizes: number[] = [];
  for (const each of asked) sizes.push(await bytesOf(each));
  const { serve, close } = await openBenchApp(home, (request, response, next) => {
    const bytes = request.headers["x-bytes"];
    if (bytes === undefined) return next();
    response.setHeader("Content-Type", "application/json; charset=utf-8");
    response.setHeader("Content-Length", Number(bytes));
    response.end(zeros.subarray(0, Number(bytes)));
  });
  const zeros = Buffer.alloc(Math.max(...sizes));
  try {
    const other = addressOf(await serve());
    const constant = asked.map(({ address: from, headers }, index) => ({
      address: other + from.slice(address.length),
      headers: { ...headers, "x-bytes": String(sizes[index]) },
    }));
    const rates = { mix: [] as number[], constant: [] as number[] };
    for (let round = 0; round < rounds; round++) {
      rates.constant.push(await rateOf({ asked: constant, connections, seconds }));
      rates.mix.push(await rateOf({ asked, connections, seconds }));
    }
    return { mix_per_second: median(rates.mix), constant_per_second: median(rates.constant) };
  } finally {
    await close();
  }
}

/** Of the answer as it is sent. */
function bytesOf({ address, headers }: Sent): Promise<number> {
  return new Promise((resolve, reject) => {
    http
      .get(address, { headers }, (response) => {
        let bytes = 0;
        response.on("data", (piece: Buffer) => (bytes += piece.length));
        response.on("end", () => resolve(bytes));
        response.on("error", reject);
      })
      .on("error", reject);
  });
}
