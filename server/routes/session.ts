import { z } from "zod";
import type { Route } from "../route.ts";

/** Until there is sign-in, everything is open on loopback, and signing in and out change nothing. */
const session: Route = {
  answers: "nothing",
  path: "/session",
  summary: "Sign in and out",
  query: z.strictObject({}),
  methods: ["post", "delete"],
};

export default [session];
