import { readFileSync } from "node:fs";
import path from "node:path";
import { gauge, type Metric, type Sample } from "./exposition.ts";
import type { Operations } from "./operations.ts";
import { rowsOf } from "./table.ts";

const file = readFileSync(path.join(import.meta.dirname, "metrics.sql"), "utf8");
/** The question of that name in the file. */
const question = (name: string): string => new RegExp(`-- ${name}\\n([^;]*);`).exec(file)![1]!;
const questions = { feeds: question("feeds"), runs: question("runs"), publish: question("publish") };

interface Feed {
  feed: string;
  /** 0 fresh, 1 due, 2 overdue. */
  overdue: number;
  trouble: string | null;
  /** Null where nothing was loaded yet. */
  loaded_at: number | null;
  accepted: number;
  merged: number;
  skipped: number;
  quarantined: number;
  refused: number;
}

/** What the pipelines tell of their work; nothing before they have told anything. */
export async function pipelinesMetrics(operations: Operations): Promise<Metric[]> {
  const rows = async <Row>(sql: string): Promise<Row[]> => {
    const table = await operations.query(sql);
    return table ? ((await rowsOf(table)) as Row[]) : [];
  };
  const feeds = await rows<Feed>(questions.feeds);
  const runs = await rows<{ job: string; status: string; runs: number }>(questions.runs);
  const [publish] = await rows<Record<"published_at" | "seconds" | "failed", number | null>>(questions.publish);
  const ofFeeds = (name: string, help: string, samplesOf: (feed: Feed) => Sample[]): Metric => ({
    ...{ name, help, type: "gauge" },
    samples: feeds.flatMap(samplesOf),
  });
  return [
    ofFeeds("kvv_feed_overdue", "0 fresh, 1 due, 2 overdue.", ({ feed, overdue }) => [
      { labels: { feed }, value: overdue },
    ]),
    ofFeeds("kvv_feed_trouble", "Whether the newest delivery of a feed was refused, or failed.", ({ feed, trouble }) =>
      ["refused", "failed"].map((kind) => ({ labels: { feed, trouble: kind }, value: trouble === kind ? 1 : 0 })),
    ),
    ofFeeds("kvv_last_load_timestamp_seconds", "When the last file of a feed was loaded.", ({ feed, loaded_at }) =>
      loaded_at === null ? [] : [{ labels: { feed }, value: loaded_at }],
    ),
    ofFeeds("kvv_last_load_rows", "What became of the rows of the last file that was loaded.", (feed) =>
      feed.loaded_at === null
        ? []
        : (["accepted", "merged", "skipped", "quarantined"] as const).map((outcome) => ({
            ...{ labels: { feed: feed.feed, outcome }, value: feed[outcome] },
          })),
    ),
    ofFeeds("kvv_refused_files", "Files that were refused, as far back as is kept.", ({ feed, refused }) => [
      { labels: { feed }, value: refused },
    ]),
    {
      ...{ name: "kvv_runs", help: "Runs by their outcome, as far back as is kept.", type: "gauge" },
      samples: runs.map(({ job, status, runs }) => ({ labels: { job, status }, value: runs })),
    },
    gauge("kvv_last_publish_timestamp_seconds", "When a publication last succeeded.", publish?.published_at ?? null),
    gauge("kvv_last_publish_duration_seconds", "How long that took.", publish?.seconds ?? null),
    gauge("kvv_last_publish_failed", "Whether the last publication failed.", publish?.failed ?? null),
  ];
}
