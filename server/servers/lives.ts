import type { Route } from "../route.ts";

/** What is answered with what people write, by the pipelines, or of their work: only where that lives. */
const elsewhere: readonly Route["answers"][] = [
  ...(["workspace", "written", "workspaceFile", "pipelines", "operations", "audit"] as const),
];

/** Whether a route is answered by the server that has what people write, and by no other. */
export const livesWithWrites = ({ answers }: Route): boolean => elsewhere.includes(answers);
