import { renameDurably } from "./durable.ts";
import { copyHome } from "./backup.ts";
import { rmSync } from "node:fs";
import { inWords } from "./faults.ts";

// Copies a home, in a process of its own: `kvv backup` runs it while the owner of the warehouse rests.
const { home, target, at } = JSON.parse(process.argv[2]!) as { home: string; target: string; at: string };
const partial = `${target}.partial`;
const tell = (message: object) => void process.send?.(message);
try {
  const { files } = await copyHome(home, partial, new Date(at), (done, total) => tell({ done, total }));
  renameDurably(partial, target);
  tell({ files: files.length, bytes: files.reduce((sum, { size }) => sum + size, 0) });
} catch (error) {
  rmSync(partial, { recursive: true, force: true });
  tell({ failed: inWords(error) });
}
