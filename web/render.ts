import { render } from "svelte/server";
import App from "./App.svelte";
import {
  ask,
  apiAddress,
  fetchJson,
  forget,
  reach,
  type Definition,
  type Feed,
  type Meta,
  type Parsed,
  type Unit,
} from "./api.ts";
import { Inside } from "./inside.ts";
import "./locales/all.ts";
import { text } from "./locales/text.ts";
import { readAddress } from "./state/address.ts";
import { loadAllCode } from "./state/code.svelte.ts";
import { drawings, type Drawable } from "./state/drawings.ts";
import { languageOf } from "./state/language.svelte.ts";
import { monitor } from "./state/monitor.svelte.ts";
import { Organisation } from "./state/organisation.ts";
import { fetchAllPages } from "./state/pages.ts";
import { rehearseAnew } from "./state/rehearsal.ts";
import { router } from "./state/router.svelte.ts";
import { sources } from "./state/sources.svelte.ts";
import { svgOf } from "./svg.ts";

/** A page as it is sent: what goes into the document, and what stands in its head. */
export interface MadePage {
  body: string;
  title: string;
  lang: string;
  /** Chosen by the reader; null where the device decides. */
  theme: string | null;
}

/** How the API is reached, and for whom. */
export interface Reach {
  origin: string;
  /** Names what the reader may see, and when: what is remembered is for the same only. */
  seen: string;
  /** The reader's cookie, what marks a question as the server's own, what names all that the reader may see, and the snapshot where that is not served yet. */
  asker: { cookie: string; inside: string; scope: string; ahead?: string };
}

/** A page takes so many passes at most: each answers questions that the one before raised. */
const mostPasses = 6;
/** So many charts are drawn with the page: those that are seen without scrolling. The others are drawn when they come near. */
const drawnAtOnce = 6;
/** Of so many pages the charts are remembered. */
const mostRemembered = 12;
/** Of so many snapshots and scopes units and definitions are. */
const mostKnown = 40;

const inside = new Inside();
let pages: Promise<unknown> | undefined;
let known = "";
const remembered = new Map<string, Map<string, Drawable>>();
const common = new Map<string, { organisation: Organisation; definitions: Definition[] }>();

/** Makes the page at an address (from the root) for frames of charts of at most so many pixels, asking the API for a reader. Throws where the API fails: such a page is not kept. One page at a time: the state is that of one reader. */
export async function makePage(reached: Reach, address: string, widest: number): Promise<MadePage> {
  forget();
  await (pages ??= fetchAllPages().then(loadAllCode));
  await askAt(reached);
  const rehearsal = rehearseAnew();
  const charts = new Map<string, Drawable>();
  let drawn = 0;
  drawings.draw = (name, spec, usual, margins) => {
    const chart = { spec, margins };
    charts.set(name, chart);
    return drawn++ < drawnAtOnce ? svgOf(chart, Math.min(usual, widest)) : null;
  };
  let body = "";
  for (let pass = 0; pass < mostPasses; pass++) {
    rehearsal.begin();
    charts.clear();
    drawn = 0;
    router.visit(address);
    // It is made when it is looked at.
    ({ body } = render(App));
    if (!(await rehearsal.wait())) break;
  }
  if (rehearsal.failed) throw rehearsal.failed;
  remember(address, charts);
  const { query } = readAddress(address);
  const lang = languageOf(query);
  const heading = /<h1[^>]*>(.*?)<\/h1>/s
    .exec(body)?.[1]
    ?.replace(/<[^>]*>/g, "")
    .trim();
  return {
    body,
    title: [heading, text(lang, "app.name")].filter(Boolean).join(" · "),
    lang,
    theme: query.theme === "light" || query.theme === "dark" ? query.theme : null,
  };
}

/** Draws a chart of a page for a frame of so many pixels; null where the page has no such chart. */
export async function makeDrawing(
  reached: Reach,
  address: string,
  name: string,
  frame: number,
): Promise<string | null> {
  await askAt(reached);
  if (!remembered.has(address)) await makePage(reached, address, frame);
  const chart = remembered.get(address)?.get(name);
  return chart ? svgOf(chart, frame) : null;
}

function remember(address: string, charts: Map<string, Drawable>): void {
  remembered.delete(address);
  remembered.set(address, charts);
  for (const oldest of remembered.keys()) if (remembered.size > mostRemembered) remembered.delete(oldest);
}

/** Takes over what every page needs; anew where another snapshot is served, or another reader asks. */
async function askAt({ origin, seen, asker }: Reach): Promise<void> {
  // By the one name it is known on plain connections, by the other on encrypted ones.
  const cookie = `kvv_session=${asker.cookie}; __Host-kvv_session=${asker.cookie}`;
  // Packing would cost more than the way from one thread to the other.
  const own = { "x-kvv-inside": asker.inside, ...(asker.ahead ? { "x-kvv-ahead": asker.ahead } : {}) };
  const headers = { accept: "application/json", "accept-encoding": "identity", cookie, ...own };
  reach.fetch = (address) => inside.fetch(origin + address, headers);
  reach.read = async (response) => (response as unknown as { parsed: Parsed }).parsed;
  const [meta, feeds] = await Promise.all([
    fetchJson<Meta>(apiAddress("/meta")),
    fetchJson<Feed[]>(apiAddress("/feeds")),
  ]);
  if (`${meta.snapshot} ${seen}` !== known) {
    forget();
    remembered.clear();
    const { organisation, definitions } = await commonOf(`${meta.snapshot} ${asker.scope}`);
    monitor.give(meta, organisation, definitions);
    known = `${meta.snapshot} ${seen}`;
  }
  sources.give(feeds);
}

/** Units and definitions as a scope of a snapshot has them: they stay the same while files are loaded and readers take turns. */
async function commonOf(name: string): Promise<{ organisation: Organisation; definitions: Definition[] }> {
  let found = common.get(name);
  if (!found) {
    const [units, definitions] = await Promise.all([ask<Unit[]>("/units"), ask<Definition[]>("/indicators")]);
    found = { organisation: new Organisation(units), definitions };
  }
  common.delete(name);
  common.set(name, found);
  for (const oldest of common.keys()) if (common.size > mostKnown) common.delete(oldest);
  return found;
}
