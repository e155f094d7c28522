import { SourceFailure } from "../problem.ts";
import { ask, type Network } from "../sources/request.ts";
import { withRetries, type Patience } from "../sources/retry.ts";
import type { Notice } from "./notices.ts";

const totalMs = 15_000;

/** Tells a notice to an address, as JSON; a few tries. A redirect is not followed. */
export async function postNotice(
  address: string,
  notice: Notice,
  dataPage: string,
  { network, patience }: { network: Network; patience: Patience },
): Promise<void> {
  const { feed, title_nl, title_en, state, since, reason, file } = notice;
  const body = JSON.stringify({
    feed,
    title: { nl: title_nl, en: title_en },
    state,
    since,
    reason,
    file,
    address: dataPage,
  });
  const url = new URL(address);
  const headers = { "Content-Type": "application/json", "Content-Length": String(Buffer.byteLength(body)) };
  await withRetries(async () => {
    const answer = await ask(
      { method: "POST", url, headers, body },
      { ...network, totalMs: Math.min(totalMs, network.totalMs) },
    );
    answer.body.on("error", () => undefined).resume();
    if (answer.status >= 200 && answer.status < 300) return;
    answer.cut(new SourceFailure("not needed"));
    const again = answer.status >= 500 || [408, 425, 429].includes(answer.status);
    throw new SourceFailure(`${url.host} answers with status ${answer.status}`, { again });
  }, patience);
}
