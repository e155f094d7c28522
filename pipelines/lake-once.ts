import { inWords } from "./faults.ts";
import { writeLake } from "./lake.ts";

// Writes a snapshot into the lake, in a process of its own: the one that published may have it open.
// Whoever asked has ended: nobody waits for it, and the next publication begins another.
process.on("disconnect", () => process.exit(1));
const input = JSON.parse(process.argv[2]!) as Parameters<typeof writeLake>[0];
const tell = (message: object) => void process.send?.(message);
try {
  tell(await writeLake(input, (done, total) => tell({ done, total })));
} catch (error) {
  tell({ failed: inWords(error) });
}
process.disconnect?.();
