/** The cookie header of a persona, as somebody gets it who signs in at a server where nobody does so for real. */
export async function signIn(address: string, persona = "control"): Promise<string> {
  const answer = await fetch(`${address}/api/v1/session`, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify({ persona }),
  });
  const cookie = answer.headers.getSetCookie()[0]?.split(";")[0];
  if (answer.status !== 204 || !cookie) throw new Error(`${persona} was not signed in: ${await answer.text()}`);
  return cookie;
}
