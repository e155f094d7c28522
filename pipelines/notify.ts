import type { Context } from "./context.ts";
import type { Database } from "./database.ts";
import { inWords } from "./faults.ts";
import { readFreshness } from "./freshness.ts";
import { sendMail } from "./notify/mail.ts";
import { noticeOf, type Notice } from "./notify/notices.ts";
import { messageOf } from "./notify/words.ts";
import { postNotice } from "./notify/webhook.ts";
import type { Project } from "./project.ts";
import { utc } from "./runs.ts";
import type { Owned, Turn } from "./sources/feed.ts";

type Channel = "webhook" | "mail";

/** A notice that is yet to be told through a channel. */
interface Untold {
  channel: Channel;
  notice: Notice;
  to: string[];
}

/** A channel that failed is left alone for this long. */
const againMs = 10 * 60_000;

/** Tells people what has become of feeds: once for each change, also over a restart. Never throws: what could not be told is logged, and told later. */
export class Notifier {
  private readonly context: Context;
  private readonly turn: Turn;
  private readonly heldUntil = new Map<Channel, number>();

  constructor(context: Context, turn: Turn) {
    this.context = context;
    this.turn = turn;
  }

  async tell(): Promise<void> {
    if (channelsOf(this.context).length === 0) return;
    for (const untold of await this.turn(readUntold)) {
      const { channel, notice } = untold;
      if ((this.heldUntil.get(channel) ?? 0) > performance.now()) continue;
      try {
        await send(untold, this.context);
        await this.turn(({ db, context }) => remember(db, untold, context.now()));
      } catch (error) {
        this.heldUntil.set(channel, performance.now() + againMs);
        this.context.log(
          `${notice.feed}: nobody could be told by ${channel}: ${inWords(error)}; it is tried again later`,
        );
      }
    }
  }
}

function channelsOf({ settings }: Pick<Context, "settings">): Channel[] {
  return [...(settings.webhookUrl ? (["webhook"] as const) : []), ...(settings.smtpUrl ? (["mail"] as const) : [])];
}

/** What is another than was told last. Of a feed that nothing was ever told of only trouble is news. */
async function readUntold({ db, context, project }: Owned): Promise<Untold[]> {
  const told = await db.all<{ feed: string; channel: Channel; state: string }>(
    "select feed, channel, state from notices",
  );
  const last = new Map(told.map(({ feed, channel, state }) => [`${channel} ${feed}`, state]));
  const feeds = await readFreshness(db, context, project.contracts, project.jobs);
  return feeds.flatMap((feed) => {
    const notice = noticeOf(feed, context.now());
    return channelsOf(context)
      .filter((channel) => (last.get(`${channel} ${feed.feed}`) ?? "well") !== notice.state)
      .map((channel) => ({ channel, notice, to: recipients(project, notice) }))
      .filter(({ channel, to }) => channel === "webhook" || to.length > 0);
  });
}

const recipients = (project: Pick<Project, "owners">, { owner }: Notice): string[] => project.owners.get(owner) ?? [];

async function send({ channel, notice, to }: Untold, { settings, outside }: Context): Promise<void> {
  if (channel === "webhook") return postNotice(settings.webhookUrl, notice, `${settings.address}/data`, outside);
  const message = messageOf(notice, settings.address, settings.timeZone);
  return sendMail(settings.smtpUrl, { ...message, from: settings.mailFrom, to });
}

async function remember(db: Database, { channel, notice }: Untold, now: Date): Promise<void> {
  await db.transaction(async () => {
    await db.run("delete from notices where feed = $feed and channel = $channel", { feed: notice.feed, channel });
    await db.run("insert into notices values ($feed, $channel, $state, $at::timestamp)", {
      feed: notice.feed,
      channel,
      state: notice.state,
      at: utc(now),
    });
  });
}
