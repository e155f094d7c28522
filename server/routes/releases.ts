import { z } from "zod";
import { Problem } from "../problem.ts";
import { prose } from "../prose.ts";
import { incompleteFeeds, restatedIndicators } from "../review/release-check.ts";
import { addRelease, releaseOf, releasesOf } from "../review/releases.ts";
import { halfBefore } from "../review/half.ts";
import { workspaceRoute } from "../route.ts";
import { keepSnapshots } from "../workspace/keep.ts";
import { endedHalf } from "./reviews.ts";

const release = z.object({
  half: z.string(),
  snapshot: z.string(),
  note: z.string(),
  at: z.iso.datetime(),
  by: z.string(),
});

const asked = z.strictObject({
  note: prose(4000)
    .default("")
    .meta({ description: "What readers of the reviews must know; explains restatements and feeds that lack" }),
  accept_incomplete: z.boolean().default(false).meta({ description: "Release although feeds are not complete" }),
});

export default [
  workspaceRoute({
    method: "get",
    path: "/releases",
    summary: "The half-years whose figures are released for reviews, the last first",
    query: z.strictObject({}),
    body: null,
    schema: z.array(release),
    answer: ({ workspace }) => workspace.read(releasesOf),
  }),
  workspaceRoute({
    method: "post",
    path: "/releases/:half",
    summary: "Releases the figures of a half-year as they are now: reviews of it are made of this snapshot",
    query: z.strictObject({ half: z.string().meta({ description: "A half-year that is over, as 2016-H2" }) }),
    body: { contentType: "application/json", schema: asked },
    schema: release,
    async answer({ query, body, snapshots, workspace, user, at }) {
      const half = endedHalf(query.half, at);
      const before = await workspace.read((db) => releaseOf(db, halfBefore(half).half));
      const note = body.note.trim();
      const snapshot = await snapshots.use(undefined, async (current) => {
        const incomplete = await incompleteFeeds(current, half);
        if (incomplete.length > 0 && !(body.accept_incomplete && note))
          throw new Problem(
            422,
            `not complete to ${half.end}: ${incomplete.map(({ feed }) => feed).join(", ")}; load what lacks, or accept it with a note`,
            { code: "feeds-incomplete" },
          );
        const restated = before ? await restatedIndicators(current, half, before.at) : [];
        if (restated.length > 0 && !note)
          throw new Problem(
            422,
            `figures were restated since ${before!.half} was released (${restated.join(", ")}); explain them in the note`,
            { code: "restatements-unexplained" },
          );
        return current.manifest.snapshot;
      });
      return workspace.write(async (db) => {
        const pinned = await db.all<{ snapshot: string }>("select distinct snapshot from releases");
        // Kept before it is needed: a name too many does no harm.
        keepSnapshots(workspace.folder, [...pinned.map((each) => each.snapshot), snapshot]);
        await addRelease(db, { half: half.half, snapshot, note }, { name: user.name, at });
        return (await releaseOf(db, half.half))!;
      });
    },
  }),
];
