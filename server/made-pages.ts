import type { MadePage } from "../web/render.ts";
import type { Catalogue } from "./catalogue.ts";
import type { Asker, Renderer } from "./renderer.ts";

/** So many pages are made anew by themselves where what they show changed. */
const mostRemade = 40;
const mostRemembered = 200;

/** Pages that are looked at first: those of all units, and of each; of the others one of each kind, for the first of a kind takes longest. */
export function firstPages({ units, definitions }: Pick<Catalogue, "units" | "definitions">): string[] {
  const now = [...units.values()].flatMap((periods) => periods.filter(({ valid_to }) => valid_to === null));
  const own = now.flatMap(({ level, unit_id }) => (level === "unit" ? [`/unit/${unit_id}`] : []));
  const rate = [...definitions.values()].find(({ kind }) => kind === "rate")?.id;
  return ["/", ...own, "/signals", ...(rate ? [`/indicator/${rate}`, `/compare/${rate}`] : [])];
}

/** A page that somebody looked at. */
interface Looked {
  address: string;
  frame: number;
  /** Names what they may see. */
  seen: readonly string[];
  asker: Asker;
  weight: number;
}

/** Pages as they are made for readers; when what they show has changed, those that are looked at most are made anew before they are asked. */
export class MadePages {
  private readonly looked = new Map<string, Looked>();
  private readonly renderer: Renderer;
  private now = "";

  constructor(renderer: Renderer) {
    this.renderer = renderer;
  }

  /** The page at an address, as things are now, for whoever sees the same; null where it cannot be made. */
  async page(
    address: string,
    frame: number,
    { now, seen, asker }: { now: readonly string[]; seen: readonly string[]; asker: Asker },
  ): Promise<MadePage | null> {
    const name = JSON.stringify([address, frame, seen]);
    const weight = (this.looked.get(name)?.weight ?? 0) + 1;
    this.looked.delete(name);
    this.looked.set(name, { address, frame, seen, asker, weight });
    for (const oldest of this.looked.keys()) if (this.looked.size > mostRemembered) this.looked.delete(oldest);
    const made = this.renderer.page(address, frame, [...now, ...seen], asker);
    const changed = JSON.stringify(now);
    if (this.now !== changed) {
      const isFirst = this.now === "";
      this.now = changed;
      if (!isFirst) void made.then(() => this.makeAnew(now));
    }
    return made;
  }

  /** One after another, so that a reader waits for one of them at most. */
  private async makeAnew(now: readonly string[]): Promise<void> {
    const mostLooked = [...this.looked.values()].sort((a, b) => b.weight - a.weight).slice(0, mostRemade);
    for (const { address, frame, seen, asker } of mostLooked) {
      if (this.now !== JSON.stringify(now)) return;
      await this.renderer.pageAhead(address, frame, [...now, ...seen], asker);
    }
    for (const [name, each] of this.looked) if ((each.weight /= 2) < 1 / 8) this.looked.delete(name);
  }
}
