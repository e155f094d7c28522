import { Problem, type Delivery } from "../api.ts";
import type { sendForm } from "../send-form.ts";
import { monitor } from "./monitor.svelte.ts";
import { canAccept } from "./refusal.ts";
import { work } from "./work.svelte.ts";

type Answer = (Delivery | { loads: Delivery[] }) & { publishing?: boolean };

/** Files on their way to the loader, from choosing to the new figures. */
export class Upload {
  files = $state.raw<File[]>([]);
  mapping = $state.raw<File | null>(null);
  /** `working`: sent, the loader reads; `publishing`: loaded, new figures are being made. */
  phase = $state<"choosing" | "sending" | "working" | "publishing" | "done">("choosing");
  /** Share of the bytes that has been sent. */
  sent = $state(0);
  deliveries = $state.raw<Delivery[]>([]);
  problem = $state.raw<Problem | null>(null);
  /** Whether new figures came of it; null while that is not known, or where nothing was loaded. */
  published = $state<boolean | null>(null);
  readonly #feed: string;

  constructor(feed: string) {
    this.#feed = feed;
  }

  get busy(): boolean {
    return this.phase === "sending" || this.phase === "working";
  }

  /** Files that can be loaded after all, once someone says that the change is right. */
  get acceptable(): File[] {
    return this.files.filter((_, index) => canAccept(this.deliveries[index]?.refused ?? null));
  }

  choose(files: File[]): void {
    if (this.busy || files.length === 0) return;
    this.files = files;
    this.#clear();
  }

  leaveOut(file: File): void {
    this.files = this.files.filter((each) => each !== file);
    this.#clear();
  }

  startAgain(): void {
    this.files = [];
    this.mapping = null;
    this.#clear();
  }

  /** Sends them by a way that comes when it is needed. */
  async send(by: typeof sendForm, acceptChange = false): Promise<void> {
    if (acceptChange) this.files = this.acceptable;
    this.#clear();
    this.phase = "sending";
    const before = monitor.meta?.snapshot;
    try {
      const answer = await work.during(() => by<Answer>(this.#path, this.#form(acceptChange), (s) => this.#tell(s)));
      this.deliveries = "loads" in answer ? answer.loads : [answer];
      if (answer.publishing && this.deliveries.some((each) => !each.refused && !each.unchanged)) {
        this.phase = "publishing";
        this.published = await work.published(before);
      }
      this.phase = "done";
    } catch (error) {
      this.problem = error instanceof Problem ? error : new Problem(0, String(error));
      this.phase = "choosing";
    }
  }

  get #path(): string {
    return `/feeds/${encodeURIComponent(this.#feed)}/files`;
  }

  /** The server reads the fields in this order: what holds for all files comes before them. */
  #form(acceptChange: boolean): FormData {
    const form = new FormData();
    if (acceptChange) form.append("accept_change", "true");
    if (this.mapping) form.append("mapping", this.mapping);
    for (const file of this.files) form.append("file", file);
    return form;
  }

  #tell(share: number): void {
    this.sent = share;
    if (share >= 1) this.phase = "working";
  }

  #clear(): void {
    this.phase = "choosing";
    this.sent = 0;
    this.deliveries = [];
    this.problem = null;
    this.published = null;
  }
}
